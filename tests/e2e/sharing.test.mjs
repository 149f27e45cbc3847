//! An account that several people use: whoever signs in says who she is, and her name stands on what she writes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
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
  const { account } = await asks(before, "accounts.me", {});
  const me = await asks(admin, "accounts.me", {});
  const roster = [
    { id: crypto.randomUUID(), name: "山田 花子", kana: "やまだ はなこ", occupation: "nurse" },
    { id: crypto.randomUUID(), name: "佐藤 次郎", kana: "さとう じろう", occupation: "nurse" },
  ];
  await asks(admin, "accounts.share", { account, responsible: me.account, reason: "夜勤の電話番", roster });
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
  noComplaints(page, admin, physician);
});
