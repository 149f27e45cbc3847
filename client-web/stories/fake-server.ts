//! A server in memory that speaks the protocol: for unit tests, and for looking at the screens without the real one.
import {
  type AccountId,
  type Card,
  type Event,
  LIMITS,
  type Me,
  type Member,
  type Notice,
  type OpenRoom,
  type Page,
  type Patient,
  type Post,
  type Preview,
  type Receipt,
  type Refused,
  type RoomCard,
  type RoomId,
  type SessionSeen,
  type Since,
  type Unconfirmed,
} from "../../protocol/bindings/protocol.ts";
import type { Answer, Ask, CommandName, Reply } from "../src/wire/frame.ts";
import type { AskHttp } from "../src/wire/http.ts";
import type { Socket } from "../src/wire/link.ts";

/** A room as the fake keeps it. */
export type FakeRoom = {
  card: Omit<
    RoomCard,
    | "change"
    | "last_position"
    | "read_position"
    | "unread"
    | "last"
    | "readers"
    | "membership"
    | "other"
    | "state"
  >;
  state: RoomCard["state"];
  aim?: string;
  members: Member[];
  posts: Post[];
  marks: Map<AccountId, number>;
  /** Every numbered change: what a member must be told. */
  log: Event[];
};

/** A person who can sign in. */
export type FakePerson = { me: Me; email: string; password: string };

type Failure = { is: "refused"; refused: Refused } | { is: "silent" } | { is: "done_but_silent" };

/** The fake. */
export class FakeServer {
  people: FakePerson[] = [];
  patients = new Map<string, Patient>();
  rooms = new Map<RoomId, FakeRoom>();
  signedIn: AccountId | undefined;
  /** Not reachable: sockets fail to open, HTTP is lost. */
  isDown = false;
  now: () => number;
  /** Posts saved, in order, with how often they were sent. */
  sends: string[] = [];
  /** Where the person is signed in. */
  sessions: SessionSeen[] = [];
  /** What the person is told about her account. */
  notices: Notice[] = [];
  /** Every command that came, by name. */
  asked: CommandName[] = [];
  #sockets = new Set<FakeSocket>();
  #failures: { name: CommandName; how: Failure }[] = [];
  #findings: Preview["findings"] = [];

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** What a client uses for HTTP. */
  http: AskHttp = async (name, ask) => {
    await Promise.resolve();
    if (this.isDown) return { is: "lost" };
    return this.#answer(name, ask) as Answer<Reply<typeof name>>;
  };

  /** What a client uses as WebSocket. */
  socket = (): Socket => {
    const socket = new FakeSocket(this);
    queueMicrotask(() => {
      if (this.isDown || this.signedIn === undefined) socket.fall(1006);
      else {
        this.#sockets.add(socket);
        socket.onopen?.();
      }
    });
    return socket;
  };

  /** Cuts every link. */
  cut(code = 1006, reason = ""): void {
    for (const socket of [...this.#sockets]) {
      this.#sockets.delete(socket);
      socket.fall(code, reason);
    }
  }

  /** The next ask of this name fails. */
  fail(name: CommandName, how: Failure): void {
    this.#failures.push({ name, how });
  }

  /** What previews will warn of. */
  warn(findings: Preview["findings"]): void {
    this.#findings = findings;
  }

  /** Somebody posts. */
  post(room: RoomId, by: AccountId, text: string, more: Partial<Post> = {}): Post {
    const home = this.#home(room);
    const member = home.members.find((each) => each.card.account === by);
    if (!member) throw new Error(`${by} is not in ${room}`);
    const post: Post = {
      id: `post-${room}-${home.posts.length + 1}`,
      room,
      position: home.posts.length + 1,
      change: home.log.length + 1,
      author: member.card,
      stored_at: this.now(),
      content: { kind: "text", text },
      ...more,
    };
    home.posts.push(post);
    this.#happen(home, { event: "posted", change: post.change, post });
    return post;
  }

  /** Somebody joins or leaves. */
  member(room: RoomId, card: Card, state: Member["state"] = "member"): void {
    const home = this.#home(room);
    const member: Member = { card, state, from_position: 1 };
    home.members = [...home.members.filter((each) => each.card.account !== card.account), member];
    this.#happen(home, { event: "member_changed", room, change: home.log.length + 1, member });
  }

  /** Somebody has read up to a post. */
  read(room: RoomId, account: AccountId, position: number): void {
    const home = this.#home(room);
    home.marks.set(account, Math.max(position, home.marks.get(account) ?? 0));
    this.tell({ event: "receipts", room, receipts: [{ account, position }] });
  }

  /** Tells every link. */
  tell(event: Event): void {
    for (const socket of this.#sockets) if (socket.isGreeted) socket.hear(event);
  }

  /** The room as it is told on opening, with its whole history. */
  snapshot(room: RoomId): OpenRoom {
    return this.#open(this.#home(room), {
      posts: this.#home(room).posts,
      more_before: false,
      more_after: false,
    });
  }

