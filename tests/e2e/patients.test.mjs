//! Two marks that nobody takes for one another: a verified professional's, and that of a patient whose account staff confirmed;
//! and what is kept of a patient, corrected with both versions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  asks,
  browse,
  clean,
  noComplaints,
  openRoom,
  pc,
  phone,
  picture,
  post,
  Server,
  sharedRoom,
  signIn,
  visit,
} from "./stage.mjs";

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

/** @param {string} email */
function person(email) {
  const found = server.people.find((each) => each.email === email);
  if (!found) throw new Error(`nobody is ${email}`);
  return found;
}

/**
 * The page about patients, from the settings.
 * @param {import("./stage.mjs").Page} page
 */
async function toPatients(page) {
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "さんの登録情報と本人確認" }).click();
  await page.getByRole("heading", { level: 2, name: /三枝/ }).waitFor();
}

/**
 * Where a mark stands at its icon, what is said of it, and its sign.
 * @param {import("playwright-core").Locator} mark
 */
async function look(mark) {
  const [at, icon] = [await mark.boundingBox(), await mark.locator("..").boundingBox()];
  assert.ok(at && icon, "both are on screen");
  const isRight = at.x + at.width / 2 > icon.x + icon.width / 2;
  const isLower = at.y + at.height / 2 > icon.y + icon.height / 2;
  return {
    place: `${isLower ? "lower" : "upper"} ${isRight ? "right" : "left"}`,
    said: await mark.getAttribute("aria-label"),
    sign: await mark.locator("path").getAttribute("d"),
  };
}

test("staff confirm a patient's account, and nobody takes its mark for a professional's", async () => {
  // clause("002-gl4", "002-gl5")
  const physician = await visit(browser, { viewport: phone });
  await signIn(physician, server, server.person("physician"));
  await physician.getByRole("button", { name: "設定" }).click();
  await physician.getByRole("link", { name: "プロフィール" }).click();
  await physician.getByText("まだ本人確認されていません").waitFor();
  await physician.getByRole("link", { name: "本人確認を記録する" }).click();
  await physician.getByText("本人確認がまだです").waitFor();
  await clean(physician, "patients");
  await physician.getByRole("button", { name: "三枝 武雄さんの本人確認を記録する" }).click();
  const sheet = physician.getByRole("dialog");
  await sheet.getByLabel("確かめた方法").selectOption("other");
  await sheet.getByLabel("確かめた日").fill("2024-05-01");
  await sheet.getByRole("button", { name: "記録する", exact: true }).click();
  await sheet.getByText("どのように確かめたかを書いてください。").waitFor();
  await sheet.getByLabel(/^メモ/).fill("診察のときに、保険証を見せてもらった");
  await clean(physician, "a confirmation");
  await picture(physician, "confirm-account-phone");
  await sheet.getByRole("button", { name: "記録する", exact: true }).click();
  await physician.getByText("三枝 武雄さんの本人確認を記録しました。").waitFor();
  await physician.getByText(/そのほか（メモに書く）（2024年5月1日・鴇田 真一）/).waitFor();
  assert.equal(await physician.getByText("本人確認がまだです").count(), 0, "it is done");
  await physician.getByRole("img", { name: "ご本人確認済み" }).waitFor();
  await picture(physician, "patients-phone");

  // The physician is verified as a professional; his patient sees both marks, each in its place.
  const desk = await visit(browser);
  await signIn(desk, server, server.person("secretariat"));
  const image = await physician.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });
  const me = await asks(physician, "accounts.me", {});
  const verification = crypto.randomUUID();
  const affiliation = me.affiliations[0].id;
  await asks(physician, "verifications.ask", { verification, affiliation, document: image });
  await asks(desk, "verifications.decide", { verification, verdict: "approve", reason: "免許証" });

  const patient = await visit(browser, { viewport: pc });
  await signIn(patient, server, person("takeo@demo.example"));
  await physician.goto(`${server.url}/`);
  const room = await sharedRoom(physician, patient, "family");
  await openRoom(patient, room);
  const readers = patient.getByRole("complementary");
  const confirmed = readers.getByRole("img", { name: "ご本人確認済み" });
  const verified = readers.getByRole("img", { name: "本人認証済み", exact: true });
  await Promise.all([confirmed.waitFor(), verified.waitFor()]);
  const [one, other] = [await look(confirmed), await look(verified)];
  assert.deepEqual([one.place, other.place], ["upper right", "lower right"]);
  assert.notEqual(one.said, other.said);
  assert.notEqual(one.sign, other.sign);

  // In the confirm sheet, and at what was posted.
  await patient.getByLabel("投稿を書く").fill("きょうは足のむくみが引きました。");
  await patient.getByRole("button", { name: "確認へ" }).click();
  await patient.getByRole("dialog").getByRole("img", { name: "本人認証済み" }).waitFor();
  await picture(patient, "marks-confirm-pc");
  await patient.getByRole("button", { name: "書き直す" }).click();
  await post(patient, "きょうは足のむくみが引きました。");
  await openRoom(physician, room);
  const mine = physician.getByRole("article").filter({ hasText: "足のむくみが引きました" });
  await mine.getByRole("img", { name: "ご本人確認済み" }).waitFor();
  await picture(physician, "marks-posts-phone");

  // Another name takes his mark away, and leaves the one on what he wrote.
  await patient.getByRole("button", { name: "設定" }).click();
  await patient.getByRole("link", { name: "プロフィール" }).click();
  await patient.getByLabel("氏名").fill("三枝 武");
  await patient.getByRole("button", { name: "変更を保存する" }).click();
  await patient.getByText("プロフィールを保存しました。").waitFor();
  await patient.getByRole("img", { name: "ご本人確認済み" }).waitFor({ state: "detached" });
  assert.equal(await mine.getByRole("img", { name: "ご本人確認済み" }).count(), 1);
  noComplaints(physician, patient, desk);
});

test("the steward's administrator corrects what is kept of a patient, and both versions stay", async () => {
  // clause("002-gl5")
  const admin = await visit(browser, { viewport: pc });
  await signIn(admin, server, person("ogino@demo.example"));
  await toPatients(admin);
  await admin.getByRole("button", { name: "三枝 武雄さんの登録情報を直す" }).click();
  const sheet = admin.getByRole("dialog");
  await sheet.getByLabel("氏名").fill("三枝 竹雄");
  await sheet.getByRole("button", { name: "直す", exact: true }).click();
  await sheet.getByText("理由を書いてください。").waitFor();
  await sheet.getByLabel("理由").fill("保険証の表記に合わせた");
  await clean(admin, "a correction");
  await picture(admin, "correct-patient-pc");
  await sheet.getByRole("button", { name: "直す", exact: true }).click();
  await admin.getByText("三枝 武雄さんの登録情報を直しました。").waitFor();
  await admin.getByRole("button", { name: "三枝 竹雄さんの直した記録" }).click();
  await admin.getByText("氏名：三枝 武雄 → 三枝 竹雄").waitFor();
  await admin.getByText("理由：保険証の表記に合わせた").waitFor();

  // Staff whom she names may correct too.
  await admin.getByRole("button", { name: "職員を決める" }).click();
  await sheet.getByLabel("職員").selectOption({ label: "髙橋 美佐" });
  await sheet.getByLabel("理由").fill("受付の担当");
  await sheet.getByRole("button", { name: "決める", exact: true }).click();
  await admin.getByText("髙橋 美佐さんも直せるようになりました。").waitFor();
  await clean(admin, "who corrects");
  await picture(admin, "patients-admin-pc");
  noComplaints(admin);
});
