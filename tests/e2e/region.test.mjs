//! The secretariat's page: from the offices of its region to their people, and an act with its reason; for nobody else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { act, browse, clean, noComplaints, pc, phone, picture, Server, signIn, visit } from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  server = await new Server().start();
  browser = await browse();
});

after(async () => {
  await browser?.close();
  await server?.end();
});

/**
 * Somebody of the desk, before the offices of her region.
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function atTheDesk(options) {
  const page = await visit(browser, options);
  await signIn(page, server, server.person("secretariat"));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "地域の事業所" }).click();
  await page.getByRole("heading", { name: /^事業所 \d+か所$/ }).waitFor();
  return page;
}

test("the desk goes from an office to its people, and restricts an account with a reason", async () => {
  const person = server.person("physio");
  const her = await visit(browser, { viewport: phone });
  await signIn(her, server, person);
  const page = await atTheDesk({ viewport: phone });
  await clean(page, "the offices");
  await picture(page, "region-phone");
  const screens = await page.evaluate(
    () => (document.querySelector("main .inside")?.scrollHeight ?? 0) / innerHeight,
  );
  assert.ok(screens <= 4, `${screens} screens`);

  await page.getByLabel("事業所か管理者の名前で探す").fill(server.person("office_admin").name);
  const offices = page.locator('a[href^="#/offices/"]');
  const row = page.getByRole("main").getByRole("listitem").filter({ has: offices });
  await row.nth(1).waitFor({ state: "detached" });
  await row.getByRole("link").click();
  await page.getByRole("heading", { name: /^職員 \d+人$/ }).waitFor();
  await page.getByText("事務局として見ています。部屋の中は見えません。").waitFor();
  assert.equal(
    await page.getByRole("button", { name: "職員を登録する" }).count(),
    0,
    "that is the office's own",
  );
  const sheet = await act(page, person.name, "読むだけにする");
  await sheet.getByLabel("理由").fill("事業所からの依頼");
  await sheet.getByRole("button", { name: "読むだけにする" }).click();
  await page.getByText(`${person.name}さんを、読むだけにしました。`).waitFor();
  await her.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });
  await clean(page, "an office of the region");
  await picture(page, "region-office-phone");
  noComplaints(page, her);
  await Promise.all([page, her].map((one) => one.context().close()));
});

test("in dark and wide it is as clean", async () => {
  const page = await atTheDesk({ viewport: pc, colorScheme: "dark" });
  await clean(page, "the offices, dark");
  await picture(page, "region-pc-dark");
  noComplaints(page);
  await page.context().close();
});

test("an administrator finds no way to it, and its address shows her nothing", async () => {
  const page = await visit(browser, { viewport: pc });
  await signIn(page, server, server.person("office_admin"));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "事業所の管理" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "地域の事業所" }).count(), 0);
  await page.goto(`${server.url}/#/offices`);
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("heading", { name: /^事業所 / }).count(), 0);
  noComplaints(page);
  await page.context().close();
});
