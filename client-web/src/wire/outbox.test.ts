//! Posts on their way: in order, never twice, and never called saved before the server says so.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Preview, Sent } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "./frame.ts";
import { type Confirmed, Outbox, type Waiting } from "./outbox.ts";

const preview = (...accounts: string[]): Preview => ({
  readers: [
    { kind: "staff", people: accounts.map((account) => ({ account, name: account, occupation: "nurse" })) },
  ],
  count: { staff: accounts.length, family: 0, patient: 0 },
  findings: [],
  token: `for ${accounts.join(" ")}`,
  expires_at: 0,
});
const saved = (position: number): Answer<Sent> => ({
  is: "ok",
  ok: { state: "saved", position, change: position, stored_at: 1 },
});
const refused = (code: string, retry_after_ms?: number): Answer<never> => ({
  is: "refused",
  refused: { code, sentence: code, next: "", ...(retry_after_ms === undefined ? {} : { retry_after_ms }) },
});
const one = (post: string, room = "r"): Confirmed => ({
  draft: { room, post, text: post },
  readers: ["a", "b"],
  acknowledged: [],
  token: "t",
  writtenAt: 0,
});

type Call = { post: string; token: string | undefined; answer: (answer: Answer<Sent>) => void };

let calls: Call[];
let previews: ((answer: Answer<Preview>) => void)[];
let all: readonly Waiting[];
let isLive: boolean;
let outbox: Outbox;

const states = () => all.map((each) => each.state.is);
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  previews = [];
  all = [];
  isLive = true;
  outbox = new Outbox({
    isLive: () => isLive,
    send: ({ draft, token }) => new Promise((answer) => calls.push({ post: draft.post, token, answer })),
    preview: () => new Promise((answer) => previews.push(answer)),
    onChange: (now) => {
      all = now;
    },
    random: () => 0.5,
  });
});
afterEach(() => vi.useRealTimers());

describe("an outbox", () => {
  it("sends the posts of a room one after the other, and other rooms beside them", async () => {
    outbox.add(one("1"));
    outbox.add(one("2"));
    outbox.add(one("x", "other"));
    expect(calls.map((call) => call.post)).toEqual(["1", "x"]);
    expect(states()).toEqual(["sending", "waiting", "sending"]);
    calls[0]?.answer(saved(1));
    await settled();
    expect(calls.map((call) => call.post)).toEqual(["1", "x", "2"]);
    expect(states()).toEqual(["saved", "sending", "sending"]);
  });

  it("keeps what was written while not connected, and sends it in order once live", async () => {
    isLive = false;
    outbox.add(one("1"));
    outbox.add(one("2"));
    expect(calls).toEqual([]);
    expect(states()).toEqual(["waiting", "waiting"]);
    isLive = true;
    outbox.resume();
    outbox.resume();
    expect(calls.map((call) => call.post)).toEqual(["1"]);
    calls[0]?.answer(saved(1));
    await settled();
    calls[1]?.answer(saved(2));
    await settled();
    expect(states()).toEqual(["saved", "saved"]);
  });

  it("says unknown when the answer is lost, sends the same id again, and believes the answer", async () => {
    outbox.add(one("1"));
    isLive = false;
    calls[0]?.answer({ is: "lost" });
    await settled();
    expect(states()).toEqual(["unknown"]);
    expect(outbox.takeBack("1")).toBeUndefined();
    isLive = true;
    outbox.resume();
    outbox.resume();
    expect(states()).toEqual(["unknown"]);
    expect(calls.map((call) => call.post)).toEqual(["1", "1"]);
    calls[1]?.answer(saved(1));
    await settled();
    expect(states()).toEqual(["saved"]);
  });

  it("asks again when the confirmation is stale, and sends when the readers are the same", async () => {
    outbox.add(one("1"));
    calls[0]?.answer(refused("confirm_required"));
    await settled();
    previews[0]?.({ is: "ok", ok: preview("b", "a") });
    await settled();
    expect(calls[1]?.token).toBe("for b a");
    calls[1]?.answer(saved(1));
    await settled();
    expect(states()).toEqual(["saved"]);
  });

  it("never sends past changed readers: a person confirms again", async () => {
    outbox.add(one("1"));
    outbox.add(one("2"));
    calls[0]?.answer(refused("confirm_required"));
    await settled();
    previews[0]?.({ is: "ok", ok: preview("a", "b", "c") });
    await settled();
    expect(states()).toEqual(["reconfirm", "waiting"]);
    expect(calls).toHaveLength(1);
    outbox.resume();
    expect(calls).toHaveLength(1);
    outbox.confirmAgain("1", preview("a", "b", "c"), []);
    expect(calls[1]).toMatchObject({ post: "1", token: "for a b c" });
  });

  it("asks for the readers before it sends what was confirmed from memory", async () => {
    const { token: _, ...without } = one("1");
    outbox.add(without);
    expect(calls).toEqual([]);
    previews[0]?.({ is: "ok", ok: preview("a", "b") });
    await settled();
    expect(calls[0]).toMatchObject({ post: "1", token: "for a b" });
  });

  it("holds a new finding back for a person", async () => {
    const { token: _, ...without } = one("1");
    outbox.add(without);
    previews[0]?.({
      is: "ok",
      ok: { ...preview("a", "b"), findings: [{ code: "same_name", sentence: "?" }] },
    });
    await settled();
    expect(states()).toEqual(["reconfirm"]);
    expect(calls).toEqual([]);
  });

  it("tries again by itself when the server is busy, not before it asked to", async () => {
    outbox.add(one("1"));
    calls[0]?.answer(refused("overloaded", 60_000));
    await settled();
    expect(states()).toEqual(["waiting"]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toHaveLength(2);
  });

  it("does not call a fault of the server unsaved", async () => {
    outbox.add(one("1"));
    calls[0]?.answer(refused("fault"));
    await settled();
    expect(states()).toEqual(["unknown"]);
  });

  it("stops at a refusal, holds back what follows, and goes on once it is taken back", async () => {
    outbox.add(one("1"));
    outbox.add(one("2"));
    calls[0]?.answer(refused("post_too_long"));
    await settled();
    expect(all[0]?.state).toMatchObject({ is: "refused", isUnsure: false });
    expect(calls).toHaveLength(1);
    expect(outbox.takeBack("1")?.draft.text).toBe("1");
    expect(calls[1]?.post).toBe("2");
  });

  it("does not say unsaved of a refusal that follows an unanswered try", async () => {
    outbox.add(one("1"));
    calls[0]?.answer({ is: "lost" });
    await settled();
    outbox.resume();
    calls[1]?.answer(refused("not_found"));
    await settled();
    expect(all[0]?.state).toMatchObject({ is: "refused", isUnsure: true });
  });

  it("forgets everything, and late answers change nothing", async () => {
    outbox.add(one("1"));
    outbox.clear();
    calls[0]?.answer(saved(1));
    await settled();
    expect(all).toEqual([]);
  });
});
