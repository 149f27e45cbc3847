//! Who has read a post (既読): one mark per member says how far; a post is read when the mark has reached it.
import type {
  AccountId,
  Card,
  Member,
  PersonKind,
  Post,
  Receipt,
} from "../../../protocol/bindings/protocol.ts";

/** One reader of a post. */
export type Seen = { card: Card; hasRead: boolean };

/** The readers of a post, its author left out; those who have not read it come first. */
export function readersOf(post: Post, members: readonly Member[], receipts: readonly Receipt[]): Seen[] {
  const marks = new Map(receipts.map((receipt) => [receipt.account, receipt.position]));
  return members
    .filter((member) => mayRead(member, post))
    .map(({ card }) => ({ card, hasRead: (marks.get(card.account) ?? 0) >= post.position }))
    .sort((a, b) => Number(a.hasRead) - Number(b.hasRead));
}

/** How many of some readers have read. */
export function tally(seen: readonly Seen[], kinds?: readonly PersonKind[]): { read: number; all: number } {
  const counted = kinds ? seen.filter(({ card }) => kinds.includes(card.kind)) : seen;
  return { read: counted.filter((one) => one.hasRead).length, all: counted.length };
}

/** Accounts that read a room now. */
export function present(members: readonly Member[]): Member[] {
  return members.filter((member) => member.state === "member");
}

/** Members by office, patient and family first, in the order they joined; the reader herself leads her office. */
export function byOffice(
  members: readonly Member[],
  me: AccountId,
): { office: string | undefined; kind: PersonKind; cards: Card[] }[] {
  const groups = new Map<string, { office: string | undefined; kind: PersonKind; cards: Card[] }>();
  for (const { card } of present(members)) {
    const isStaff = card.kind === "staff";
    const key = isStaff ? `office ${card.office ?? ""}` : "family";
    const group = groups.get(key) ?? {
      office: isStaff ? card.office : undefined,
      kind: isStaff ? ("staff" as const) : ("family" as const),
      cards: [],
    };
    if (card.account === me) group.cards.unshift(card);
    else group.cards.push(card);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  const isMine = (group: { cards: Card[] }) => group.cards[0]?.account === me;
  return all.sort(
    (a, b) =>
      Number(a.kind === "staff") - Number(b.kind === "staff") || Number(isMine(b)) - Number(isMine(a)),
  );
}

function mayRead(member: Member, post: Post): boolean {
  return (
    member.state === "member" &&
    member.card.account !== post.author.account &&
    member.from_position <= post.position
  );
}
