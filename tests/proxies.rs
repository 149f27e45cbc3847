//! Behind a proxy that the settings name, each client is a source of its own; nobody else says where she comes from.

use crate::harness::{Engine, RawAnswer, Server, promise, raw_http_over, tcp_from};
use futures_util::future::join_all;
use serde_json::json;

const PROXY: u8 = 2;
const STRANGER: u8 = 3;
/// Names that one source may fail with in a minute.
const NAMES: u8 = 30;

/// A sign-in that fails, from an address of this machine, for one of many names that nobody has.
async fn fails(server: &Server, last: u8, name: u8, headers: &[(&str, &str)]) -> RawAnswer {
    let body = json!({ "email": format!("nobody-{name}@demo.example"), "password": "x" }).to_string();
    let headers = [&[("content-type", "application/json")], headers].concat();
    let tcp = tcp_from(server, last).await.expect("a connection");
    let stream = server.shake_hands(tcp).await.expect("a handshake");
    let start = "POST /api/v1/accounts.sign_in";
    raw_http_over(server, stream, start, &headers, body.as_bytes()).await.expect("an answer")
}

/// Uses up what one source may try, with a header for each name.
async fn uses_up(server: &Server, last: u8, header: impl Fn(u8) -> (&'static str, String)) -> Vec<String> {
    let one = async |name| {
        let (header, value) = header(name);
        fails(server, last, name, &[(header, &value)]).await.code()
    };
    join_all((0..NAMES).map(one)).await
}

promise! {
    async fn two_clients_behind_a_proxy_are_two_and_a_stranger_is_one_whatever_she_writes(engine: Engine) {
        let server = Server::start_as(engine, |setup| {
            let proxies = ("TSUMUGI__TRUSTED_PROXIES".to_owned(), format!("127.0.0.{PROXY},fd00::/64"));
            setup.environment = vec![proxies];
        })
        .await;
        let told = uses_up(&server, PROXY, |_| ("x-forwarded-for", "203.0.113.9, 192.0.2.1".to_owned())).await;
        assert!(told.iter().all(|code| code == "sign_in_failed"), "{told:?}");
        for (headers, code) in [
            (&[("x-forwarded-for", "192.0.2.1")][..], "rate_limited"),
            // What the client wrote before the proxy does not make her another.
            (&[("x-forwarded-for", "198.51.100.7, 192.0.2.1")], "rate_limited"),
            (&[("forwarded", "for=\"192.0.2.1:4711\";proto=https")], "rate_limited"),
            (&[("forwarded", "for=198.51.100.7"), ("forwarded", "for=192.0.2.1")], "rate_limited"),
            (&[("x-forwarded-for", "192.0.2.2")], "sign_in_failed"),
            (&[("forwarded", "for=\"[2001:db8::1]\"")], "sign_in_failed"),
            // What cannot be read, and what is said in two ways, is the proxy's own.
            (&[("x-forwarded-for", "unknown")], "sign_in_failed"),
            (&[("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=198.51.100.7")], "sign_in_failed"),
            (&[], "sign_in_failed"),
        ] {
            assert_eq!(fails(&server, PROXY, 77, headers).await.code(), code, "{headers:?}");
        }

        // A new address in each header, and it is still one who asks.
        let told = uses_up(&server, STRANGER, |name| ("x-forwarded-for", format!("192.0.2.{}", 100 + name))).await;
        assert!(told.iter().all(|code| code == "sign_in_failed"), "{told:?}");
        for headers in [
            &[][..],
            &[("x-forwarded-for", "192.0.2.200")],
            &[("forwarded", "for=192.0.2.200")],
            &[("x-forwarded-for", "127.0.0.2")],
        ] {
            assert_eq!(fails(&server, STRANGER, 77, headers).await.code(), "rate_limited", "{headers:?}");
        }
    }
}
