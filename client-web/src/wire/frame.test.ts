//! Frames: every golden frame of the protocol is read, and what does not fit is never half-used.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type CommandName,
  readBody,
  readCloseReason,
  readFrame,
  readReply,
  writeAsk,
  writeHello,
} from "./frame.ts";
import { fetchShape } from "./shapes/replies.ts";

const golden = join(import.meta.dirname, "../../../protocol/examples");
const read = (name: string) => readFileSync(join(golden, name), "utf8").trim();

describe("golden frames", () => {
  const fromServer = readdirSync(golden).filter((name) => /^(welcome|event|refused|ok)-/.test(name));

  it("are there", () => expect(fromServer.length).toBeGreaterThanOrEqual(20));

  it.each(fromServer)("%s is read whole", async (name) => {
    const frame = readFrame(read(name));
    expect(frame.is).not.toBe("unreadable");
    const said: unknown = JSON.parse(read(name));
    if (frame.is === "event") expect(frame.event).toEqual(said);
    if (frame.is === "welcome") expect({ welcome: frame.welcome }).toEqual(said);
    if (frame.is === "refused") expect({ id: frame.id, refused: frame.refused }).toEqual(said);
    if (frame.is === "ok") {
      const command = name.replace(/^ok-(.*)\.json$/, "$1") as CommandName;
      await fetchShape(command);
      const reply = readReply(command, frame.ok);
      // Nothing is lost on the way: a field that the schema does not know would be dropped.
      expect({ id: frame.id, ...reply }).toEqual({ ...(said as object), is: "ok" });
      expect(readBody(command, JSON.stringify({ ok: frame.ok }))).toEqual(reply);
    }
  });

  it("a saved post is the answer to posts.send", () => {
    const frame = readFrame(read("ok-posts.send.json"));
    expect(frame.is === "ok" && readReply("posts.send", frame.ok)).toEqual({
      is: "ok",
      ok: { state: "saved", position: 13, change: 15, stored_at: 1763700000000 },
    });
  });

  it("are what we write", () => {
    const asked = JSON.parse(read("ask-page.json"));
    expect(JSON.parse(writeAsk(9, "rooms.page", asked.ask))).toEqual(asked);
    const hello = JSON.parse(read("hello-again.json"));
    const { client, lang, rooms } = hello.hello;
    expect(JSON.parse(writeHello({ client, lang, rooms }))).toEqual(hello);
  });
});

describe("what does not fit", () => {
  it.each(["", "}{", "7", '{"event":"posted"}', '{"event":"danced"}', '{"welcome":{}}'])(
    "%s is unreadable",
    (text) => {
      expect(readFrame(text).is).toBe("unreadable");
    },
  );

  it("makes an answer lost, never half-known", () => {
    expect(readReply("posts.send", { state: "saved", position: "13" })).toEqual({ is: "lost" });
    expect(readBody("accounts.me", "<html>")).toEqual({ is: "lost" });
  });

  it("makes an answer without a shape lost", () => {
    expect(readReply("rooms.dance" as CommandName, {})).toEqual({ is: "lost" });
  });

  it("a newer server may say more", () => {
    expect(readReply("time.now", { now: 7, mood: "calm" })).toEqual({ is: "ok", ok: { now: 7 } });
  });
});

it("the close reason says how long to stay away", () => {
  expect(readCloseReason('{"retry_after_ms":700}')).toBe(700);
  expect(readCloseReason("bye")).toBeUndefined();
});
