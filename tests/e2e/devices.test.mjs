//! Devices: one is registered, let in and given a certificate; a lost one ends what stands open; and a report without a session.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, pc, phone, picture, Server, signIn, visit } from "./stage.mjs";

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
 * The administrator, on the page of devices.
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function atTheLedger(options) {
  const page = await visit(browser, options);
  await signIn(page, server, server.person("office_admin"));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "事業所の管理" }).click();
  await page.getByRole("link", { name: "端末と証明書" }).click();
  await page.getByRole("heading", { name: /^端末 \d+台$/ }).waitFor();
  return page;
}

/**
 * Somebody's own devices.
 * @param {import("./stage.mjs").Page} page
 */
async function toMyDevices(page) {
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "わたしの端末" }).click();
  await page.getByRole("heading", { name: "わたしの端末" }).waitFor();
}

/**
 * Registers a device that whoever is signed in holds.
 * @param {import("./stage.mjs").Page} page
 * @param {string} name
 * @param {string[]} declared
 * @param {string} ownership
 */
async function register(page, name, declared, ownership = "事業所の端末") {
  await page.getByRole("button", { name: "端末を登録する" }).click();
  await page.getByLabel("端末の名前").fill(name);
  await page.getByLabel("スマートフォン", { exact: true }).check();
  await page.getByLabel(ownership, { exact: true }).check();
  await page.getByLabel("Android", { exact: true }).check();
  await page.getByLabel("OSとその版").fill("Android 16");
  if (ownership === "私物") await page.getByLabel("私物を使う理由と範囲").fill("訪問先での連絡のため");
  for (const label of declared) await page.getByLabel(label).check();
}

/**
 * The sheet of an act with a device.
 * @param {import("./stage.mjs").Page} page
 * @param {string} name
 * @param {string} verb
 */
async function act(page, name, verb) {
  const row = page
    .getByRole("listitem")
    .filter({ has: page.getByRole("button", { name: `${name}の手続き` }) });
  const opener = row.getByRole("button", { name: `${name}の手続き` });
  if ((await opener.getAttribute("aria-expanded")) === "false") await opener.click();
  await row.getByRole("button", { name: verb, exact: true }).click();
  return page.getByRole("dialog");
}

const MUST = [
  "ウイルス対策が働き、最新になっている",
  "だれでも使えるWi-Fiにつながない",
  "席をはなれるときも、画面をほかの人に見せない",
  "使わないときは、鍵のかかる場所にしまう",
];

test("a nurse registers a phone, her administrator lets it in and issues a certificate", async () => {
  const nurse = await visit(browser, { viewport: phone });
  await signIn(nurse, server, server.person("visiting_nurse"));
  await toMyDevices(nurse);
  await clean(nurse, "no devices yet");
  await picture(nurse, "devices-mine-none-phone");
  await register(nurse, "訪問用スマートフォン", MUST.slice(0, 2));
  await clean(nurse, "registering");
  await picture(nurse, "devices-register-phone");
  await nurse.getByRole("button", { name: "登録する", exact: true }).click();
  await nurse.getByText("訪問用スマートフォンを登録しました。").waitFor();
  await nurse.getByText("承認待ち").waitFor();
  await clean(nurse, "registered");
  await picture(nurse, "devices-mine-phone");

  const admin = await atTheLedger({ viewport: pc, acceptDownloads: true });
  await clean(admin, "the ledger");
  await picture(admin, "devices-ledger-pc");
  let sheet = await act(admin, "訪問用スマートフォン", "承認する");
  await sheet.getByRole("button", { name: "承認する" }).click();
  await sheet.getByRole("alert").waitFor();
  assert.equal(await sheet.getByText("必要です", { exact: true }).count(), 2, "what is missing is marked");
  await clean(admin, "what is missing");
  await picture(admin, "devices-missing-pc");
  for (const label of MUST) await sheet.getByLabel(label).check();
  await sheet.getByRole("button", { name: "承認する" }).click();
  await admin.getByText("訪問用スマートフォンを承認しました。").waitFor();

  sheet = await act(admin, "訪問用スマートフォン", "証明書を発行する");
  await clean(admin, "issuing");
  await picture(admin, "devices-issue-pc");
  await sheet.getByRole("button", { name: "証明書を発行する" }).click();
  const save = admin.getByRole("link", { name: "ファイルを保存する" });
  await save.waitFor();
  const [download] = await Promise.all([admin.waitForEvent("download"), save.click()]);
  assert.match(download.suggestedFilename(), /^tsumugi-[0-9a-f]{8}\.p12$/);
  assert.ok(statSync(await download.path()).size > 500, "a file with something in it");
  const passphrase = await admin.getByRole("definition").innerText();
  assert.ok(passphrase.length >= 8);
  await admin.keyboard.press("Escape");
  assert.ok(await save.isVisible(), "it is not closed by accident");
  await clean(admin, "issued");
  await picture(admin, "devices-issued-pc");
  await admin.getByRole("button", { name: "端末に入れたので閉じる" }).click();
  await save.waitFor({ state: "detached" });
  await admin.getByText(/^証明書の期限/).waitFor();
  const kept = await admin.evaluate(() =>
    JSON.stringify([document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }]),
  );
  assert.ok(!kept.includes(passphrase), "the passphrase is kept nowhere");
  noComplaints(nurse, admin);
  await Promise.all([nurse, admin].map((page) => page.context().close()));
});

