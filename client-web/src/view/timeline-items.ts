//! The rows of a timeline: days, the unread line, posts, and what is still on its way. Pure.
import type { Millis, Post } from "../../../protocol/bindings/protocol.ts";
import type { Waiting } from "../model/draft.ts";
import type { History } from "../model/history.ts";
import { dayOf } from "../words/dates.ts";

/** One row. */
export type Row =
  | { is: "day"; key: string; at: Millis }
  | { is: "unread"; key: string; count: number }
  | { is: "post"; key: string; post: Post; isUnread: boolean; isNew: boolean }
  | { is: "waiting"; key: string; waiting: Waiting; place: number };

/** When a post was written, as far as anybody says. */
export function writtenAt(post: Post): Millis {
  return post.written_at ?? post.stored_at;
}

/**
 * The rows from top to bottom. `unreadAfter` is how far was read when the room was opened, `readNow` how far by now,
 * `unread` the server's count at opening; one's own posts never start the unread line.
 */
export function rowsOf(
  history: History,
  waiting: readonly Waiting[],
  unreadAfter: number,
  readNow: number,
  me: string,
): Row[] {
  const rows: Row[] = [];
  const lastAtOpening = history.lastAtOpening;
  let day = "";
  let hasLine = false;
  for (const post of history.posts) {
    const ofPost = dayOf(writtenAt(post));
    if (ofPost !== day) {
      rows.push({ is: "day", key: `day ${post.position}`, at: writtenAt(post) });
      day = ofPost;
    }
    const wasUnread =
      post.position > unreadAfter && post.position <= lastAtOpening && post.author.account !== me;
    if (wasUnread && !hasLine && unreadAfter < lastAtOpening) {
      rows.push({ is: "unread", key: "unread", count: lastAtOpening - unreadAfter });
      hasLine = true;
    }
    rows.push({
      is: "post",
      key: post.id,
      post,
      isUnread: post.position > unreadAfter && post.author.account !== me,
      isNew: post.position > readNow,
    });
  }
  // A post that the room shows is saved, even if its own answer has not come yet.
  const shown = new Set(history.posts.map((post) => post.id));
  waiting
    .filter((one) => !shown.has(one.draft.post))
    .forEach((one, index) => {
      rows.push({ is: "waiting", key: one.draft.post, waiting: one, place: index + 1 });
    });
  return rows;
}
