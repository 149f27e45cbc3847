//! Being kept out of timelines, leaving, and moving to another office, as people see it on their pages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, pc, phone, picture, roomsOf, Server, signIn, visit } from "./stage.mjs";

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
 * Somebody on the page of the office she administers.
 * @param {string} email
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function atTheOffice(email, options) {
  const page = await visit(browser, options);
  const person = server.people.find((one) => one.email === email) ?? server.person(email);
  await signIn(page, server, person);
  await page.getByRole("button", { name: /^設定/ }).click();
  await page.getByRole("link", { name: "事業所の管理" }).click();
  await page.getByRole("heading", { name: /^職員 \d+人$/ }).waitFor();
  return page;
}

test("a person of another office is kept out of the timelines of this one, and let back in", async () => {
  const physician = server.person("physician");
  const his = await visit(browser, { viewport: phone });
  await signIn(his, server, physician);
  const before = (await roomsOf(his, "staff")).length;
  const page = await atTheOffice("office_admin", { viewport: phone });
  await page.getByRole("button", { name: "参加者を見る" }).click();
  const row = page.getByRole("listitem").filter({ hasText: physician.name });
  await row.getByText(/件のタイムラインに参加/).waitFor();
  await clean(page, "who is in the timelines");
  await page.getByRole("heading", { name: "タイムラインの参加者" }).scrollIntoViewIfNeeded();
  await picture(page, "office-readers-phone");
  await row.getByRole("button", { name: `${physician.name}さんの参加を止める` }).click();
  const sheet = page.getByRole("dialog");
  await clean(page, "a reason is asked for");
  await picture(page, "office-bar-phone");
  await sheet.getByLabel("理由").fill("無断で写真を載せた");
  await sheet.getByRole("button", { name: "参加を止める" }).click();
  await page.getByText(`${physician.name}さんの参加を止めました。`).waitFor();
  await row.getByText(/から参加停止中/).waitFor();

  // His open page has lost them, and says so where notices stand.
  await his.waitForFunction(
    (count) => document.querySelectorAll('a[data-audience="staff"]').length < count,
    before,
  );
  await his.getByRole("button", { name: /^設定/ }).click();
  await his.getByText(/タイムラインへの参加が、その事業所の管理者によって止められました/).waitFor();
  await his.goBack();

  await row.getByRole("button", { name: `${physician.name}さんの参加を再開する` }).click();
  await page.getByRole("dialog").getByLabel("理由").fill("話し合いが済んだ");
  await page.getByRole("dialog").getByRole("button", { name: "参加を再開する" }).click();
  await page.getByText(`${physician.name}さんの参加を再開しました。`).waitFor();
  await his.waitForFunction(
    (count) => document.querySelectorAll('a[data-audience="staff"]').length === count,
    before,
  );
  noComplaints(page, his);
  await Promise.all([page, his].map((one) => one.context().close()));
});

test("whoever left is on the list of what is to be done, and on a case her account is closed", async () => {
  const her = server.person("nurse");
  const page = await atTheOffice("office_admin", { viewport: pc });
  const staff = page.getByRole("listitem").filter({ hasText: her.name });
  await staff.getByRole("button", { name: `${her.name}さんの手続き` }).click();
  await staff.getByRole("button", { name: "退職・異動の手続きをする" }).click();
  await page.getByRole("dialog").getByLabel("理由").fill("三月で退職した");
  await page.getByRole("dialog").getByRole("button", { name: "退職・異動の手続きをする" }).click();
  await page.getByRole("heading", { name: "退職・異動した人" }).waitFor();
  await page.getByText("退職後、アカウントが残っています").waitFor();
  await clean(page, "who left");
  await picture(page, "office-leavers-pc");

  await server.supportCase(her.email, "家族から電話があり、書面で確かめた");
  const close = page.getByRole("button", { name: `${her.name}さんのアカウントを削除する` });
  await close.waitFor();
  await picture(page, "office-case-pc");
  await close.click();
  const sheet = page.getByRole("dialog");
  await clean(page, "closing in her stead");
  await sheet.getByRole("button", { name: "アカウントを削除する" }).click();
  await page.getByText(`${her.name}さんのアカウントを削除しました。`).waitFor();
  await page.getByText("アカウントについて、することはありません").waitFor();
  assert.equal(await close.count(), 0);
  noComplaints(page);
  await page.context().close();
});

test("an office asks for somebody who has an account, and she accepts and comes in anew", async () => {
  const her = server.person("physio");
  const page = await atTheOffice("saito@demo.example", { viewport: phone });
  await page.getByRole("button", { name: "職員を登録する" }).click();
  await page.getByLabel("氏名", { exact: true }).fill(her.name);
  await page.getByLabel("メールアドレス").fill(her.email);
  await page.getByRole("button", { name: "登録して、リンクを送る" }).click();
  const join = page.getByRole("button", { name: "所属を依頼する" });
  await join.waitFor();
  await clean(page, "the address is known");
  await join.scrollIntoViewIfNeeded();
  await picture(page, "office-join-phone");
  await join.click();
  await page.getByText(`${her.name}さんに所属を依頼しました。`).waitFor();

  const hers = await visit(browser, { viewport: phone });
  await signIn(hers, server, her);
  await hers.getByRole("button", { name: /^設定/ }).click();
  await hers.getByRole("heading", { name: "所属の依頼" }).waitFor();
  await clean(hers, "an office asks");
  await hers.getByRole("heading", { name: "所属の依頼" }).scrollIntoViewIfNeeded();
  await picture(hers, "admission-phone");
  await hers.getByRole("button", { name: "承諾する" }).click();
  const sheet = hers.getByRole("dialog");
  await clean(hers, "accepting");
  await picture(hers, "admission-accept-phone");
  await sheet.getByRole("button", { name: "承諾する" }).click();
  await hers.getByRole("heading", { name: "ログイン" }).waitFor();
  await signIn(hers, server, her);
  await hers.getByRole("button", { name: /^設定/ }).click();
  await hers
    .getByText(/はたおり居宅介護支援/)
    .first()
    .waitFor();
  await page.getByRole("listitem").filter({ hasText: her.name }).first().waitFor();

  // Closing one's own account; she has just shown who she is.
  await hers.getByRole("button", { name: "アカウントを削除する" }).click();
  const closing = hers.getByRole("dialog");
  await clean(hers, "closing");
  await picture(hers, "close-account-phone");
  await closing.getByRole("button", { name: "削除する" }).click();
  await hers.getByRole("heading", { name: "ログイン" }).waitFor();
  noComplaints(page, hers);
  await Promise.all([page, hers].map((one) => one.context().close()));
});
