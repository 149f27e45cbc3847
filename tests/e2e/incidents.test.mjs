//! A lost phone: reported without signing in, secured by the secretariat from another browser, and the phone is signed out.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { browse, clean, noComplaints, pc, phone, picture, Server, signIn, visit } from "./stage.mjs";

const FLOOR = join(dirname(fileURLToPath(import.meta.url)), "../../server/policies/vendor-floor.toml");
const folder = mkdtempSync(join(tmpdir(), "tsumugi-rules-"));

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  const rules = join(folder, "profile.toml");
  const floor = readFileSync(FLOOR, "utf8");
  writeFileSync(rules, floor.replace(/^incident_to = .*$/m, 'incident_to = ["office_admin", "secretariat"]'));
  server = await new Server(["--profile", rules]).start();
  browser = await browse();
});

after(async () => {
  await browser?.close();
  await server?.end();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Somebody who deals with incidents, at their page.
 * @param {string} role
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function atTheIncidents(role, options) {
  const page = await visit(browser, options);
  await signIn(page, server, server.person(role));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "紛失・異常の報告" }).click();
  await page.getByRole("heading", { name: "紛失・異常の報告" }).waitFor();
  return page;
}

// clause("000-note(3)j")
test("a phone is lost: two clicks report it, the desk instructs, secures it and closes, and the phone is signed out", async () => {
  const her = server.person("visiting_nurse");
  const lost = await visit(browser, { viewport: phone });
  await signIn(lost, server, her);

  const elsewhere = await visit(browser, { viewport: phone });
  await elsewhere.goto(`${server.url}/`);
  await elsewhere.getByRole("button", { name: "端末をなくしたとき" }).click();
  await elsewhere.getByLabel("メールアドレス").fill(her.email);
  await elsewhere.getByLabel("何が起きたか").fill("バスに置き忘れました。");
  await elsewhere.getByRole("button", { name: "届け出る", exact: true }).click();
  await elsewhere.getByText(/届け出を受け付けました/).waitFor();

  const desk = await atTheIncidents("secretariat", { viewport: pc });
  const row = desk.getByRole("listitem").filter({ hasText: `${her.name}さん・端末の紛失` });
  await row.getByText("「バスに置き忘れました。」").waitFor();
  await row.getByText("未確認").waitFor();
  await row
    .getByText(/\d{1,2}:\d{2}/)
    .first()
    .waitFor();
  await clean(desk, "a report");
  await picture(desk, "incidents-pc");
  await row.getByRole("button", { name: /^確認・指示/ }).click();
  await desk.getByLabel("指示（なくてもよい）").fill("警察に届けてください。");
  await desk.getByRole("button", { name: "確認した" }).click();
  await row.getByText("「警察に届けてください。」").waitFor();

  await row.getByRole("button", { name: /^アカウントと端末を守る/ }).click();
  const sheet = desk.getByRole("dialog");
  assert.ok(await sheet.getByLabel("すべての端末でログアウトさせる").isChecked());
  assert.ok(await sheet.getByLabel("次のログインで新しいパスワードを求める").isChecked());
  assert.equal(await sheet.locator("input[type=password]").count(), 0, "no password is asked for");
  await sheet.getByRole("button", { name: "実行する" }).click();
  await sheet.getByText("理由を書いてください").waitFor();
  await clean(desk, "securing");
  await picture(desk, "incidents-secure-pc");
  await sheet.getByLabel("理由").fill("紛失の届けを受けて");
  await sheet.getByRole("button", { name: "実行する" }).click();
  await desk.getByText("保護の対応をしました。").waitFor();
  await lost.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });

  await row.getByRole("button", { name: /^対応を終える/ }).click();
  await desk.getByRole("dialog").getByLabel("理由").fill("端末が見つかった");
  await desk.getByRole("dialog").getByRole("button", { name: "対応を終える" }).click();
  await row.getByText("対応済み").waitFor();
  await row.getByText("「端末が見つかった」").waitFor();
  await picture(desk, "incidents-closed-pc");

  const admin = await atTheIncidents("office_admin", { viewport: phone });
  await admin.getByText(`${her.name}さん・端末の紛失`).waitFor();
  await admin.getByText("「警察に届けてください。」").waitFor();
  await clean(admin, "incidents on a phone");
  await picture(admin, "incidents-phone");
  noComplaints(lost, elsewhere, desk, admin);
  await Promise.all([lost, elsewhere, desk, admin].map((page) => page.context().close()));
});

test("this wasn't me: she reports a sign-in, is out everywhere and has to set a new password", async () => {
  const her = server.person("physio");
  const mine = await visit(browser, { viewport: phone });
  await signIn(mine, server, her);
  const strange = await visit(browser, { viewport: pc });
  await signIn(strange, server, her);
  await mine.getByRole("button", { name: "設定" }).click();
  await mine.getByRole("link", { name: "ログイン中の端末" }).click();
  await mine.getByRole("button", { name: "身に覚えがないと届け出る" }).click();
  await clean(mine, "not me");
  await picture(mine, "incidents-not-me-phone");
  await mine.getByRole("dialog").getByRole("button", { name: "身に覚えがないと届け出る" }).click();
  for (const page of [mine, strange])
    await page.getByRole("heading", { name: "ログイン", exact: true }).waitFor();
  await mine.getByText(/届け出ました。すべての端末で/).waitFor();
  await mine.getByLabel("メールアドレス").fill(her.email);
  await mine.getByLabel("パスワード", { exact: true }).fill(her.password);
  await mine.getByRole("button", { name: "パスワードでログイン" }).click();
  await mine.getByRole("heading", { name: "パスワードを新しくする" }).waitFor();
  noComplaints(mine, strange);
  await Promise.all([mine, strange].map((page) => page.context().close()));
});
