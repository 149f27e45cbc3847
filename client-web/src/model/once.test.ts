//! What is new is asked for once, also when an answer was lost.
import { expect, it } from "vitest";
import { Once } from "./once.ts";
import type { Outcome } from "./outcome.ts";

const lost: Outcome = { is: "lost" };
const ok: Outcome = { is: "ok", ok: {} };
const taken: Outcome = { is: "refused", refused: { code: "id_taken", sentence: "", next: "" } };

function once(...answers: Outcome[]) {
  const ids: number[] = [];
  let n = 0;
  const one = new Once(() => ++n);
  const ask = (what: unknown) =>
    one.ask(what, async (id) => {
      ids.push(id);
      return answers.shift() ?? ok;
    });
  return { ask, ids };
}

it("each thing has ids of its own", async () => {
  const { ask, ids } = once();
  await ask({ name: "電話" });
  await ask({ name: "電話" });
  expect(ids).toEqual([1, 2]);
});

it("after a lost answer the same ids are asked for, and what stands already is as good as new", async () => {
  const { ask, ids } = once(lost, taken);
  expect(await ask({ name: "電話" })).toEqual(lost);
  expect(await ask({ name: "電話" })).toEqual(ok);
  await ask({ name: "電話" });
  expect(ids).toEqual([1, 1, 2]);
});

it("something else gets other ids, also after a lost answer", async () => {
  const { ask, ids } = once(lost, lost);
  await ask({ name: "電話" });
  await ask({ name: "パソコン" });
  expect(ids).toEqual([1, 2]);
});

it("an id that somebody else took is a refusal", async () => {
  expect(await once(taken).ask({})).toEqual(taken);
});
