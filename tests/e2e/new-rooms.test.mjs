//! People open rooms with each other: a free group, a connection; each is asked for once and joined by who decides to.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  browse,
  clean,
  noComplaints,
  notConnected,
  openRoom,
  pc,
  phone,
  picture,
  post,
  Server,
  saved,
  sharedRoom,
  signIn,
  visit,
} from "./stage.mjs";

const GROUP = "口腔ケアの勉強会";
const AIM = "月に一度、歯科と看護の工夫を持ちよる";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let admin;
/** @type {import("./stage.mjs").Page} */
let nurse;
/** @type {import("./stage.mjs").Page} */
let pharmacist;

before(async () => {
  server = await new Server().start();
  browser = await browse();
  [admin, nurse, pharmacist] = await Promise.all([visit(browser), visit(browser), visit(browser)]);
  await signIn(admin, server, server.person("office_admin"));
  await signIn(nurse, server, server.person("visiting_nurse"));
  await signIn(pharmacist, server, server.person("pharmacist"));
});

after(async () => {
  await browser?.close();
  await server?.end();
});

/** @param {import("./stage.mjs").Page} page */
const main = (page) => page.getByRole("main");
/** @param {import("./stage.mjs").Page} page */
const opens = (page) => page.getByRole("button", { name: /自由グループを作る/ });
/** @param {string} role */
const nameOf = (role) => server.person(role).name;

/**
 * Fills the page of a new group.
 * @param {import("./stage.mjs").Page} page
 * @param {string[]} roles
 */
async function writeGroup(page, ...roles) {
  await page.getByRole("link", { name: "自由グループを作る" }).click();
  await page.getByLabel("部屋の名前").fill(GROUP);
  await page.getByLabel("目的").fill(AIM);
  for (const role of roles) await page.getByRole("checkbox", { name: nameOf(role) }).check();
}

/**
 * The door in the list, by the words on it.
 * @param {import("./stage.mjs").Page} page
 * @param {import("./stage.mjs").Audience} audience
 * @param {string} words
 */
const door = (page, audience, words) => page.locator(`a[data-audience="${audience}"]`, { hasText: words });

test("a group without a name, an aim or people is not sent, and the cursor goes where something is missing", async () => {
  const page = await visit(browser, { viewport: phone });
  await signIn(page, server, server.person("office_admin"));
  await page.getByRole("link", { name: "自由グループを作る" }).click();
  assert.ok(
    await page.getByRole("heading", { level: 1 }).evaluate((title) => title === document.activeElement),
  );
  await opens(page).click();
  assert.ok(await page.getByLabel("部屋の名前").evaluate((field) => field === document.activeElement));
  await clean(page, "what is missing is said");
  await picture(page, "new-group-missing-phone");
  await page.getByLabel("部屋の名前").fill(GROUP);
  await opens(page).click();
  assert.ok(await page.getByLabel("目的").evaluate((field) => field === document.activeElement));
  await page.getByLabel("目的").fill(AIM);
  await opens(page).click();
  await page.getByText("招く人を1人以上選んでください。").waitFor();
  await page.context().close();
});

test("who may not open one is told why, and what was written stays", async () => {
  const physician = await visit(browser, { viewport: phone });
  await signIn(physician, server, server.person("physician"));
  await writeGroup(physician, "visiting_nurse");
  await opens(physician).click();
  await physician
    .getByRole("alert")
    .getByText("グループを作ったり消したりできるのは、事業所の管理者です。")
    .waitFor();
  assert.equal(await physician.getByLabel("部屋の名前").inputValue(), GROUP);
  await clean(physician, "refused");
  await picture(physician, "new-group-refused-phone");
  noComplaints(physician);
  await physician.context().close();
});

test("an administrator opens a free group, the nurse reads its aim and joins, and both write", async () => {
  await writeGroup(admin, "visiting_nurse");
  await opens(admin).click();
  await admin.getByRole("heading", { level: 1, name: GROUP }).waitFor();
  const invitation = nurse.getByRole("article").filter({ hasText: GROUP });
  await invitation.getByText(AIM).waitFor();
  await clean(nurse, "invitation");
  await invitation.getByRole("button", { name: "参加する" }).click();
  await door(nurse, "free", GROUP).click();
  // Without her word that it carries no patient's data, nothing is posted.
  await admin.getByLabel("投稿を書く").fill("印のない投稿");
  await admin.getByRole("button", { name: "確認へ" }).click();
  const sheet = admin.getByRole("dialog");
  await sheet.getByRole("button", { name: /に投稿/ }).click({ force: true });
  await sheet.getByRole("alert").getByText("確かめたことに印をつけると投稿できます。").waitFor();
  await sheet.getByRole("button", { name: "書き直す" }).click();
  await sheet.waitFor({ state: "detached" });
  await post(admin, "次回は18日です。資料は各自でお願いします。");
  await saved(nurse, "次回は18日です。").waitFor();
  await post(nurse, "参加します。");
  await saved(admin, "参加します。").waitFor();
  // Back from the new room is the list, not the page that made it.
  await admin.goBack();
  await admin.getByText("部屋を選んでください。").waitFor();
});

