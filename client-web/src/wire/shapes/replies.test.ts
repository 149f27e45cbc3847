//! Shapes of replies: there is one for every command, and what comes later is fetched once it is wanted.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CommandName } from "../frame.ts";
import { fetchShape, isShapeMissing, shapeOf } from "./replies.ts";

const bindings = join(import.meta.dirname, "../../../../protocol/bindings/protocol.ts");
const names = [...readFileSync(bindings, "utf8").matchAll(/^ {2}"([a-z_]+\.[a-z_]+)": \{ ask: /gm)].map(
  (match) => match[1] as CommandName,
);

it("what the first screens ask can be read at once, what comes later once it was fetched", async () => {
  expect(shapeOf("accounts.sign_in")).toBeDefined();
  expect(shapeOf("rooms.open")).toBeDefined();
  expect(shapeOf("devices.list")).toBeUndefined();
  expect(await fetchShape("devices.list")).toBe(true);
  expect(shapeOf("devices.list")).toBeDefined();
});

it("every command has one", async () => {
  expect(names.length).toBeGreaterThan(150);
  const have = await Promise.all(names.map(fetchShape));
  expect(names.filter((_, at) => !have[at])).toEqual([]);
  expect(isShapeMissing()).toBe(false);
});

it("a name that nobody knows has none", async () => {
  expect(await fetchShape("rooms.dance" as CommandName)).toBe(false);
});
