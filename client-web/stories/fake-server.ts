//! A server in memory that speaks the protocol: for unit tests, and for looking at the screens without the real one.
import type {
  AccountId,
  Card,
  Event,
  Me,
  Member,
  Notice,
  OpenRoom,
  Page,
  Patient,
  Post,
  Refused,
  RoomId,
  SessionSeen,
} from "../../protocol/bindings/protocol.ts";
import type { Answer, Ask, CommandName, Reply } from "../src/wire/frame.ts";
import type { AskHttp } from "../src/wire/http.ts";
import type { Socket } from "../src/wire/link.ts";
import { answerTo } from "./fake-acts.ts";
import { cardOf, type FakeRoom, receiptsOf } from "./fake-room.ts";
import { FakeSocket } from "./fake-socket.ts";

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

  /** Somebody posts. */
  post(room: RoomId, by: AccountId, text: string, more: Partial<Post> = {}): Post {
    const home = this.home(room);
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
    const home = this.home(room);
    const member: Member = { card, state, from_position: 1 };
    home.members = [...home.members.filter((each) => each.card.account !== card.account), member];
    this.#happen(home, { event: "member_changed", room, change: home.log.length + 1, member });
  }

  /** Somebody has read up to a post. */
  read(room: RoomId, account: AccountId, position: number): void {
    const home = this.home(room);
    home.marks.set(account, Math.max(position, home.marks.get(account) ?? 0));
    this.tell({ event: "receipts", room, receipts: [{ account, position }] });
  }

  /** Tells every link. */
  tell(event: Event): void {
    for (const socket of this.#sockets) if (socket.isGreeted) socket.hear(event);
  }

  /** The room as it is told on opening, with its whole history. */
  snapshot(room: RoomId): OpenRoom {
    return this.open(this.home(room), {
      posts: this.home(room).posts,
      more_before: false,
      more_after: false,
    });
  }

  /** The room as it is told on opening, with a part of its history. */
  open(home: FakeRoom, first: Page): OpenRoom {
    const patient = home.card.patient === undefined ? undefined : this.patients.get(home.card.patient);
    return {
      room: cardOf(home, this.signedIn),
      members: home.members,
      receipts: receiptsOf(home),
      page: { ...first, posts: [...first.posts] },
      ...(patient ? { patient } : {}),
    };
  }

  /** Who is signed in. */
  me(): Me | undefined {
    return this.people.find((person) => person.me.account === this.signedIn)?.me;
  }

  /** A room that must be there. */
  home(room: RoomId): FakeRoom {
    const home = this.rooms.get(room);
    if (!home) throw new Error(`no room ${room}`);
    return home;
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
    const me = this.me();
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
    const answer = answerTo(this, name, ask);
    return how?.is === "done_but_silent" ? { is: "lost" } : answer;
  }

  #happen(home: FakeRoom, event: Event): void {
    home.log.push(event);
    this.tell(event);
  }
}
