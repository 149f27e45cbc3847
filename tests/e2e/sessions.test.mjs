//! Where one is signed in, and ending what one does not know; a browser that is closed keeps no sign-in.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  browse,
  browseWithProfile,
  clean,
  listen,
  noComplaints,
  pc,
  phone,
  picture,
  Server,
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

test("she sees where she is signed in, ends one of them, and then all that were not she", async () => {
  const person = server.person("visiting_nurse");
  const [mine, old, strange] = await Promise.all(
    [phone, pc, pc].map(async (viewport) => {
      const page = await visit(browser, { viewport });
      await signIn(page, server, person);
      return page;
    }),
  );
  assert.ok(mine && old && strange);
  await mine.getByRole("button", { name: "設定" }).click();
  await mine.getByRole("link", { name: "ログイン中の端末" }).click();
  const rows = mine.getByRole("main").getByRole("listitem");
  await rows.nth(2).waitFor();
  assert.equal(await rows.count(), 3);
  assert.equal(await rows.filter({ hasText: "この端末" }).count(), 1);
  await clean(mine, "sessions");
  await picture(mine, "sessions-phone");

  // It asks first; taking it back ends nothing.
  const ends = mine.getByRole("button", { name: /のログインを終了する/ });
  await ends.first().click();
  await clean(mine, "asking");
  await picture(mine, "sessions-asking-phone");
  await mine.getByRole("dialog").getByRole("button", { name: "やめる" }).click();
  assert.equal(await rows.count(), 3);
  await ends.first().click();
  await mine.getByRole("dialog").getByRole("button", { name: "終了する" }).click();
  await mine.getByText("終了しました。").waitFor();
  await rows.nth(2).waitFor({ state: "detached" });
  assert.equal(await rows.count(), 2);
  await mine.getByRole("button", { name: "ほかのすべてを終了" }).click();
  await mine.getByRole("dialog").getByRole("button", { name: "ほかのすべてを終了" }).click();
  await mine.getByText("ほかのログインをすべて終了しました。").waitFor();
  await mine.getByText(/すぐにパスワードを変えてください/).waitFor();
  const way = mine.getByRole("link", { name: "パスワードの変更" });
  assert.equal(await way.getAttribute("href"), "#/password");
  assert.equal(await rows.count(), 1);
  for (const page of [old, strange]) await page.getByRole("heading", { name: "ログイン" }).waitFor();
  await picture(mine, "sessions-done-phone");
  await mine.getByRole("button", { name: "もどる" }).click();
  await mine.getByRole("heading", { name: "設定" }).waitFor();
  noComplaints(mine, old, strange);
  await Promise.all([mine, old, strange].map((page) => page.context().close()));
});

// clause("000§12(4)", "003§12(4)")
test("a browser that is closed and opened again keeps no sign-in, and the fields ask it to keep none", async () => {
  const profile = mkdtempSync(join(tmpdir(), "tsumugi-profile-"));
  try {
    let context = await browseWithProfile(profile);
    let page = listen(context.pages()[0] ?? (await context.newPage()));
    await page.goto(`${server.url}/`);
    for (const label of ["メールアドレス", "パスワード"]) {
      const field = page.getByLabel(label, { exact: true });
      assert.equal(await field.getAttribute("autocomplete"), "off");
    }
    assert.equal(
      await page.getByText(/ログインしたまま|記憶/).count(),
      0,
      "nothing offers to stay signed in",
    );
    await signIn(page, server, server.person("physician"));
    const cookies = await context.cookies();
    assert.equal(cookies.length, 1);
    for (const { expires, httpOnly, secure, sameSite } of cookies)
      assert.deepEqual([expires, httpOnly, secure, sameSite], [-1, true, true, "Strict"]);
    await context.close();

    context = await browseWithProfile(profile);
    page = listen(context.pages()[0] ?? (await context.newPage()));
    await page.goto(`${server.url}/`);
    await page.getByRole("heading", { name: "ログイン" }).waitFor();
    assert.deepEqual(await context.cookies(), []);
    for (const label of ["メールアドレス", "パスワード"])
      assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), "");
    noComplaints(page);
    await context.close();
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

// clause("002-2.2R3")
test("a password can be pasted", async () => {
  const page = await visit(browser, { viewport: pc });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${server.url}/`);
  const field = page.getByLabel("パスワード", { exact: true });
  await field.focus();
  await page.evaluate(() => navigator.clipboard.writeText("aus dem Verwalter 7!"));
  await page.keyboard.press("Control+V");
  assert.equal(await field.inputValue(), "aus dem Verwalter 7!");
  await page.context().close();
});
