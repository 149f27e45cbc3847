//! Who reads is said the same way in band, composer, sheet and button.
import { describe, expect, it } from "vitest";
import { itose, people, rooms } from "../../stories/region.ts";
import { en } from "../words/en.ts";
import { ja } from "../words/ja.ts";
import { audienceWords, sheetWords, shownName } from "./audience.ts";

const now = Date.parse("2026-11-21T13:00:00+09:00");

function as(person: keyof typeof people, room: keyof typeof rooms) {
  const server = itose(() => now);
  server.signedIn = people[person].account;
  const { room: card, patient } = server.snapshot(rooms[room]);
  const me = server.people.find((each) => each.me.account === server.signedIn)?.me;
  if (!me) throw new Error("nobody");
  return { card, patient, me };
}

describe("the words of a room", () => {
  it("staff only: the author is not counted among those who will read it", () => {
    const { card, me, patient } = as("nurse", "staff");
    expect(audienceWords(card, me, ja)).toEqual({
      audience: "staff",
      who: "職員のみ",
      not: "ご家族は読めません",
      line: "職員のみ 6人が読みます",
    });
    expect(sheetWords(card, me, patient, { staff: 6, family: 0, patient: 0 }, now, ja)).toMatchObject({
      go: "きくち はるえ さん 84歳 に投稿",
      goUnder: "職員 6人が読みます",
    });
  });

  it("family room, for staff and for the daughter", () => {
    const staff = as("nurse", "family");
    expect(audienceWords(staff.card, staff.me, ja)).toMatchObject({
      who: "ご本人・ご家族も読みます",
      line: "ご本人・ご家族 2人も読みます",
    });
    const daughter = as("daughter", "family");
    expect(audienceWords(daughter.card, daughter.me, ja)).toMatchObject({
      who: "職員とご家族が読みます",
      line: "職員 5人とご家族 1人が読みます",
    });
  });

  it("a family room where no family is yet does not say that family reads", () => {
    const { card, me } = as("nurse", "family");
    const without = { ...card, readers: { staff: 5, family: 0, patient: 0 } };
    expect(audienceWords(without, me, ja)).toMatchObject({
      who: "ご家族も読める部屋",
      line: "職員 4人が読みます",
    });
  });

  it("free group and connection leave patients out, in every language", () => {
    const free = as("nurse", "free");
    expect(audienceWords(free.card, free.me, ja).who).toBe("患者さんのことは書かない");
    const pair = as("nurse", "pair");
    expect(audienceWords(pair.card, pair.me, ja).line).toBe("森本 さやかさんだけが読みます");
    expect(audienceWords(pair.card, pair.me, en).who).toBe("Just the two of you");
  });
});

describe("a name", () => {
  // clause("003§guide-①1b")
  it("is both fields in one line where the region says so, and stands beside the office's elsewhere", () => {
    const { me } = as("nurse", "staff");
    const both = {
      ...me,
      regions: me.regions.map((face) => ({ ...face, display_name: "person_office" as const })),
    };
    const card = { name: "山田 花子", office: "日向訪看" };
    expect(shownName(card, both)).toBe("山田 花子／日向訪看");
    expect(shownName({ name: "糸瀬 かすみ" }, both)).toBe("糸瀬 かすみ");
    expect(shownName(card, me)).toBe("山田 花子");
    expect(shownName(card, undefined)).toBe("山田 花子");
  });
});
