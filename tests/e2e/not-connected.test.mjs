//! Not connected: what is written waits and says so, and is saved once the line is back, in order and once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  browse,
  noComplaints,
  notConnected,
  openRoom,
  phone,
  picture,
  post,
  roomsOf,
  Server,
  saved,
  signIn,
  visit,
} from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let page;

before(async () => {
  server = await new Server().start();
  browser = await browse();
  page = await visit(browser, { viewport: phone });
  await signIn(page, server, server.person("visiting_nurse"));
  const [room] = await roomsOf(page, "staff");
  await openRoom(page, room);
});

after(async () => {
  await browser?.close();
  await server?.end();
});

test("a post written while the server is away waits, and never says that it is saved", async () => {
  await server.stop();
  await notConnected(page).waitFor();
  await page.getByLabel("投稿を書く").fill("吸引器を置きました。");
  await page.getByRole("button", { name: "確認へ" }).click();
  await page
    .getByRole("dialog")
    .getByText(/最後につながったときのもの/)
    .waitFor();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /に投稿/ })
    .click();
  const waiting = page.locator("article", { hasText: "吸引器を置きました。" });
  await waiting.getByText("まだ保存されていません").waitFor();
  assert.equal(await waiting.getByText("保存済み").count(), 0);
  await post(page, "電源は枕元の左です。");
  await page.getByText("送信待ち 2番目").waitFor();
  await page
    .getByRole("main")
    .getByText(/届いていない投稿が 2件あります/)
    .waitFor();
  await picture(page, "not-connected-phone");
});

test("it can be taken back to the composer while it waits", async () => {
  await post(page, "まちがい。");
  const waiting = page.locator("article", { hasText: "まちがい。" });
  await waiting.getByRole("button", { name: "直す" }).click();
  assert.equal(await page.getByLabel("投稿を書く").inputValue(), "まちがい。");
  assert.equal(await waiting.count(), 0);
  await page.getByLabel("投稿を書く").fill("");
});

test("once the server is back everything is saved by itself, in order and once", async () => {
  await server.start();
  // What the client may need at worst: 15 s until its next try, 12 s for a link that does not open, 15 s to ask who is
  // signed in, 15 s until the try after that.
  await saved(page, "電源は枕元の左です。").getByText("保存済み").waitFor({ timeout: 75_000 });
  await notConnected(page).waitFor({ state: "detached" });
  const texts = (await page.locator("article[data-post] .text").allInnerTexts()).slice(-2);
  assert.deepEqual(texts, ["吸引器を置きました。", "電源は枕元の左です。"]);
  assert.equal(await page.getByText("まだ保存されていません").count(), 0);
  noComplaints(page);
});

test("a network that goes away is noticed at once, and so is its return", async () => {
  await page.context().setOffline(true);
  await notConnected(page).waitFor({ timeout: 5_000 });
  await page.context().setOffline(false);
  await notConnected(page).waitFor({ state: "detached", timeout: 20_000 });
});
