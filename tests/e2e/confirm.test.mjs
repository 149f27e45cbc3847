//! No post without the sheet: it shows the readers by office, and kana that is being converted never sends.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, noComplaints, openRoom, roomsOf, Server, saved, signIn, visit } from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let page;

before(async () => {
  server = await new Server().start();
  browser = await browse();
  page = await visit(browser);
  await signIn(page, server, server.person("visiting_nurse"));
});

after(async () => {
  await browser?.close();
  await server?.end();
});

test("a family room's sheet names patient and family first, then offices with their counts", async () => {
  const [room] = await roomsOf(page, "family");
  assert.ok(room, "the demo nurse has a family room");
  await openRoom(page, room);
  await page.getByLabel("投稿を書く").fill("15時にうかがいます。");
  await page.getByRole("button", { name: "確認へ" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByText(/部屋に投稿します/).waitFor();
  const items = await sheet.locator("li").allInnerTexts();
  const lastNear = items.findLastIndex((text) => text.includes("読めます"));
  const firstOffice = items.findIndex((text) => /\d+人$/.test(text.trim()));
  assert.ok(lastNear >= 0 && firstOffice > lastNear, `family first: ${items.join(" / ")}`);
  const counted = items.reduce((sum, text) => sum + Number(/(\d+)人$/.exec(text.trim())?.[1] ?? 1), 0);
  const title = await sheet.getByRole("heading", { name: /読む人 \d+人/ }).innerText();
  assert.equal(Number(/読む人 (\d+)人/.exec(title)?.[1]), counted);
  const me = server.person("visiting_nurse").name;
  assert.ok(!items.some((text) => text.includes(me)), "the author is not a reader");
});

test("書き直す keeps the text, posts nothing, and gives the focus back", async () => {
  const before = await page.locator("article[data-post]").count();
  await page.getByRole("button", { name: "書き直す" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("投稿を書く").inputValue(), "15時にうかがいます。");
  assert.equal(await page.locator("article[data-post]").count(), before);
});

test("Ctrl+Enter opens the sheet, a held key does not send, a second press does", async () => {
  const [room] = await roomsOf(page, "staff");
  await openRoom(page, room);
  const field = page.getByLabel("投稿を書く");
  await field.fill("一行目");
  await field.press("Enter");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await field.pressSequentially("二行目");
  assert.equal(await field.inputValue(), "一行目\n二行目");
  await page.keyboard.down("Control");
  await page.keyboard.down("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.down("Enter");
  await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  assert.equal(await page.getByRole("dialog").count(), 1, "a repeating key must not send");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await saved(page, "一行目").getByText("保存済み").waitFor();
  assert.equal(await field.inputValue(), "");
});

test("Enter and Ctrl+Enter while kana is converted do nothing", async () => {
  const field = page.getByLabel("投稿を書く");
  await field.focus();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Input.imeSetComposition", { text: "きくち", selectionStart: 3, selectionEnd: 3 });
  const press = (/** @type {number} */ modifiers) =>
    cdp.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Process",
      code: "Enter",
      windowsVirtualKeyCode: 229,
      modifiers,
    });
  await press(0);
  await press(2);
  // Browsers that do not mark the key still say that they are composing.
  await field.evaluate((element) =>
    element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true })),
  );
  assert.equal(await page.getByRole("dialog").count(), 0);
  await cdp.send("Input.insertText", { text: "菊池" });
  assert.equal(await field.inputValue(), "菊池");
  await field.press("Control+Enter");
  await page.getByRole("dialog").getByText("菊池", { exact: true }).waitFor();
  await page.getByRole("button", { name: "書き直す" }).click();
  noComplaints(page);
});
