//! What every answer says to a browser, so that no other page reads, frames or feeds ours.

use crate::harness::{Engine, Server, promise, raw_http, shared};
use std::collections::BTreeSet;

promise! {
    async fn every_answer_keeps_other_pages_out(server: &Server) {
        for start in ["GET /", "GET /sign-in", "GET /healthz", "GET /api/docs", "GET /nothing/here.txt", "PUT /", "POST /api/v1/accounts.me", "POST /api/v1/rooms.burn"] {
            let headers = [("content-type", "application/json"), ("origin", "https://evil.example")];
            let answer = raw_http(server, start, &headers, b"{}").await.expect("an answer");
            let said = |name: &str| answer.header(name).unwrap_or_else(|| panic!("{start}: no {name}")).to_owned();
            let policy = said("content-security-policy");
            let parts: BTreeSet<&str> = policy.split(';').map(str::trim).collect();
            for part in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "style-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"] {
                assert!(parts.contains(part), "{start}: {part} in {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("x-frame-options", "DENY"),
            ] {
                assert_eq!(said(name), value, "{start}: {name}");
            }
            for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
                assert_eq!(answer.header(name), None, "{start}: nobody else is let read it");
            }
        }
    }
}
