import { expect, test } from "vitest";
import type { AskFaces, WhichAccount } from "../../../protocol/bindings/protocol.ts";
import { Faces } from "./faces.svelte.ts";
import type { Asks } from "./office.ts";

/** A server that knows two people, and what it was asked. */
function server(photo: () => number) {
  const asked: string[] = [];
  let isLost = false;
  const ask = (async (name: string, ask: AskFaces | WhichAccount) => {
    asked.push(`${name} ${"accounts" in ask ? ask.accounts.join() : ask.account}`);
    if (isLost) return { is: "lost" };
    if (name === "accounts.photo") return { is: "ok", ok: { version: photo(), image: `photo${photo()}` } };
    const faces = "accounts" in ask ? ask.accounts.filter((one) => one !== "hidden") : [];
    const seen = faces.map((account) => (account === "nurse" ? { account, photo: photo() } : { account }));
    return { is: "ok", ok: { faces: seen } };
  }) as unknown as Asks;
  return { ask, asked, lose: (is: boolean) => (isLost = is) };
}

const settled = () => new Promise((done) => setTimeout(done, 0));

test("those on screen are asked for in one go, once, and a photo by its version", async () => {
  let version = 1;
  const { ask, asked } = server(() => version);
  const faces = new Faces(ask);
  for (const who of ["nurse", "clerk", "hidden", "nurse"]) faces.want(who);
  await settled();
  expect(asked).toEqual(["accounts.faces nurse,clerk,hidden", "accounts.photo nurse"]);
  expect(faces.shown.get("nurse")).toMatchObject({
    photo: 1,
    picture: "data:image/jpeg;base64,photo1",
  });
  expect(faces.shown.get("clerk")?.picture).toBeUndefined();
  expect(faces.shown.has("hidden")).toBe(false);
  faces.want("nurse");
  await settled();
  expect(asked).toHaveLength(2);
  await faces.again("nurse");
  expect(asked).toHaveLength(3);
  version = 2;
  await faces.again("nurse");
  expect(faces.shown.get("nurse")?.picture).toBe("data:image/jpeg;base64,photo2");
});

test("what was lost is asked for again by the next one on screen", async () => {
  const { ask, asked, lose } = server(() => 1);
  const faces = new Faces(ask);
  lose(true);
  faces.want("nurse");
  await settled();
  expect(faces.shown.size).toBe(0);
  lose(false);
  faces.want("nurse");
  await settled();
  expect(asked).toHaveLength(3);
  expect(faces.shown.get("nurse")?.photo).toBe(1);
});
