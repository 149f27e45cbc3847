//! Signing out leaves nothing of what was read on the device.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  browseWithProfile,
  bytesIn,
  listen,
  noComplaints,
  openRoom,
  post,
  roomsOf,
  Server,
  saved,
  signIn,
} from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {string} */
let profile;
/** @type {import("playwright-core").BrowserContext} */
let context;

before(async () => {
  server = await new Server().start();
  profile = mkdtempSync(join(tmpdir(), "tsumugi-profile-"));
});

after(async () => {
  await context?.close();
  await server?.end();
  if (profile) rmSync(profile, { recursive: true, force: true });
});

// clause("002-2.2S3")
test("after signing out the browser's profile on disk holds no content, no name and no session", async () => {
  context = await browseWithProfile(profile);
  const page = listen(context.pages()[0] ?? (await context.newPage()));
  await signIn(page, server, server.person("visiting_nurse"));
  const patient = await page.locator("h2 .name").first().innerText();
  const [room] = await roomsOf(page, "staff");
  await openRoom(page, room);
  const text = "プロファイルに残ってはならない投稿 kx7q2vTsumugi";
  await post(page, text);
  await saved(page, text).getByText("保存済み").waitFor();
  await page.getByLabel("投稿を書く").fill("書きかけ mz4w9Tsumugi");
  assert.equal(await page.title(), "Tsumugi");

  await page.goto(`${server.url}/#/settings`);
  await page.getByRole("button", { name: "ログアウト" }).click();
  const told = page.waitForResponse(/\/accounts\.sign_out$/);
  await page.getByRole("dialog").getByRole("button", { name: "ログアウト" }).click();
  const headers = await (await told).allHeaders();
  assert.match(headers["clear-site-data"] ?? "", /"storage"/);
  assert.equal(headers["cache-control"], "no-store");
  await page.getByText("この端末に内容は残っていません").waitFor();

  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map((database) => database.name),
    caches: "caches" in window ? await caches.keys() : [],
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
    body: document.body.innerText,
  }));
  assert.deepEqual(kept.databases, []);
  assert.deepEqual(kept.caches, []);
  assert.equal(kept.workers, 0);
  assert.deepEqual(Object.keys(kept.session), []);
  assert.ok(!JSON.stringify(kept).includes(patient), "no patient's name");
  assert.deepEqual(await context.cookies(), []);
  await page.goBack().catch(() => undefined);
  assert.ok(!(await page.locator("body").innerText()).includes(patient), "Back shows nothing");
  noComplaints(page);
  await context.close();

  assert.deepEqual(bytesIn(profile, ["kx7q2vTsumugi", "mz4w9Tsumugi", patient]), []);
});