test("the nurse asks the pharmacist for a connection, who accepts, and both write", async () => {
  await nurse.getByRole("link", { name: "つながりを申し込む" }).click();
  await main(nurse).getByLabel("名前や事業所でさがす").fill(nameOf("pharmacist").replace(/ .*/, ""));
  await main(nurse)
    .getByRole("link", { name: nameOf("pharmacist") })
    .click();
  await nurse.getByRole("button", { name: /に申し込む/ }).click();
  await nurse.getByText("相手が承諾すると書けます。").waitFor();
  const invitation = pharmacist.getByRole("article").filter({ hasText: nameOf("visiting_nurse") });
  await invitation.getByText(/看護師・/).waitFor();
  await clean(pharmacist, "somebody asks");
  await invitation.getByRole("button", { name: "承諾する" }).click();
  await door(pharmacist, "pair", nameOf("visiting_nurse")).click();
  await post(nurse, "10部お願いできますか。");
  await saved(pharmacist, "10部お願い").waitFor();
  await post(pharmacist, "はい、用意します。");
  await saved(nurse, "はい、用意します。").waitFor();
});

test("a name in a room leads to the connection there is", async () => {
  await openRoom(nurse, await sharedRoom(nurse, pharmacist, "free"));
  await nurse
    .getByLabel("この部屋のこと")
    .getByRole("link", { name: nameOf("pharmacist") })
    .click();
  await nurse.getByText("つながっています", { exact: true }).waitFor();
  await nurse.getByRole("button", { name: "2人の部屋を開く" }).click();
  await saved(nurse, "はい、用意します。").waitFor();
  noComplaints(admin, nurse, pharmacist);
});

test("not connected, the button says why; what was written stays, and becomes one room", async () => {
  await writeGroup(admin, "visiting_nurse");
  await admin.getByLabel("部屋の名前").fill("停電の備え");
  await server.stop();
  await notConnected(admin).waitFor();
  await main(admin).getByText("つながると作れます。").waitFor();
  assert.equal(await opens(admin).getAttribute("aria-disabled"), "true");
  await clean(admin, "not connected");
  await picture(admin, "new-group-not-connected-pc");
  await server.start();
  await admin.locator("button.wide:not([aria-disabled])").waitFor({ timeout: 40_000 });
  await opens(admin).click();
  await admin.getByRole("heading", { level: 1, name: "停電の備え" }).waitFor();
  assert.equal(await door(admin, "free", "停電の備え").count(), 1);
});

for (const { name, viewport, colorScheme } of /** @type {const} */ ([
  { name: "phone", viewport: phone, colorScheme: "light" },
  { name: "phone-dark", viewport: phone, colorScheme: "dark" },
  { name: "pc", viewport: pc, colorScheme: "light" },
  { name: "pc-dark", viewport: pc, colorScheme: "dark" },
])) {
  test(`the pages are clean, and nothing is lost to the side: ${name}`, async () => {
    const page = await visit(browser, { viewport, colorScheme });
    await signIn(page, server, server.person("office_admin"));
    const look = async (/** @type {string} */ what) => {
      await clean(page, what);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, what);
      await picture(page, `${what}-${name}`);
    };
    await page.getByRole("link", { name: "自由グループを作る" }).scrollIntoViewIfNeeded();
    await look("rooms-end");
    await page.getByRole("link", { name: "自由グループを作る" }).click();
    await main(page).getByRole("checkbox").first().waitFor();
    await look("new-group");
    await page.getByLabel("部屋の名前").fill(GROUP);
    await page.getByRole("checkbox", { name: nameOf("visiting_nurse") }).check();
    await look("new-group-chosen");
    await page.getByRole("button", { name: "もどる" }).click();
    await page.getByRole("link", { name: "つながりを申し込む" }).click();
    await main(page).getByRole("link").first().waitFor();
    await look("new-connection");
    await main(page)
      .getByRole("link", { name: nameOf("visiting_nurse") })
      .click();
    await page.getByRole("button", { name: /に申し込む/ }).waitFor();
    await look("person");
    noComplaints(page);
    await page.context().close();
  });
}
