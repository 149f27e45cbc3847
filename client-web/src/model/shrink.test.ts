import { describe, expect, test } from "vitest";
import { cutOf, DOCUMENT, PHOTO } from "./shrink.ts";

describe("what is drawn of a picture", () => {
  test.each([
    [
      "a wide one",
      4000,
      3000,
      PHOTO,
      { x: 500, y: 0, width: 3000, height: 3000, toWidth: 256, toHeight: 256 },
    ],
    ["a tall one", 300, 900, PHOTO, { x: 0, y: 300, width: 300, height: 300, toWidth: 256, toHeight: 256 }],
    ["a tiny one", 40, 50, PHOTO, { x: 0, y: 5, width: 40, height: 40, toWidth: 40, toHeight: 40 }],
    ["a page", 3200, 1600, DOCUMENT, { x: 0, y: 0, width: 3200, height: 1600, toWidth: 1600, toHeight: 800 }],
    [
      "a small page",
      600,
      400,
      DOCUMENT,
      { x: 0, y: 0, width: 600, height: 400, toWidth: 600, toHeight: 400 },
    ],
    ["a strip", 9000, 1, DOCUMENT, { x: 0, y: 0, width: 9000, height: 1, toWidth: 1600, toHeight: 1 }],
  ] as const)("%s", (_, width, height, purpose, cut) => {
    expect(cutOf(width, height, purpose)).toEqual(cut);
  });
});
