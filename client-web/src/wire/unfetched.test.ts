//! What could not be read is not asked: an act would be done, and nobody would know how it ended.
import { beforeEach, expect, it, vi } from "vitest";
import { sitDown, soon } from "../../stories/at-desk.ts";
import { askHttp } from "./http.ts";

vi.mock("./shapes/later/devices.ts", () => {
  throw new Error("not to be had");
});

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

it("an act whose answer has no shape does not leave over the link, and the screen can say why", async () => {
  const { desk, server } = await sitDown();
  expect(desk.link.is).toBe("live");
  expect(desk.isPartMissing).toBe(false);
  expect(await desk.ask("devices.stop", { device: "d" } as never)).toEqual({ is: "lost" });
  expect(server.asked).not.toContain("devices.stop");
  expect(desk.isPartMissing).toBe(true);
});

it("nor over HTTP", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  expect(await askHttp("devices.register", {} as never)).toEqual({ is: "lost" });
  expect(fetched).not.toHaveBeenCalled();
});

it("the next part that comes makes the client whole again", async () => {
  const { desk, server } = await sitDown();
  await desk.ask("devices.mine", {});
  expect(desk.isPartMissing).toBe(true);
  const answer = desk.ask("sessions.list", {});
  await vi.waitFor(() => expect(server.asked).toContain("sessions.list"));
  await soon();
  expect((await answer).is).toBe("ok");
  expect(desk.isPartMissing).toBe(false);
});
