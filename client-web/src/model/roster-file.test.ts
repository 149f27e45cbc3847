//! A list of staff is read in both encodings and sent in pieces.
import { expect, it } from "vitest";
import { pieces, textOf } from "./roster-file.ts";

const bytes = (...of: number[]) => new Uint8Array(of).buffer;

it("reads UTF-8 and Shift_JIS, and nothing else", () => {
  expect(textOf(bytes(0xef, 0xbb, 0xbf, 0xe5, 0xb1, 0xb1))).toBe("山");
  expect(textOf(bytes(0x8e, 0x52))).toBe("山");
  expect(textOf(bytes(0xff, 0xff, 0xff))).toBeUndefined();
});

it("keeps the names of the columns with each piece, and knows its lines", () => {
  const rows = Array.from({ length: 45 }, (_, n) => `n${n},"a\nb",nurse,${n}@x.example\n`);
  const found = pieces(`name,kana,occupation,email\n${rows.join("")}`);
  expect(found.map((piece) => piece.before)).toEqual([0, 40, 80]);
  expect(found.every((piece) => piece.csv.startsWith("name,kana,occupation,email\nn"))).toBe(true);
  expect(found.map((piece) => piece.csv.slice(27)).join("")).toBe(rows.join(""));
});

it("sends a file without people as it is", () => {
  expect(pieces("")).toEqual([{ csv: "", before: 0 }]);
  expect(pieces("name,email")).toEqual([{ csv: "name,email", before: 0 }]);
});
