import { expect, test } from "vitest";
import type { EnrolmentSeen } from "../../../protocol/bindings/protocol.ts";
import { emptyForm, emptyPerson, isOutside, nameOf, written } from "./enrolments.ts";

const seen = { rules: { area: ["ひなた市"] } } as EnrolmentSeen;

test("an office is outside once it names another place than the area's", () => {
  const at = (municipality: string) => isOutside({ ...emptyForm("", "2026-01-05"), municipality }, seen);
  expect([at(""), at("ひなた市"), at(" ひなた市 "), at("となり市")]).toEqual([false, false, false, true]);
  expect(
    isOutside({ ...emptyForm("", ""), municipality: "となり市" }, {
      rules: { area: [] as string[] },
    } as EnrolmentSeen),
  ).toBe(false);
});

test("what is empty is not said, and who administers nothing holds nothing", () => {
  const person = {
    ...emptyPerson("a"),
    sex: "",
    explained_on: "2026-01-04",
    holds: "privacy_officer" as const,
  };
  const form = { ...emptyForm("名", "2026-01-05"), fax: "", works_with: "", people: [person] };
  expect(written(form)).toEqual({ ...emptyForm("名", "2026-01-05"), people: [emptyPerson("a")] });
  const admin = written({ ...form, people: [{ ...person, is_admin: true }] }).people[0];
  expect(admin).toMatchObject({ explained_on: "2026-01-04", holds: "privacy_officer" });
});

test("what is missing is said with a name where it is somebody's", () => {
  const form = { ...emptyForm("名", ""), people: [{ ...emptyPerson("a"), name: "花子" }] };
  expect(nameOf({ item: "admin_pledge", affiliation: "a" }, form)).toBe("花子");
  expect(nameOf({ item: "head_pledge" }, form)).toBeUndefined();
});
