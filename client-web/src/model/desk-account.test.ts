//! The desk and one's own account: notices, the report of a loss, and a proof before an act.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type FakeServer, refusal } from "../../stories/fake-server.ts";
import { itose, people, rooms } from "../../stories/region.ts";
import { Desk } from "./desk.svelte.ts";

let server: FakeServer;
let desk: Desk;
let shown: number;
let givesUp: boolean;

const soon = (ms = 50) => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  server = itose(Date.now, 0);
  server.signedIn = people.nurse.account;
  shown = 0;
  givesUp = false;
  desk = new Desk({
    http: server.http,
    socket: server.socket,
    client: "web/test",
    lang: () => "ja",
    newId: () => "id",
    reload: () => {},
    keys: {
      canHave: () => true,
      origin: "https://tsumugi.example",
      make: async () => undefined,
      show: async () => {
        shown += 1;
        return givesUp ? undefined : {};
      },
    },
  });
  await desk.begin();
  await soon();
});
afterEach(() => vi.useRealTimers());

const notice = { kind: "password_changed", at: 1, sentence: "", next: "" } as const;
const tooOld = { is: "refused", refused: refusal("step_up_required") } as const;
const open = () => desk.proven(() => desk.ask("passkeys.recovery_open", { account: "a", reason: "r" }));

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
  desk.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
  expect((await desk.reportMine({ kind: "loss" })).is).toBe("ok");
  await soon(1_000);
  expect(desk.session).toEqual({ is: "out", why: "reported" });
  expect([desk.rooms.cards.size, desk.writings.size, desk.isHolding]).toEqual([0, 0, false]);
});

it("a report that did not arrive ends nothing: the link comes back", async () => {
  server.fail("incidents.report_mine", { is: "silent" });
  expect((await desk.reportMine({ kind: "loss", device: "d" })).is).toBe("lost");
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

it("who shows none has done nothing, and who has none reads what else there is to do", async () => {
  server.fail("passkeys.recovery_open", tooOld);
  givesUp = true;
  expect(await open()).toEqual({ is: "gave_up" });
  server.fail("passkeys.recovery_open", tooOld);
  server.fail("passkeys.prove_begin", { is: "refused", refused: refusal("not_found") });
  expect(await open()).toMatchObject(tooOld);
});
