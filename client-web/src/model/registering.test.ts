//! A device is registered once, also when an answer was lost.
import { expect, it } from "vitest";
import type { Answer } from "../wire/frame.ts";
import type { Asks } from "./office.ts";
import { type DeviceSheet, Registering } from "./registering.ts";

const sheet: DeviceSheet = {
  kind: "phone",
  ownership: "office",
  os_family: "android",
  os: "Android 16",
  name: "電話",
  mine: true,
  stock_record: false,
  attestations: [],
};
const taken: Answer<never> = { is: "refused", refused: { code: "id_taken", sentence: "", next: "" } };

function registering(...answers: Answer<unknown>[]) {
  const ids: string[] = [];
  let n = 0;
  const ask = (async (_: string, asked: { device: string }) => {
    ids.push(asked.device);
    return answers.shift() ?? { is: "ok", ok: {} };
  }) as unknown as Asks;
  return { one: new Registering(ask, () => `id ${++n}`), ids };
}

it("each device has an id of its own", async () => {
  const { one, ids } = registering();
  await one.register(sheet);
  await one.register(sheet);
  expect(ids).toEqual(["id 1", "id 2"]);
});

it("after a lost answer the same id is asked for, and one that stands already is as good as new", async () => {
  const { one, ids } = registering({ is: "lost" }, taken);
  expect(await one.register(sheet)).toEqual({ is: "lost" });
  expect(await one.register(sheet)).toEqual({ is: "ok", ok: {} });
  await one.register(sheet);
  expect(ids).toEqual(["id 1", "id 1", "id 2"]);
});

it("an id that somebody else took is a refusal", async () => {
  expect(await registering(taken).one.register(sheet)).toEqual(taken);
});
