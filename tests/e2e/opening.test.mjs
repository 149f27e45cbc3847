//! A timeline is opened on a phone: a patient is registered, a physician is named and takes part, and only then it is written in.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, phone, picture, post, Server, saved, signIn, visit } from "./stage.mjs";

const PATIENT = "藤波 すみれ";
const NURSE = "髙橋 美佐";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let nurse;
/** @type {import("./stage.mjs").Page} */
let physician;
/** @type {string} */
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsumugi-opening-"));
  const rules = join(folder, "profile.toml");
  const floor = readFileSync(new URL("../../server/policies/vendor-floor.toml", import.meta.url), "utf8");
  const asked = floor
    .replace(/^patient_group_create = .*$/m, 'patient_group_create = "physician_or_instructed"')
    .replace(/^physician_must_join = .*$/m, 'physician_must_join = "gate"');
  assert.notEqual(asked, floor);
  writeFileSync(rules, asked);
  server = await new Server(["--profile", rules]).start();
  browser = await browse();
  [nurse, physician] = await Promise.all([
    visit(browser, { viewport: phone }),
    visit(browser, { viewport: phone }),
  ]);
  const found = server.people.find(({ name }) => name === NURSE);
  assert.ok(found, NURSE);
  await signIn(nurse, server, found);
  await signIn(physician, server, server.person("physician"));
});

after(async () => {
  await browser?.close();
  await server?.end();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/**
 * Registers somebody from the page where timelines are opened.
 * @param {import("./stage.mjs").Page} page
 * @param {string} name
 * @param {string} kana
 */
async function register(page, name, kana) {
  await page.getByRole("link", { name: "タイムラインを開く" }).first().click();
  await page.getByRole("heading", { level: 1, name: "タイムラインを開く" }).waitFor();
  await page.getByRole("button", { name: "患者を登録する" }).click();
  await page.getByLabel("名前").fill(name);
  await page.getByLabel("よみ").fill(kana);
  await page.getByLabel("生年月日").fill("1941-05-17");
  await page.getByLabel("性別").selectOption("female");
  await page.getByRole("button", { name: "登録する", exact: true }).click();
  await page.getByText(`${name}さんを登録しました。`).waitFor();
  await page.getByRole("button", { name: `${name}さんのタイムラインを開く` }).click();
}

test("a physician opens one herself, and it is open at once", async () => {
  await register(physician, "桐生 さくら", "きりゅう さくら");
  const sheet = physician.getByRole("dialog");
  await sheet.getByText("あなたが医師として開きます。").waitFor();
  await sheet.getByText("ありません。すぐに使えます").waitFor();
  await clean(physician, "opening a timeline");
  await picture(physician, "opening-own-phone");
  await sheet.getByRole("button", { name: "開く", exact: true }).click();
  await post(physician, "はじめます。");
  await saved(physician, "はじめます。").waitFor();
});

test("a nurse asks the physician, and until the yes it is a draft that says why", async () => {
  await register(nurse, PATIENT, "ふじなみ すみれ");
  const sheet = nurse.getByRole("dialog");
  await sheet.getByRole("button", { name: "開く", exact: true }).click();
  await sheet.getByText("医師を選んでください。").waitFor();
  const who = sheet.getByLabel("医師");
  const choice = await who
    .locator("option", { hasText: server.person("physician").name })
    .getAttribute("value");
  assert.ok(choice, "the physician is known");
  await who.selectOption(choice);
  await sheet.getByText("医師の承認").waitFor();
  await clean(nurse, "asking a physician");
  await picture(nurse, "opening-ask-phone");
  await sheet.getByRole("button", { name: "開く", exact: true }).click();
  await nurse.getByText("医師の承認を待っています。承認されるまで書けません。").waitFor();
  await clean(nurse, "a draft");
  await picture(nurse, "opening-draft-phone");
});

test("the physician approves and joins, and it is written in", async () => {
  await physician.goto(`${server.url}/#/openings`);
  await physician.getByRole("button", { name: "藤波さんのタイムラインの操作" }).click();
  await picture(physician, "opening-approve-phone");
  await physician.getByRole("button", { name: "承認する", exact: true }).click();
  const sheet = physician.getByRole("dialog");
  await clean(physician, "approving a timeline");
  await sheet.getByRole("button", { name: "承認する", exact: true }).click();
  await physician.getByText("承認しました。招待に応じて参加してください。").waitFor();
  await nurse.getByText("医師の参加を待っています。医師が参加すると書けます。").waitFor();
  await physician.goto(`${server.url}/#/`);
  const invitation = physician.getByRole("article").first();
  await invitation.getByRole("checkbox").check();
  await invitation.getByRole("button", { name: "参加する" }).click();
  await post(nurse, "よろしくお願いします。");
  await saved(nurse, "よろしくお願いします。").waitFor();
  noComplaints(nurse, physician);
});
