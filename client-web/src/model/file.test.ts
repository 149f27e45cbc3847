//! Base64 to bytes.
import { expect, it } from "vitest";
import { bytesOf } from "./file.ts";

it("reads every byte, also over several lines", () => {
  expect([...bytesOf("AP8Q\nIA==\n")]).toEqual([0, 255, 16, 32]);
});
