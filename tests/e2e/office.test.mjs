//! The page of an office: its administrator opens a lock with a reason, and a suspension ends what stands open.
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
 * The administrator, on the page of her office.
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function atTheOffice(options) {
  const page = await visit(browser, options);
  await signIn(page, server, server.person("office_admin"));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "事業所の管理" }).click();
  await page.getByRole("heading", { name: /^職員 \d+人$/ }).waitFor();
  return page;
}

/**
 * A try to sign in.
 * @param {import("./stage.mjs").Page} page
 * @param {string} email
 * @param {string} password
 */
async function attempt(page, email, password) {
  await page.getByLabel("メールアドレス").fill(email);
  await page.getByLabel("パスワード", { exact: true }).fill(password);
  await page.getByRole("button", { name: "パスワードでログイン" }).click();
}

// clause("002-1.2(1)c")
test("a colleague is locked after three failures, and her administrator opens the lock with a reason", async () => {
  const { name, email, password } = server.person("nurse");
  const page = await atTheOffice({ viewport: phone });
  const row = page.getByRole("listitem").filter({ hasText: name });
  const her = await visit(browser, { viewport: phone });
  await her.goto(`${server.url}/`);
  for (let n = 0; n < 3; n += 1) {
    await attempt(her, email, `ちがう ${n}`);
    await her.getByRole("alert").waitFor();
  }
  await attempt(her, email, password);
  await her.getByRole("alert").waitFor();
  assert.equal(await her.locator("a[data-audience]").count(), 0, "the right password does not open a lock");

  // The page that is open says so by itself.
  await row.getByText(/^ロック中/).waitFor();
  await clean(page, "the office");
  await picture(page, "office-phone");
  const sheet = await act(page, name, "ロックを解除する");
  await clean(page, "a reason is asked for");
  await picture(page, "office-unlock-phone");
  await sheet.getByRole("button", { name: "ロックを解除する" }).click();
  await sheet.getByText("理由を書いてください。").waitFor();
  await clean(page, "the reason is missing");
  await picture(page, "office-reason-missing-phone");
  await sheet.getByLabel("理由").fill("本人から電話があり、確かめた");
  await sheet.getByRole("button", { name: "ロックを解除する" }).click();
  await page.getByText(`${name}さんのロックを解除しました。`).waitFor();
  await row.getByText(/^ロック中/).waitFor({ state: "detached" });
  await clean(page, "the lock is open");
  await picture(page, "office-unlocked-phone");
  await attempt(her, email, password);
  await her.locator("a[data-audience]").first().waitFor();
  noComplaints(page, her);
  await Promise.all([page, her].map((one) => one.context().close()));
});

test("a suspension ends her open page, and restoring lets her in again", async () => {
  const person = server.person("physio");
  const her = await visit(browser, { viewport: phone });
  await signIn(her, server, person);
  const page = await atTheOffice({ viewport: pc });
  await picture(page, "office-pc");
  let sheet = await act(page, person.name, "利用を止める");
  await clean(page, "a reason is asked for");
  await picture(page, "office-suspend-pc");
  await sheet.getByRole("button", { name: "やめる" }).click();
  await sheet.waitFor({ state: "detached" });
  assert.ok(await her.locator("a[data-audience]").first().isVisible(), "asking ends nothing");
  sheet = await act(page, person.name, "利用を止める");
  await sheet.getByLabel("理由").fill("端末をなくしたと連絡があった");
  await sheet.getByRole("button", { name: "利用を止める" }).click();
  await her.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });
  const row = page.getByRole("listitem").filter({ hasText: person.name });
  await row.getByText("停止中").waitFor();
  await clean(page, "somebody is suspended");
  await attempt(her, person.email, person.password);
  await her.getByRole("alert").waitFor();
  sheet = await act(page, person.name, "元にもどす");
  await sheet.getByLabel("理由").fill("端末が見つかった");
  await sheet.getByRole("button", { name: "元にもどす" }).click();
  await row.getByText("停止中").waitFor({ state: "detached" });
  await attempt(her, person.email, person.password);
  await her.locator("a[data-audience]").first().waitFor();
  noComplaints(page, her);
  await Promise.all([page, her].map((one) => one.context().close()));
});

