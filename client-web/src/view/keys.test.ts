//! Enter while kana is converted never goes on.
import { describe, expect, it } from "vitest";
import { ConversionGuard } from "./keys.ts";

const enter = (more: KeyboardEventInit & { keyCode?: number } = {}) =>
  new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, ...more });

describe("Ctrl+Enter", () => {
  it("goes on", () => {
    expect(new ConversionGuard().isOnward(enter())).toBe(true);
    expect(new ConversionGuard().isOnward(enter({ ctrlKey: false, metaKey: true }))).toBe(true);
  });

  it("does not without Ctrl, nor with Shift: that is a new line", () => {
    expect(new ConversionGuard().isOnward(enter({ ctrlKey: false }))).toBe(false);
    expect(new ConversionGuard().isOnward(enter({ shiftKey: true }))).toBe(false);
  });

  it("does not while kana is converted, however the browser marks it", () => {
    const guard = new ConversionGuard();
    expect(guard.isOnward(enter({ isComposing: true }))).toBe(false);
    expect(guard.isOnward(enter({ keyCode: 229 }))).toBe(false);
    guard.begin();
    expect(guard.isOnward(enter())).toBe(false);
  });

  it("does not in the task in which the conversion ended (Safari), but does in the next", async () => {
    const guard = new ConversionGuard();
    guard.begin();
    guard.end();
    expect(guard.isOnward(enter())).toBe(false);
    await new Promise((next) => setTimeout(next, 1));
    expect(guard.isOnward(enter())).toBe(true);
  });
});
