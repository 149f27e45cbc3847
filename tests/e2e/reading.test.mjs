//! While somebody reads, nothing moves under her eyes: neither new posts below nor older ones above.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  browse,
  noComplaints,
  openRoom,
  phone,
  post,
  Server,
  saved,
  sharedRoom,
  signIn,
  visit,
} from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let reader;
/** @type {import("./stage.mjs").Page} */
let writer;
/** @type {string} */
let room;

before(async () => {
  server = await new Server().start();
  browser = await browse();
  reader = await visit(browser, { viewport: phone });
  writer = await visit(browser);
  await signIn(reader, server, server.person("visiting_nurse"));
  await signIn(writer, server, server.person("physician"));
  room = await sharedRoom(reader, writer);
  await openRoom(writer, room);
});

after(async () => {
  await browser?.close();
  await server?.end();
});

/**
 * The post at the top of the screen, and where its upper edge is.
 * @param {import("./stage.mjs").Page} page
 */
function eyes(page) {
  return page.getByRole("log").evaluate((log) => {
    const top = log.getBoundingClientRect().top;
    const article = [...log.querySelectorAll("article")].find(
      (each) => each.getBoundingClientRect().bottom > top + 4,
    );
    const at = article ? Math.round(article.getBoundingClientRect().top - top) : undefined;
    return { post: article?.dataset.post, at };
  });
}

/**
 * Waits until the page has stood still for several frames.
 * @param {import("./stage.mjs").Page} page
 */
function still(page) {
  return page.getByRole("log").evaluate(
    (log) =>
      new Promise((done) => {
        let last = -1;
        let count = 0;
        const look = () => {
          count = log.scrollTop === last ? count + 1 : 0;
          last = log.scrollTop;
          if (count >= 12) done(undefined);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

test("a room opens with the unread line a third from the top", async () => {
  await openRoom(reader, room);
  const line = reader.getByRole("heading", { name: /ここから未読/ });
  await line.waitFor();
  await still(reader);
  const [box, log] = [await line.boundingBox(), await reader.getByRole("log").boundingBox()];
  assert.ok(box && log, "both are on the screen");
  const share = (box.y - log.y) / log.height;
  assert.ok(share >= 0.25 && share <= 0.45, `the line stands at ${share.toFixed(2)} of the height`);
});

test("what arrives below does not move what is being read", async () => {
  await reader.getByRole("log").hover();
  await reader.mouse.wheel(0, -900);
  await still(reader);
  const before = await eyes(reader);
  assert.ok(before.post, "something is being read");
  await post(writer, "読んでいる間に届いた投稿です。");
  await reader.getByRole("button", { name: "新しい投稿 1件" }).waitFor();
  await still(reader);
  assert.deepEqual(await eyes(reader), before);
  await reader.getByRole("button", { name: "新しい投稿 1件" }).click();
  await saved(reader, "読んでいる間に届いた投稿です。").waitFor();
});

test("older posts come in above without a jump, down to the first", async () => {
  const log = reader.getByRole("log");
  let steps = 0;
  while (await log.evaluate((element) => element.scrollTop > 0)) {
    const from = await eyes(reader);
    await log.hover();
    await reader.mouse.wheel(0, -450);
    await still(reader);
    const moved = await log.locator(`article[data-post="${from.post}"]`).boundingBox();
    assert.ok(moved, "the post that was read is still near: a jump would have taken it away");
    steps += 1;
    assert.ok(steps < 200, "there is a first post");
  }
  assert.ok(steps > 3, "the room is long enough to prove something");
  const day = await log.locator("h2").first().boundingBox();
  assert.ok(day && day.y >= 0, "the first day stands on top");
  noComplaints(reader, writer);
});
