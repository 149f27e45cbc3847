//! The password is typed each time: no storage of the browser keeps it, and nobody is signed in by herself.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browseWithProfile, bytesIn, listen, noComplaints, Server, signIn } from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {string} */
let profile;
/** @type {import("playwright-core").BrowserContext | undefined} */
let context;

before(async () => {
  server = await new Server().start();
  profile = mkdtempSync(join(tmpdir(), "tsumugi-kept-"));
});

after(async () => {
  await context?.close();
  await server?.end();
  if (profile) rmSync(profile, { recursive: true, force: true });
});

/**
 * Everything that a page could keep something in.
 * @param {import("./stage.mjs").Page} page
 */
function kept(page) {
  return page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map((database) => database.name),
    caches: "caches" in window ? await caches.keys() : [],
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
    cookies: document.cookie,
    history: JSON.stringify(history.state),
    page: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("input, textarea")].map((field) => {
      return /** @type {HTMLInputElement} */ (field).value;
    }),
  }));
}

/**
 * Nothing of the page holds the password, and no store for data is used at all.
 * @param {Awaited<ReturnType<typeof kept>>} found
 * @param {string} password
 */
function isClean(found, password) {
  assert.ok(!JSON.stringify(found).includes(password), "the password stands nowhere");
  assert.deepEqual([found.databases, found.caches, found.workers, found.cookies], [[], [], 0, ""]);
  assert.deepEqual(Object.keys(found.session), []);
  assert.ok(
    Object.values(found.local).every((value) =>
      Object.keys(JSON.parse(value)).every((key) => ["theme", "lang"].includes(key)),
    ),
    "only how the page looks",
  );
}

// What the server keeps of it: kept_passwords.rs.
// clause("001§18-4")
test("no storage of the browser keeps the password, and after a sign-out it is asked for again", async () => {
  const person = server.person("visiting_nurse");
  context = await browseWithProfile(profile);
  let page = listen(context.pages()[0] ?? (await context.newPage()));
  await signIn(page, server, person);
  isClean(await kept(page), person.password);
  const cookies = await context.cookies();
  assert.equal(cookies.length, 1, "one cookie, the session's");
  const [cookie] = cookies;
  assert.ok(cookie?.httpOnly && cookie.secure && cookie.sameSite === "Strict" && cookie.expires === -1);
  assert.ok(!JSON.stringify(cookies).includes(person.password));

  // Signed out, neither a reload nor a new page nor the old cookie leads in again.
  await page.goto(`${server.url}/#/settings`);
  await page.getByRole("button", { name: "ログアウト" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "ログアウト" }).click();
  await page.getByText("この端末に内容は残っていません").waitFor();
  isClean(await kept(page), person.password);
  await context.addCookies(cookies);
  for (const again of [page, listen(await context.newPage())]) {
    await again.goto(`${server.url}/`);
    await again.reload();
    const field = again.getByLabel("パスワード", { exact: true });
    await field.waitFor();
    assert.equal(await field.inputValue(), "", "nothing is filled in");
    assert.equal(await again.locator("a[data-audience]").count(), 0, "and nothing is shown");
    isClean(await kept(again), person.password);
    noComplaints(again);
  }

  // Signed in again and the browser ended: the next one asks too.
  await signIn(page, server, person);
  await context.close();
  assert.deepEqual(bytesIn(profile, [person.password]), [], "nor does its profile on disk");
  context = await browseWithProfile(profile);
  page = listen(context.pages()[0] ?? (await context.newPage()));
  await page.goto(`${server.url}/`);
  const field = page.getByLabel("パスワード", { exact: true });
  await field.waitFor();
  assert.equal(await field.inputValue(), "");
  assert.equal(await page.locator("a[data-audience]").count(), 0);
  noComplaints(page);
});
