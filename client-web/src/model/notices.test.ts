//! Notices: asked for anew, seen once, and never those of somebody before.
import { expect, it } from "vitest";
import type { Notice, NoticeList } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";
import { Notices } from "./notices.svelte.ts";

const notice = (id: string, seen: boolean): Notice => ({
  id,
  kind: "password_changed",
  at: 0,
  sentence: "",
  next: "",
  seen,
});
const told = (unseen: number, ...notices: Notice[]): Answer<NoticeList> => ({
  is: "ok",
  ok: { notices, unseen, more: false },
});

it("what is on screen is seen once, and stays marked as new", async () => {
  const seen: string[] = [];
  const notices = new Notices({
    list: async () => told(1, notice("b", false), notice("a", true)),
    see: async (upto) => seen.push(upto),
  });
  await notices.seen();
  await notices.refresh();
  expect(notices.unseen).toBe(1);
  await notices.seen();
  await notices.seen();
  expect([seen, notices.unseen]).toEqual([["b"], 0]);
  expect(notices.list?.[0]?.seen).toBe(false);
});

it("an answer that was lost changes nothing", async () => {
  const answers: Answer<NoticeList>[] = [told(2, notice("a", false)), { is: "lost" }];
  const notices = new Notices({ list: async () => answers.shift() ?? { is: "lost" }, see: async () => {} });
  await notices.refresh();
  await notices.refresh();
  expect(notices.unseen).toBe(2);
});

it("an answer that comes after everything was forgotten is dropped", async () => {
  let answer = (_: Answer<NoticeList>) => {};
  const notices = new Notices({
    list: () => new Promise((then) => (answer = then)),
    see: async () => {},
  });
  const asked = notices.refresh();
  notices.clear();
  answer(told(1, notice("a", false)));
  await asked;
  expect([notices.list, notices.unseen]).toEqual([undefined, 0]);
});