  /** Takes a frame from a socket. */
  take(socket: FakeSocket, text: string): void {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== "object" || frame === null) return;
    if ("hello" in frame) {
      this.#greet(socket, frame.hello as { rooms?: { room: RoomId; change: number }[] });
      return;
    }
    const { id, do: name, ask } = frame as { id: number; do: CommandName; ask: never };
    queueMicrotask(() => {
      const answer = this.#answer(name, ask);
      if (answer.is === "ok") socket.hear({ id, ok: answer.ok });
      if (answer.is === "refused") socket.hear({ id, refused: answer.refused });
    });
  }

  /** A socket was closed by its client. */
  leave(socket: FakeSocket): void {
    this.#sockets.delete(socket);
  }

  #greet(socket: FakeSocket, hello: { rooms?: { room: RoomId; change: number }[] }): void {
    const me = this.#me();
    if (!me) return;
    const known = hello.rooms ?? [];
    const stale = known.flatMap(({ room, change }) => {
      const home = this.rooms.get(room);
      return home && home.log.length > change
        ? [{ room, change: home.log.length, last_position: home.posts.length }]
        : [];
    });
    const gone = known.filter(({ room }) => !this.rooms.has(room)).map(({ room }) => room);
    queueMicrotask(() => {
      socket.isGreeted = true;
      socket.hear({ welcome: { protocol: 1, server: "fake", now: this.now(), me, stale, gone } });
    });
  }

  #answer<Name extends CommandName>(name: Name, ask: Ask<Name>): Answer<unknown> {
    this.asked.push(name);
    const planned = this.#failures.findIndex((failure) => failure.name === name);
    const how = planned < 0 ? undefined : this.#failures.splice(planned, 1)[0]?.how;
    if (how?.is === "refused") return how;
    if (how?.is === "silent") return { is: "lost" };
    const answer = this.#do(name, ask);
    return how?.is === "done_but_silent" ? { is: "lost" } : answer;
  }

  #do(name: CommandName, ask: unknown): Answer<unknown> {
    if (name === "accounts.sign_in") {
      const { email, password } = ask as Ask<"accounts.sign_in">;
      const person = this.people.find((each) => each.email === email && each.password === password);
      if (!person) return no("sign_in_failed", "メールアドレスかパスワードが違うか、今は入れません。");
      this.signedIn = person.me.account;
      return yes({ me: person.me });
    }
    if (name === "service.about") return yes({ official: "https://tsumugi.example", terms: "1" });
    const me = this.#me();
    if (!me) return no("signed_out", "ログインしていません。");
    const room = (ask as { room?: RoomId }).room;
    const home = room === undefined ? undefined : this.rooms.get(room);
    switch (name) {
      case "accounts.sign_out":
        this.signedIn = undefined;
        return yes({});
      case "accounts.me":
        return yes(me);
      case "time.now":
        return yes({ now: this.now() });
      case "rooms.focus":
      case "accounts.stay":
        return yes({});
      case "notices.list":
        return yes({
          notices: this.notices,
          unseen: this.notices.filter((one) => !one.seen).length,
          more: false,
        });
      case "notices.seen":
        this.notices = this.notices.map((one) => ({ ...one, seen: true }));
        return yes({});
      case "incidents.report_mine":
        this.signedIn = undefined;
        this.cut(4420);
        return yes({});
      case "passkeys.prove_begin":
        return yes({ ceremony: "ceremony", options: {} });
      case "passkeys.prove_finish":
        return yes({ me });
      case "passkeys.recovery_open":
        return yes({ case: "case" });
      case "sessions.list":
        return yes({ sessions: this.sessions });
      case "sessions.end":
        this.sessions = this.sessions.filter((one) => one.session !== (ask as Ask<"sessions.end">).session);
        return yes({});
      case "sessions.end_others":
        this.sessions = this.sessions.filter((one) => one.is_this);
        return yes({});
      case "rooms.list": {
        const mine = [...this.rooms.values()].filter((each) => this.#membership(each) !== undefined);
        const patients = new Set(mine.map((each) => each.card.patient));
        return yes({
          patients: [...this.patients.values()].filter((patient) => patients.has(patient.id)),
          rooms: mine.map((each) => this.#card(each)),
        });
      }
      case "posts.send":
        return this.#send(ask as Ask<"posts.send">);
      case "rooms.create_free":
        return this.#createFree(ask as Ask<"rooms.create_free">, me);
      case "rooms.connect":
        return this.#connect(ask as Ask<"rooms.connect">, me);
      default:
        break;
    }
    if (!home) return no("not_found", "見つかりません。参加していない部屋は、ここに出ません。");
    switch (name) {
      case "rooms.open":
        return yes(this.#open(home, this.#firstPage(home)));
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
        return yes({ members: home.members, receipts: receipts(home) });
      case "rooms.accept": {
        const mine = home.members.find((each) => each.card.account === me.account);
        if (mine) this.member(home.card.id, mine.card);
        home.state = "active";
        return yes({ room: home.card.id, state: home.state, change: home.log.length });
      }
      case "posts.preview":
        return yes(this.#preview(home, me.account));
      default:
        return no("unknown_command", "この操作はありません。");
    }
  }

  #send({ draft, token, acknowledged }: Ask<"posts.send">): Answer<unknown> {
    const home = this.#home(draft.room);
    this.sends.push(draft.text);
    const known = home.posts.find((post) => post.id === draft.post);
    if (known) return yes(saved(known));
    const me = this.#me()?.account ?? "";
    if (token === undefined) return confirm("missing");
    if (token !== this.#preview(home, me).token) return confirm("changed");
    if (!this.#findings.every((finding) => acknowledged?.includes(finding.code))) return confirm("missing");
    const more = { id: draft.post, ...(draft.reply_to === undefined ? {} : { reply_to: draft.reply_to }) };
    return yes(saved(this.post(draft.room, me, draft.text, more)));
  }

  #createFree({ room, title, aim, invite = [] }: Ask<"rooms.create_free">, me: Me): Answer<unknown> {
    if (aim.trim() === "") return no("aim_missing", "自由グループには目的が必要です。");
    if (title.trim() === "" || [...title].length > 100) {
      const refused = refusal("bad_field", "「title」の値が正しくありません。", {
        params: { field: "title" },
      });
      return { is: "refused", refused };
    }
    if (!me.affiliations.some((one) => one.roles.includes("office_admin")))
      return no("group_admin_only", "自由グループを作れるのは、事業所の管理者です。");
    const known = this.rooms.get(room);
    if (known) {
      return known.card.title === title && known.aim === aim
        ? yes({ room, state: "active", change: 1 })
        : no("id_taken", "この番号は、ほかの内容にもう使われています。");
    }
    const cards = invite.map((account) => this.#acquaintance(me.account, account));
    if (cards.some((card) => card === undefined)) return no("not_found", "見つかりません。");
    const members = cards.flatMap((card) => (card ? [card] : []));
    this.#found({ id: room, kind: "free_group", title, aim }, "active", me, members);
    return yes({ room, state: "active", change: 1 });
  }

  #connect({ room, with: account }: Ask<"rooms.connect">, me: Me): Answer<unknown> {
    const other = this.#acquaintance(me.account, account);
    if (!other) return no("not_found", "見つかりません。");
    const known = [...this.rooms.values()].find(
      (home) =>
        home.card.kind === "connection" &&
        [me.account, account].every((one) => home.members.some((member) => member.card.account === one)),
    );
    if (known) return yes({ room: known.card.id, state: known.state, change: known.log.length });
    this.#found({ id: room, kind: "connection" }, "proposed", me, [other]);
    return yes({ room, state: "proposed", change: 1 });
  }

  /** A new room of the person signed in, who asks others in. */
  #found(
    { aim, ...card }: { id: RoomId; kind: RoomCard["kind"]; title?: string; aim?: string },
    state: RoomCard["state"],
    me: Me,
    others: Card[],
  ): void {
    const mine = this.#cardOf(me.account);
    if (!mine) throw new Error(`${me.name} has no card`);
    this.rooms.set(card.id, {
      card: { ...card, region: me.regions[0]?.region ?? "" },
      state,
      ...(aim === undefined ? {} : { aim }),
      members: [
        { card: mine, state: "member", from_position: 1 },
        ...others.map((other): Member => ({ card: other, state: "invited", from_position: 1 })),
      ],
      posts: [],
      marks: new Map(),
      log: [],
    });
    this.tell({ event: "room_added", room: card.id });
  }

  #acquaintance(one: AccountId, other: AccountId): Card | undefined {
    const isIn = (home: FakeRoom, account: AccountId) =>
      home.members.some((member) => member.card.account === account && member.state === "member");
    const shared = [...this.rooms.values()].find((home) => isIn(home, one) && isIn(home, other));
    return shared?.members.find((member) => member.card.account === other)?.card;
  }

  #cardOf(account: AccountId): Card | undefined {
    return this.people.find((person) => person.me.account === account)?.me.affiliations[0]?.card;
  }

  #preview(home: FakeRoom, me: AccountId): Preview {
    const others = home.members.filter((each) => each.state === "member" && each.card.account !== me);
    const groups = new Map<string, Preview["readers"][number]>();
    for (const { card } of [...others].sort(familyFirst)) {
      const key = card.kind === "staff" ? (card.office ?? "") : card.kind;
      const group = groups.get(key) ?? {
        kind: card.kind,
        people: [],
        ...(card.office === undefined ? {} : { office: card.office }),
      };
      group.people.push({
        account: card.account,
        name: card.name,
        occupation: card.occupation,
        ...(card.relation === undefined ? {} : { relation: card.relation }),
      });
      groups.set(key, group);
    }
    return {
      readers: [...groups.values()],
      count: countOf(others),
      findings: this.#findings,
      token: others
        .map((each) => each.card.account)
        .sort()
        .join(" "),
      expires_at: this.now() + 600_000,
    };
  }

  #card(home: FakeRoom): RoomCard {
    const mine = this.#membership(home);
    const last = home.posts.at(-1);
    const read = home.marks.get(this.signedIn ?? "") ?? 0;
    const other =
      home.card.kind === "connection"
        ? home.members.find((each) => each.card.account !== this.signedIn)?.card
        : undefined;
    return {
      ...home.card,
      state: home.state,
      membership: mine?.state ?? "left",
      readers: countOf(home.members.filter((each) => each.state === "member")),
      change: home.log.length,
      last_position: home.posts.length,
      read_position: read,
      unread: home.posts.length - read,
      ...(other ? { other } : {}),
      ...(home.aim === undefined ? {} : { aim: home.aim }),
      ...(last && last.content.kind === "text"
        ? {
            last: {
              by: last.author.name,
              text: [...last.content.text.replaceAll("\n", " ")].slice(0, LIMITS.lastChars).join(""),
              at: last.written_at ?? last.stored_at,
            },
          }
        : {}),
    };
  }

  #firstPage(home: FakeRoom): Page {
    const read = home.marks.get(this.signedIn ?? "") ?? 0;
    return page(home.posts, {
      room: home.card.id,
      at: read < home.posts.length ? { around: read + 1 } : "end",
    });
  }

  #open(home: FakeRoom, first: Page): OpenRoom {
    const patient = home.card.patient === undefined ? undefined : this.patients.get(home.card.patient);
    return {
      room: this.#card(home),
      members: home.members,
      receipts: receipts(home),
      page: { ...first, posts: [...first.posts] },
      ...(patient ? { patient } : {}),
    };
  }

  #happen(home: FakeRoom, event: Event): void {
    home.log.push(event);
    this.tell(event);
  }

  #membership(home: FakeRoom): Member | undefined {
    return home.members.find((each) => each.card.account === this.signedIn && each.state !== "left");
  }

  #me(): Me | undefined {
    return this.people.find((person) => person.me.account === this.signedIn)?.me;
  }

  #home(room: RoomId): FakeRoom {
    const home = this.rooms.get(room);
    if (!home) throw new Error(`no room ${room}`);
    return home;
  }
}

