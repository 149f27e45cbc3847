//! The fake server's answers in short.
import type { Post, Refused, Unconfirmed } from "../../protocol/bindings/protocol.ts";
import type { Answer, Reply } from "../src/wire/frame.ts";

/** A refusal in short. */
export function refusal(code: string, sentence = code, more: Partial<Refused> = {}): Refused {
  return { code, sentence, next: "", ...more };
}

/** It was done. */
export function yes(ok: unknown): Answer<unknown> {
  return { is: "ok", ok };
}

/** It was not. */
export function no(code: string, sentence: string): Answer<unknown> {
  return { is: "refused", refused: refusal(code, sentence) };
}

/** The author must confirm first. */
export function confirm(why: Unconfirmed): Answer<unknown> {
  const refused = refusal("confirm_required", "投稿の前に、読む人と内容の確認が必要です。", {
    params: { why },
  });
  return { is: "refused", refused };
}

/** A post is saved. */
export function saved(post: Post): Reply<"posts.send"> {
  return { state: "saved", position: post.position, change: post.change, stored_at: post.stored_at };
}
