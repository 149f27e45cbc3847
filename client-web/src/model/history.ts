//! A room that was opened: its people, and a gap-free window of its history. Pure: state and news in, state out.
import type {
  Change,
  Event,
  Member,
  MemberList,
  OpenRoom,
  Page,
  Patient,
  Post,
  Receipt,
  RoomId,
  Since,
} from "../../../protocol/bindings/protocol.ts";

/** What is known of an opened room. */
export type History = {
  readonly room: RoomId;
  readonly aim: string | undefined;
  readonly patient: Patient | undefined;
  readonly members: readonly Member[];
  readonly receipts: readonly Receipt[];
  /** Neighbours by position, oldest first. */
  readonly posts: readonly Post[];
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;
  /** Everything up to this change is known. */
  readonly change: Change;
  /** The newest change heard of; beyond `change` something was missed. */
  readonly heard: Change;
  /** How far the reader had read when the room was opened: the unread line stands after it. */
  readonly readAtOpening: number;
  /** The newest post when the room was opened: what comes later is new, not unread from before. */
  readonly lastAtOpening: number;
};

/** The history as the server tells it on opening. */
export function opened(open: OpenRoom): History {
  return {
    room: open.room.id,
    aim: open.room.aim,
    patient: open.patient,
    members: open.members,
    receipts: open.receipts,
    posts: open.page.posts,
    moreBefore: open.page.more_before,
    moreAfter: open.page.more_after,
    change: open.room.change,
    heard: open.room.change,
    readAtOpening: open.room.read_position,
    lastAtOpening: open.room.last_position,
  };
}

/** The room comes to the screen again: the unread line stands where reading had stopped. */
export function lookedAtAgain(history: History, readPosition: number, lastPosition: number): History {
  return { ...history, readAtOpening: readPosition, lastAtOpening: lastPosition };
}

/** Something was missed: the server must be asked what changed since `change`. */
export function isBehind(history: History): boolean {
  return history.heard > history.change;
}

/** Takes an event of this room. A change out of turn is only noted; asking for what was missed brings it. */
export function apply(history: History, event: Event): History {
  switch (event.event) {
    case "posted":
      return inTurn(history, event.change, (now) => withPost(now, event.post));
    case "member_changed":
      return inTurn(history, event.change, (now) => ({
        ...now,
        members: withMember(now.members, event.member),
      }));
    case "room_changed":
    case "consent_changed":
      return inTurn(history, event.change, (now) => now);
    case "receipts":
      return { ...history, receipts: withReceipts(history.receipts, event.receipts) };
    case "room_added":
    case "read":
    case "noticed":
    case "behind":
      return history;
  }
}

/** Notes that the room has moved on to a change. */
export function heardOf(history: History, change: Change): History {
  return change > history.heard ? { ...history, heard: change } : history;
}

/** Takes the answer to what changed since. An answer to an older question than we know changes nothing. */
export function caughtUp(history: History, since: Since): History {
  if (since.upto < history.change) return history;
  const posts = since.posts.filter((post) => post.change > history.change);
  const now = posts.reduce(withPost, history);
  return {
    ...now,
    members: since.members ?? now.members,
    change: since.upto,
    heard: since.more ? Math.max(now.heard, since.upto + 1) : Math.max(now.heard, since.upto),
  };
}

/** Takes a page of older posts. */
export function older(history: History, page: Page): History {
  const first = history.posts[0]?.position ?? Number.POSITIVE_INFINITY;
  const before = page.posts.filter((post) => post.position < first);
  return { ...history, posts: [...before, ...history.posts], moreBefore: page.more_before };
}

/** Takes a page of newer posts. */
export function newer(history: History, page: Page): History {
  const last = history.posts.at(-1)?.position ?? 0;
  const after = page.posts.filter((post) => post.position > last);
  return { ...history, posts: [...history.posts, ...after], moreAfter: page.more_after };
}

/** Looks at another part of the history. */
export function elsewhere(history: History, page: Page): History {
  return { ...history, posts: page.posts, moreBefore: page.more_before, moreAfter: page.more_after };
}

/** Takes members and receipts read anew. */
export function withPeople(history: History, people: MemberList): History {
  return { ...history, members: people.members, receipts: withReceipts(history.receipts, people.receipts) };
}

function inTurn(history: History, change: Change, take: (now: History) => History): History {
  if (change <= history.change) return history;
  if (change > history.change + 1) return heardOf(history, change);
  return { ...take(history), change, heard: Math.max(history.heard, change) };
}

/** A post takes its place in the window, or marks that there is more beyond it. */
function withPost(history: History, post: Post): History {
  const { posts } = history;
  const first = posts[0];
  const last = posts.at(-1);
  if (first && last && post.position <= last.position) {
    if (post.position < first.position) return history;
    return { ...history, posts: posts.map((each) => (each.position === post.position ? post : each)) };
  }
  const isNext = last ? post.position === last.position + 1 : !history.moreBefore;
  return isNext && !history.moreAfter
    ? { ...history, posts: [...posts, post] }
    : { ...history, moreAfter: true };
}

function withMember(members: readonly Member[], member: Member): readonly Member[] {
  const isKnown = members.some((each) => each.card.account === member.card.account);
  return isKnown
    ? members.map((each) => (each.card.account === member.card.account ? member : each))
    : [...members, member];
}

function withReceipts(known: readonly Receipt[], news: readonly Receipt[]): readonly Receipt[] {
  const marks = new Map(known.map((receipt) => [receipt.account, receipt.position]));
  for (const { account, position } of news) marks.set(account, Math.max(position, marks.get(account) ?? 0));
  return [...marks].map(([account, position]) => ({ account, position }));
}