/** A socket of the fake. */
export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  isGreeted = false;
  #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  send(text: string): void {
    this.#server.take(this, text);
  }

  close(): void {
    this.#server.leave(this);
  }

  /** The server says something. */
  hear(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The socket falls. */
  fall(code: number, reason = ""): void {
    this.onclose?.({ code, reason });
  }
}

/** A page of a history, as the server would cut it. */
export function page(posts: readonly Post[], { at, limit = 50 }: Ask<"rooms.page">): Page {
  let from = 0;
  if (at === "end") from = Math.max(0, posts.length - limit);
  else if ("before" in at) from = Math.max(0, at.before - 1 - limit);
  else if ("after" in at) from = at.after;
  else from = Math.max(0, at.around - 1 - Math.floor(limit / 2));
  const to = typeof at === "object" && "before" in at ? at.before - 1 : from + limit;
  const cut = posts.slice(from, to);
  return { posts: cut, more_before: from > 0, more_after: from + cut.length < posts.length };
}

/** What changed since a change, as the server would say it. */
export function since(home: FakeRoom, { change, limit = 50 }: Ask<"rooms.since">): Since {
  const news = home.log.slice(change, change + limit);
  const upto = change + news.length;
  const hasMembers = news.some((event) => event.event === "member_changed");
  return {
    posts: news.flatMap((event) => (event.event === "posted" ? [event.post] : [])),
    upto,
    last_position: home.posts.length,
    more: upto < home.log.length,
    ...(hasMembers ? { members: [...home.members] } : {}),
  };
}

/** A refusal in short. */
export function refusal(code: string, sentence = code, more: Partial<Refused> = {}): Refused {
  return { code, sentence, next: "", ...more };
}

function yes(ok: unknown): Answer<unknown> {
  return { is: "ok", ok };
}

function no(code: string, sentence: string): Answer<unknown> {
  return { is: "refused", refused: refusal(code, sentence) };
}

function confirm(why: Unconfirmed): Answer<unknown> {
  const refused = refusal("confirm_required", "投稿の前に、読む人と内容の確認が必要です。", {
    params: { why },
  });
  return { is: "refused", refused };
}

function saved(post: Post): Reply<"posts.send"> {
  return { state: "saved", position: post.position, change: post.change, stored_at: post.stored_at };
}

function receipts(home: FakeRoom): Receipt[] {
  return [...home.marks].map(([account, position]) => ({ account, position }));
}

function countOf(members: readonly Member[]): RoomCard["readers"] {
  const count = { staff: 0, family: 0, patient: 0 };
  for (const { card } of members) count[card.kind] += 1;
  return count;
}

function familyFirst(a: Member, b: Member): number {
  return Number(a.card.kind === "staff") - Number(b.card.kind === "staff");
}
