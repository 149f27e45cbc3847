//! Registering a colleague: once, whatever becomes of the answer.
import { expect, it } from "vitest";
import { Registration } from "./colleague.ts";
import type { Asks } from "./office.ts";

const nurse = {
  office: "o",
  name: "山田 花子",
  kana: "",
  occupation: "nurse",
  email: "y@x.example",
} as const;

function registration(answers: object[]) {
  const asked: { account: string; affiliation: string }[] = [];
  const ask = (async (_: string, what: { account: string; affiliation: string }) => {
    asked.push(what);
    return answers.shift();
  }) as unknown as Asks;
  let ids = 0;
  return { asked, registration: new Registration(ask, () => `id${++ids}`) };
}

it("asks again under the same ids when the answer was lost, and anew for somebody else", async () => {
  const { asked, registration: one } = registration([
    { is: "lost" },
    { is: "ok", ok: {} },
    { is: "lost" },
    { is: "ok", ok: {} },
  ]);
  await one.register(nurse);
  expect(await one.register(nurse)).toEqual({ is: "ok", ok: {} });
  expect(asked[0]).toEqual(asked[1]);
  await one.register({ ...nurse, email: "z@x.example" });
  await one.register({ ...nurse, email: "w@x.example" });
  expect(new Set(asked.map((ask) => ask.account)).size).toBe(3);
});

it("asks somebody who has an account under the same id when the answer was lost, and anew afterwards", async () => {
  const { asked, registration: one } = registration([
    { is: "lost" },
    { is: "ok", ok: {} },
    { is: "ok", ok: {} },
  ]);
  await one.admit(nurse);
  expect(await one.admit(nurse)).toEqual({ is: "ok", ok: {} });
  expect(asked[0]).toEqual(asked[1]);
  await one.admit(nurse);
  expect(asked[2]?.affiliation).not.toBe(asked[0]?.affiliation);
  expect(asked[0]).not.toHaveProperty("lang");
});