// clause("002-2.1M10")
test("who lost a phone ends every session of hers, and has to set a new password", async () => {
  const her = server.person("nurse");
  const lost = await visit(browser, { viewport: phone });
  await signIn(lost, server, her);
  await toMyDevices(lost);
  await register(lost, "なくした電話", MUST);
  await lost.getByRole("button", { name: "登録する", exact: true }).click();
  await lost.getByText("なくした電話を登録しました。").waitFor();

  const other = await visit(browser, { viewport: phone });
  await signIn(other, server, her);
  await other.getByRole("button", { name: "設定" }).click();
  await other.getByRole("link", { name: "ログイン中の端末" }).click();
  await other.getByRole("link", { name: "端末をなくしたとき" }).click();
  await other.getByLabel("なくした電話").check();
  await other.getByRole("button", { name: "紛失を届け出る" }).click();
  await clean(other, "asking");
  await picture(other, "devices-lost-asking-phone");
  await other.getByRole("dialog").getByRole("button", { name: "紛失を届け出る" }).click();
  await lost.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });
  await other.getByText(/届け出ました。すべての端末で/).waitFor();
  await clean(other, "reported");
  await picture(other, "devices-lost-reported-phone");

  await other.getByLabel("メールアドレス").fill(her.email);
  await other.getByLabel("パスワード", { exact: true }).fill(her.password);
  await other.getByRole("button", { name: "パスワードでログイン" }).click();
  await other.getByRole("heading", { name: "パスワードを新しくする" }).waitFor();

  const admin = await atTheLedger({ viewport: phone });
  const row = admin
    .getByRole("listitem")
    .filter({ has: admin.getByRole("button", { name: "なくした電話の手続き" }) });
  await row.getByText("停止中").waitFor();
  await admin.getByRole("link", { name: "紛失・異常の報告" }).click();
  await admin.getByText(`${her.name}さん・端末の紛失`).waitFor();
  await admin.getByText("なくした電話は止まっています").waitFor();
  await clean(admin, "a loss");
  await picture(admin, "devices-loss-phone");
  noComplaints(lost, other, admin);
  await Promise.all([lost, other, admin].map((page) => page.context().close()));
});

test("a loss is reported without a session: the answer is always the same, and nothing is stopped by it", async () => {
  const her = server.person("physio");
  const open = await visit(browser, { viewport: pc });
  await signIn(open, server, her);
  const said = [];
  for (const email of [her.email, "nobody-here@demo.example"]) {
    const page = await visit(browser, { viewport: phone });
    await page.goto(`${server.url}/`);
    await page.getByRole("button", { name: "端末をなくしたとき" }).click();
    await page.getByText(/この届け出だけでは、ログインは止まりません/).waitFor();
    await clean(page, "reporting");
    await picture(page, "devices-report-phone");
    await page.getByLabel("メールアドレス").fill(email);
    await page.getByLabel("何が起きたか").fill("電車に置き忘れました。");
    await page.getByRole("button", { name: "届け出る", exact: true }).click();
    const status = page.getByRole("status").filter({ hasText: "届け出を受け付けました" });
    await status.waitFor();
    said.push(await page.getByRole("main").innerText());
    await picture(page, "devices-report-done-phone");
    noComplaints(page);
    await page.context().close();
  }
  assert.equal(said[0], said[1]);
  assert.ok(await open.locator("a[data-audience]").first().isVisible(), "she stays signed in");

  const admin = await atTheLedger({ viewport: pc });
  await admin.getByRole("link", { name: "紛失・異常の報告" }).click();
  await admin.getByText("「電車に置き忘れました。」").waitFor();
  await picture(admin, "devices-report-pc");
  noComplaints(open, admin);
  await Promise.all([open, admin].map((page) => page.context().close()));
});

test("a private device needs a written permission, and all are stopped at once with a reason", async () => {
  const nurse = await visit(browser, { viewport: phone });
  await signIn(nurse, server, server.person("visiting_nurse"));
  await toMyDevices(nurse);
  await register(nurse, "わたしの電話", MUST, "私物");
  await nurse.getByRole("button", { name: "登録する", exact: true }).click();
  await nurse.getByText("わたしの電話を登録しました。").waitFor();

  const admin = await atTheLedger({ viewport: phone });
  await admin.goto(`${server.url}/#/settings`);
  await admin.getByLabel("はっきり").check();
  await admin.goto(`${server.url}/#/devices`);
  await admin.getByRole("heading", { name: /^端末 \d+台$/ }).waitFor();
  let sheet = await act(admin, "わたしの電話", "承認する");
  await sheet.getByRole("button", { name: "承認する" }).click();
  await sheet.getByText("許可の日付・許可した人・範囲を入れてください。").waitFor();
  await clean(admin, "the permission is missing");
  await picture(admin, "devices-permission-phone-contrast");
  await sheet.getByLabel("許可の日付").fill("2026-11-01");
  await sheet.getByLabel("許可した人").fill("山﨑 千尋");
  await sheet.getByLabel("許可の範囲").fill("訪問先での連絡");
  await sheet.getByRole("button", { name: "承認する" }).click();
  await admin.getByText("わたしの電話を承認しました。").waitFor();

  await admin.getByRole("button", { name: /^すべての端末（\d+台）を止める$/ }).click();
  sheet = admin.getByRole("dialog");
  await sheet.getByText(/わたしの電話/).waitFor();
  await clean(admin, "the stop of all");
  await picture(admin, "devices-stop-all-phone-contrast");
  await sheet.getByLabel("理由").fill("かばんごと盗まれた");
  await sheet.getByRole("button", { name: /止める$/ }).click();
  await admin.getByText(/^\d+台を止めました。$/).waitFor();
  await admin.getByText("止める端末はありません。").waitFor();
  await clean(admin, "all are stopped");
  await picture(admin, "devices-all-stopped-phone-contrast");
  noComplaints(nurse, admin);
  await Promise.all([nurse, admin].map((page) => page.context().close()));
});