test("a refusal is said in the sheet, and a recovery waits on the page for a second administrator", async () => {
  const page = await atTheOffice({ viewport: phone, colorScheme: "dark" });
  const { name } = server.person("occupational_therapist");
  let sheet = await act(page, name, "新しいパスワードのリンクを送る");
  await sheet.getByLabel("理由").fill("忘れたと連絡があった");
  await sheet.getByRole("button", { name: "新しいパスワードのリンクを送る" }).click();
  // This server sends no mail.
  await sheet.getByRole("alert").waitFor();
  await clean(page, "refused");
  await picture(page, "office-refused-phone-dark");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });

  sheet = await act(page, name, "なくしたパスキーの復旧を始める");
  await sheet.getByLabel("理由").fill("電話を落とした");
  await sheet.getByRole("button", { name: "なくしたパスキーの復旧を始める" }).click();
  await page.getByText("同じ事業所のほかの管理者が、この画面で承認します。").waitFor();
  const waiting = page.getByRole("listitem").filter({ hasText: `${name}さんのパスキー` });
  await waiting.getByText("ほかの管理者の承認を待っています。").waitFor();
  assert.match(await waiting.innerText(), /あなたが始めました[\s\S]*理由：電話を落とした/);
  assert.equal(await waiting.getByRole("button").count(), 0, "nobody approves what she began");
  await clean(page, "a case that waits");
  await waiting.scrollIntoViewIfNeeded();
  await picture(page, "office-case-phone-dark");
  noComplaints(page);
  await page.context().close();
});

test("whoever administers nothing finds no way to the page, and it shows her nothing", async () => {
  const admin = await atTheOffice({ viewport: pc });
  const address = admin.url();
  const page = await visit(browser, { viewport: pc });
  await signIn(page, server, server.person("visiting_nurse"));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "わたしの端末" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "事業所の管理" }).count(), 0);
  await page.goto(address);
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("heading", { name: /^職員/ }).count(), 0);
  noComplaints(admin, page);
  await Promise.all([admin, page].map((one) => one.context().close()));
});

test("who left the job is out at once and no longer on the list; a colleague needs an address of her own", async () => {
  const page = await atTheOffice({ viewport: phone });
  await page.getByRole("button", { name: "職員を登録する" }).click();
  await page.getByRole("button", { name: "登録して、リンクを送る" }).click();
  await page.getByText("氏名を書いてください。").waitFor();
  await clean(page, "a new colleague");
  await picture(page, "office-colleague-phone");
  await page.getByLabel("氏名").fill("春野 さくら");
  await page.getByLabel("職種").selectOption({ label: "看護師" });
  await page.getByLabel("メールアドレス").fill("haruno@demo.example");
  await page.getByRole("button", { name: "登録して、リンクを送る" }).click();
  // This server sends no mail, so nobody is registered.
  await page.getByRole("alert").waitFor();
  await page.getByRole("button", { name: "やめる" }).click();
  assert.equal(await page.getByText("春野 さくら").count(), 0);

  const taken = ["office_admin", "nurse", "physio", "occupational_therapist"];
  const list = await page.getByRole("list").first().innerText();
  const colleague = server.people.find((one) => list.includes(one.name) && !taken.includes(one.role));
  assert.ok(colleague, "somebody else works here");
  const her = await visit(browser, { viewport: phone });
  await signIn(her, server, colleague);
  const sheet = await act(page, colleague.name, "退職・異動の手続きをする");
  await picture(page, "office-leave-phone");
  await sheet.getByLabel("理由").fill("退職");
  await sheet.getByRole("button", { name: "退職・異動の手続きをする" }).click();
  await her.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });
  await page.getByText(`${colleague.name}さんの所属を終わりにしました。`).waitFor();
  await page.getByRole("button", { name: `${colleague.name}さんの手続き` }).waitFor({ state: "detached" });
  noComplaints(page, her);
  await Promise.all([page, her].map((one) => one.context().close()));
});
