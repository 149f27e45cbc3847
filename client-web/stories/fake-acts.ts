//! What the fake server does when it is asked.
import type { RoomId } from "../../protocol/bindings/protocol.ts";
import type { Answer, Ask, CommandName } from "../src/wire/frame.ts";
import { confirm, no, saved, yes } from "./fake-answers.ts";
import { connect, createFree } from "./fake-openings.ts";
import { cardOf, firstPage, membershipOf, page, previewOf, receiptsOf, since } from "./fake-room.ts";
import type { FakeServer } from "./fake-server.ts";

/** Does what is asked. */
export function answerTo(server: FakeServer, name: CommandName, ask: unknown): Answer<unknown> {
  if (name === "accounts.sign_in") {
    const { email, password } = ask as Ask<"accounts.sign_in">;
    const person = server.people.find((each) => each.email === email && each.password === password);
    if (!person) return no("sign_in_failed", "メールアドレスかパスワードが違うか、今は入れません。");
    server.signedIn = person.me.account;
    return yes({ me: person.me });
  }
  if (name === "service.about")
    return yes({ official: "https://tsumugi.example", terms: "1", passkey_alone: false });
  const me = server.me();
  if (!me) return no("signed_out", "ログインしていません。");
  const room = (ask as { room?: RoomId }).room;
  const home = room === undefined ? undefined : server.rooms.get(room);
  switch (name) {
    case "accounts.sign_out":
      server.signedIn = undefined;
      return yes({});
    case "accounts.me":
      return yes(me);
    case "time.now":
      return yes({ now: server.now() });
    case "rooms.focus":
    case "accounts.stay":
      return yes({});
    case "notices.list":
      return yes({
        notices: server.notices,
        unseen: server.notices.filter((one) => !one.seen).length,
        more: false,
      });
    case "notices.seen":
      server.notices = server.notices.map((one) => ({ ...one, seen: true }));
      return yes({});
    case "incidents.report_mine":
      server.signedIn = undefined;
      server.cut(4420);
      return yes({});
    case "passkeys.prove_begin":
      return yes({ ceremony: "ceremony", options: {} });
    case "accounts.prove":
    case "passkeys.prove_finish":
      return yes({ me });
    case "passkeys.recovery_open":
      return yes({ case: "case" });
    case "sessions.list":
      return yes({ sessions: server.sessions });
    case "sessions.end":
      server.sessions = server.sessions.filter((one) => one.session !== (ask as Ask<"sessions.end">).session);
      return yes({});
    case "sessions.end_others":
      server.sessions = server.sessions.filter((one) => one.is_this);
      return yes({});
    case "rooms.list": {
      const mine = [...server.rooms.values()].filter(
        (each) => membershipOf(each, server.signedIn) !== undefined,
      );
      const patients = new Set(mine.map((each) => each.card.patient));
      return yes({
        patients: [...server.patients.values()].filter((patient) => patients.has(patient.id)),
        rooms: mine.map((each) => cardOf(each, server.signedIn)),
      });
    }
    case "posts.send":
      return send(server, ask as Ask<"posts.send">);
    case "rooms.create_free":
      return createFree(server, ask as Ask<"rooms.create_free">, me);
    case "rooms.connect":
      return connect(server, ask as Ask<"rooms.connect">, me);
    default:
      break;
  }
  if (!home) return no("not_found", "見つかりません。参加していない部屋は、ここに出ません。");
  switch (name) {
    case "rooms.open":
      return yes(server.open(home, firstPage(home, server.signedIn)));
    case "rooms.page":
      return yes(page(home.posts, ask as Ask<"rooms.page">));
    case "rooms.since":
      return yes(since(home, ask as Ask<"rooms.since">));
    case "rooms.read": {
      const { position } = ask as Ask<"rooms.read">;
      home.marks.set(me.account, Math.max(position, home.marks.get(me.account) ?? 0));
      return yes({});
    }
    case "members.list":
      return yes({ members: home.members, receipts: receiptsOf(home) });
    case "rooms.accept": {
      const mine = home.members.find((each) => each.card.account === me.account);
      if (mine) server.member(home.card.id, mine.card);
      home.state = "active";
      return yes({ room: home.card.id, state: home.state, change: home.log.length });
    }
    case "posts.preview":
      return yes(previewOf(home, me.account, server.now()));
    default:
      return no("unknown_command", "この操作はありません。");
  }
}

function send(server: FakeServer, { draft, token }: Ask<"posts.send">): Answer<unknown> {
  const home = server.home(draft.room);
  server.sends.push(draft.text);
  const known = home.posts.find((post) => post.id === draft.post);
  if (known) return yes(saved(known));
  const me = server.me()?.account ?? "";
  if (token === undefined) return confirm("missing");
  if (token !== previewOf(home, me, server.now()).token) return confirm("changed");
  const more = { id: draft.post, ...(draft.reply_to === undefined ? {} : { reply_to: draft.reply_to }) };
  return yes(saved(server.post(draft.room, me, draft.text, more)));
}
