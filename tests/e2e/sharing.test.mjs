//! An account that several people use: whoever signs in says who she is, and her name stands on what she writes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  act,
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
  saved,
  sharedRoom,
  signIn,
  visit,
} from "./stage.mjs";

const RULES = join(dirname(fileURLToPath(import.meta.url)), "../../server/policies/vendor-floor.toml");

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
const folder = mkdtempSync(join(tmpdir(), "tsumugi-sharing-"));

before(async () => {
  const profile = join(folder, "profile.toml");
  writeFileSync(
    profile,
    readFileSync(RULES, "utf8").replace(/^shared_account = .*$/m, 'shared_account = "discouraged"'),
  );
  server = await new Server(["--profile", profile]).start();
  browser = await browse();
});

after(async () => {
  await browser?.close();
  await server?.end();
  rmSync(folder, { recursive: true, force: true });
});

// clause("000§11(2)")
test("who signs in with a shared account chooses her name, and it stands on her post", async () => {
  const { email } = server.person("visiting_nurse");
  const [admin, physician] = [await visit(browser), await visit(browser)];
  await signIn(admin, server, server.person("office_admin"));
  await signIn(physician, server, server.person("physician"));
  const before = await visit(browser, { viewport: phone });
  await signIn(before, server, server.person("visiting_nurse"));
  const room = await sharedRoom(before, physician);
  const { name } = await asks(before, "accounts.me", {});
  const me = await asks(admin, "accounts.me", {});
  await admin.getByRole("button", { name: "設定" }).click();
  await admin.getByRole("link", { name: "事業所の管理" }).click();
  const sheet = await act(admin, name, "複数人で使うようにする");
  await sheet.getByText(/今のパスワードとパスキーは使えなくなり/).waitFor();
  await sheet.getByLabel("理由").fill("夜勤の電話番");
  await sheet.getByRole("button", { name: "複数人で使うようにする" }).click();
  await sheet.getByText("責任をもつ人を選んでください。").waitFor();
  await clean(admin, "who answers for it is missing");
  await sheet.getByLabel("責任をもつ人").selectOption({ label: me.name });
  for (const [n, [written, kana]] of [
    ["山田 花子", "やまだ はなこ"],
    ["佐藤 次郎", "さとう じろう"],
  ].entries()) {
    const line = sheet.getByRole("group", { name: `${n + 1}人目` });
    await line.getByLabel("氏名").fill(written ?? "");
    await line.getByLabel("ふりがな").fill(kana ?? "");
  }
  await clean(admin, "a roster");
  await picture(admin, "roster-pc");
  await sheet.getByRole("button", { name: "複数人で使うようにする" }).click();
  await admin.getByText(`「${name}」を、複数人で使うようにしました。`).waitFor();
  await before.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });

  const page = await visit(browser, { viewport: phone });
  await page.goto(await server.link(email));
  const fresh = "kasuri ga 7 mai, ame no hi";
  await page.getByLabel("新しいパスワード", { exact: true }).fill(fresh);
  await page.getByLabel("もう一度").fill(fresh);
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "決めてログイン" }).click();
  await page.getByRole("heading", { name: "どなたが使いますか" }).waitFor();
  await clean(page, "who acts");
  await picture(page, "acting-phone");
  await page.setViewportSize(pc);
  await picture(page, "acting-pc");
  await page.setViewportSize(phone);
  await page.getByRole("button", { name: /山田 花子/ }).click();
  await page.locator("a[data-audience]").first().waitFor();

  await openRoom(page, room);
  await post(page, "共用の端末から、山田です");
  await openRoom(physician, room);
  const row = saved(physician, "共用の端末から、山田です");
  await row.waitFor();
  assert.match(await row.innerText(), /山田 花子/);
  await picture(physician, "acting-post-pc");

  // Whoever leaves the roster is out at once; the refusal of an empty one is said where it is asked.
  await admin.setViewportSize(phone);
  const changing = await act(admin, name, "名簿を変える");
  await changing.getByLabel("山田 花子さんを外す").check();
  await changing.getByLabel("佐藤 次郎さんを外す").check();
  await changing.getByLabel("理由").fill("異動");
  await changing.getByRole("button", { name: "名簿を変える" }).click();
  await changing.getByText("使う人が、ひとりは必要です。").waitFor();
  await clean(admin, "nobody would be left");
  await picture(admin, "roster-change-phone");
  await changing.getByLabel("佐藤 次郎さんを外す").uncheck();
  await changing.getByRole("button", { name: "名簿を変える" }).click();
  await admin.getByText(`「${name}」の名簿を変えました。`).waitFor();
  await page.getByRole("heading", { name: "ログイン" }).waitFor({ timeout: 5_000 });
  noComplaints(page, admin, physician);
});
