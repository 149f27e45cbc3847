//! One's own account: notices, the report of a loss, and a proof before an act.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sitDown, soon } from "../../stories/at-desk.ts";
import { refusal } from "../../stories/fake-answers.ts";
import type { FakeServer } from "../../stories/fake-server.ts";
import { people, rooms } from "../../stories/region.ts";
import type { Desk } from "./desk.svelte.ts";

let server: FakeServer;
let desk: Desk;
let shown: number;
let givesUp: boolean;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  shown = 0;
  givesUp = false;
  const keys = {
    canHave: () => true,
    origin: "https://tsumugi.example",
    make: async () => undefined,
    show: async () => {
      shown += 1;
      return givesUp ? undefined : {};
    },
  };
  ({ desk, server } = await sitDown(people.nurse, 0, { keys }));
});
afterEach(() => vi.useRealTimers());

const notice = { kind: "password_changed", at: 1, sentence: "", next: "" } as const;
const tooOld = { is: "refused", refused: refusal("step_up_required") } as const;
const open = () =>
  desk.account.proven(() => desk.ask("passkeys.recovery_open", { account: "a", reason: "r" }));

it("what it is told while it is live is asked for at once, and is seen once it was looked at", async () => {
  expect(desk.notices.unseen).toBe(0);
  server.notices = [{ id: "n1", ...notice, seen: false }];
  server.tell({ event: "noticed" });
  await soon();
  expect(desk.notices.unseen).toBe(1);
  await desk.notices.seen();
  expect([desk.notices.unseen, server.notices[0]?.seen]).toEqual([0, true]);
});

it("who reports a loss is out, everything is forgotten, and the screen says why", async () => {
  desk.writings.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
  expect((await desk.account.reportMine({ kind: "loss" })).is).toBe("ok");
  await soon(1_000);
  expect(desk.session).toEqual({ is: "out", why: "reported" });
  expect([desk.list.rooms.cards.size, desk.writings.drafts.size, desk.sitting.isHolding]).toEqual([
    0,
    0,
    false,
  ]);
});

it("a report that did not arrive ends nothing: the link comes back", async () => {
  server.fail("incidents.report_mine", { is: "silent" });
  expect((await desk.account.reportMine({ kind: "loss", device: "d" })).is).toBe("lost");
  await soon();
  expect([desk.session.is, desk.link.is]).toEqual(["in", "live"]);
});

it("an act whose proof is too old goes on after a passkey was shown", async () => {
  server.fail("passkeys.recovery_open", tooOld);
  expect(await open()).toEqual({ is: "ok", ok: { case: "case" } });
  await soon();
  expect([shown, desk.link.is]).toEqual([1, "live"]);
  await open();
  expect(shown).toBe(1);
});

it("who shows none has done nothing", async () => {
  server.fail("passkeys.recovery_open", tooOld);
  givesUp = true;
  expect(await open()).toEqual({ is: "gave_up" });
});

/** An act of somebody who has no passkey: the question for her password is on screen. */
async function asked() {
  server.fail("passkeys.recovery_open", tooOld);
  server.fail("passkeys.prove_begin", { is: "refused", refused: refusal("passkey_failed") });
  const outcome = open();
  await soon();
  expect(desk.account.proof.isOpen).toBe(true);
  return { outcome };
}

it("who has none shows her password, and the act goes on once it was right", async () => {
  const { outcome } = await asked();
  server.fail("accounts.prove", { is: "refused", refused: refusal("sign_in_failed") });
  expect((await desk.account.showPassword("wrong")).is).toBe("refused");
  await soon();
  expect([desk.account.proof.isOpen, desk.link.is]).toEqual([true, "live"]);
  expect((await desk.account.showPassword("right")).is).toBe("ok");
  desk.account.proof.settle(true);
  expect(await outcome).toEqual({ is: "ok", ok: { case: "case" } });
  await soon();
  expect([desk.account.proof.isOpen, desk.link.is]).toEqual([false, "live"]);
});

it("who does not want to reads why nothing was done", async () => {
  const { outcome } = await asked();
  desk.account.proof.settle(false);
  expect(await outcome).toMatchObject(tooOld);
});
