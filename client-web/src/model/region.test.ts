//! What the desk finds first among the offices of its region, and by name.
import { expect, it } from "vitest";
import type { Card, OfficeSeen } from "../../../protocol/bindings/protocol.ts";
import { lookFor } from "./region.ts";

const office = (name: string, admins: string[] = [`${name}の人`]): OfficeSeen => ({
  office: name,
  region: "r",
  name,
  people: 3,
  admins: admins.map(
    (admin): Card => ({
      id: admin,
      account: admin,
      kind: "staff",
      name: admin,
      kana: "",
      occupation: "nurse",
    }),
  ),
  is_administered: admins.length > 0,
});
const names = (search: string, offices: OfficeSeen[]) =>
  lookFor(offices, search).shown.map((one) => one.name);

it("an office that nobody runs stands first, the rest as told", () => {
  expect(names("", [office("あ"), office("い", []), office("う")])).toEqual(["い", "あ", "う"]);
});

it("an office is found by its name and by its administrators'", () => {
  const offices = [office("さらさ訪問看護", ["水上 亮"]), office("ひなた薬局", ["Sato Jiro"])];
  expect(names("訪問", offices)).toEqual(["さらさ訪問看護"]);
  expect(names(" sato ", offices)).toEqual(["ひなた薬局"]);
  expect(names("どこにもない", offices)).toEqual([]);
});

it("of many the first are shown, and how many more there are", () => {
  const { shown, more } = lookFor(
    Array.from({ length: 23 }, (_, n) => office(`${n}`)),
    "",
  );
  expect([shown.length, more]).toEqual([20, 3]);
});
