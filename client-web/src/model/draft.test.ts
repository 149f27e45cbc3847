//! A text is counted and sent as the server takes it.
import { expect, it } from "vitest";
import { draftOf, lengthOf } from "./draft.ts";

it.each([
  ["か\u3099", "が", 1],
  ["🙂🙂", "🙂🙂", 2],
  ["一行目\r\n二行目", "一行目\n二行目", 7],
])("%j is sent as %j and counted as %i", (text, sent, length) => {
  const writing = { text, replyTo: undefined };
  expect(draftOf("room", writing, "post").text).toBe(sent);
  expect(lengthOf(writing)).toBe(length);
});
