//! A room of the fake server, and what the real one would tell of it.
import {
  type AccountId,
  type Event,
  LIMITS,
  type Member,
  type Page,
  type Post,
  type Preview,
  type Receipt,
  type RoomCard,
  type Since,
} from "../../protocol/bindings/protocol.ts";
import type { Ask } from "../src/wire/frame.ts";

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

/** Somebody's place in a room. */
export function membershipOf(home: FakeRoom, me: AccountId | undefined): Member | undefined {
  return home.members.find((each) => each.card.account === me && each.state !== "left");
}

/** Where a member begins to read. */
export function firstPage(home: FakeRoom, me: AccountId | undefined): Page {
  const read = home.marks.get(me ?? "") ?? 0;
  return page(home.posts, {
    room: home.card.id,
    at: read < home.posts.length ? { around: read + 1 } : "end",
  });
}

/** A room as one of its members finds it in her list. */
export function cardOf(home: FakeRoom, me: AccountId | undefined): RoomCard {
  const mine = membershipOf(home, me);
  const last = home.posts.at(-1);
  const read = home.marks.get(me ?? "") ?? 0;
  const other =
    home.card.kind === "connection" ? home.members.find((each) => each.card.account !== me)?.card : undefined;
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

/** Who will read a post, and what was found in it. */
export function previewOf(home: FakeRoom, me: AccountId, now: number): Preview {
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
      ...(card.mark === undefined ? {} : { mark: card.mark }),
    });
    groups.set(key, group);
  }
  return {
    readers: [...groups.values()],
    count: countOf(others),
    findings: [],
    token: others
      .map((each) => each.card.account)
      .sort()
      .join(" "),
    expires_at: now + 600_000,
  };
}

/** Who has read how far. */
export function receiptsOf(home: FakeRoom): Receipt[] {
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
