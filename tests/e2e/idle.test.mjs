//! Nobody before the screen: it is covered after five minutes, warns after 28, and after 30 the session is over on both
//! ends, with nothing readable left. What was being written comes back to its author alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  browse,
  clean,
  noComplaints,
  openRoom,
  pc,
  phone,
  picture,
  roomsOf,
  Server,
  signIn,
  visit,
} from "./stage.mjs";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DRAFT = "書きかけの文 hq3v8Tsumugi";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  server = await new Server(["--clock"]).start();
  browser = await browse();
});

after(async () => {
  await browser?.close();
  await server?.end();
});

/**
 * A page whose clock stands, with a draft, in the middle of a room.
 * @param {{ width: number, height: number }} viewport
 */
async function inTheMiddle(viewport) {
  const page = await visit(browser, { viewport });
  await page.clock.install();
  await signIn(page, server, server.person("visiting_nurse"));
  const patient = await page.locator("h2 .name").first().innerText();
  const [room] = await roomsOf(page, "staff");
  await openRoom(page, room);
  await page.getByLabel("投稿を書く").fill(DRAFT);
  const log = page.getByRole("log");
  await log.evaluate((element) => element.scrollTo(0, element.scrollTop - 120));
  await page.waitForTimeout(300);
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
  const scrolledTo = await log.evaluate((element) => element.scrollTop);
  await page.getByLabel("投稿を書く").press("ArrowRight");
  return { page, patient, log, scrolledTo };
}

/**
 * The checker, and a picture; both need a clock that goes.
 * @param {import("./stage.mjs").Page} page
 * @param {string} name
 */
async function lookAt(page, name) {
  await page.clock.resume();
  await clean(page, name);
  await picture(page, name);
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 500));
}

/**
 * Nothing that was read or written can be read on the page, by eyes or by a screen reader.
 * @param {import("./stage.mjs").Page} page
 * @param {string[]} words
 */
async function unreadable(page, ...words) {
  const seen = await page.locator("body").innerText();
  const heard = await page.locator("body").ariaSnapshot();
  for (const word of words) assert.ok(!seen.includes(word) && !heard.includes(word), `${word} is readable`);
}

/**
 * Nothing at all is left: not in the page, nor in anything that the browser keeps for it.
 * @param {import("./stage.mjs").Page} page
 * @param {string[]} words
 */
async function gone(page, ...words) {
  const left = await page.evaluate(async () => ({
    page: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("input, textarea")].map((field) => "value" in field && field.value),
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: "caches" in window ? await caches.keys() : [],
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
  }));
  assert.deepEqual([left.databases, left.caches, left.workers, left.session], [[], [], 0, {}]);
  for (const word of words) assert.ok(!JSON.stringify(left).includes(word), `${word} is left`);
}

/** @param {import("./stage.mjs").Page} page */
function whoAmI(page) {
  return page.evaluate(async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch("/api/v1/accounts.me", { method: "POST", headers, body: "{}" });
    const { refused } = await response.json();
    return { status: response.status, code: refused?.code, cache: response.headers.get("cache-control") };
  });
}

for (const { name, viewport } of [
  { name: "phone", viewport: phone },
  { name: "pc", viewport: pc },
]) {
  // clause("002-2.2M1")
  test(`after five minutes without input nothing can be read, and a touch brings all of it back: ${name}`, async () => {
    const { page, patient, log, scrolledTo } = await inTheMiddle(viewport);
    const covered = page.getByRole("heading", { name: "画面をかくしています" });
    await page.clock.runFor(5 * MINUTE - SECOND);
    assert.equal(await covered.count(), 0);
    await page.clock.runFor(2 * SECOND);
    await covered.waitFor();
    await unreadable(page, patient, DRAFT);
    await lookAt(page, `covered-${name}`);
    assert.equal((await whoAmI(page)).status, 200, "the session goes on");

    // The touch falls where a button was: it only uncovers.
    const { width, height } = viewport;
    await page.mouse.click(width - 60, height - 40);
    await page.getByLabel("投稿を書く").waitFor();
    assert.equal(await covered.count(), 0);
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(await page.getByLabel("投稿を書く").inputValue(), DRAFT);
    assert.equal(await log.evaluate((element) => element.scrollTop), scrolledTo);
    assert.ok(await page.getByLabel("投稿を書く").evaluate((field) => field === document.activeElement));

    // A key uncovers too, and writes nothing.
    await page.clock.runFor(5 * MINUTE + SECOND);
    await covered.waitFor();
    await page.keyboard.press("x");
    await covered.waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("投稿を書く").inputValue(), DRAFT);

    // An open sheet shows the patient as well.
    await page.getByRole("button", { name: "確認へ" }).click();
    await page.getByRole("dialog").getByText(DRAFT).waitFor();
    await page.clock.runFor(5 * MINUTE + SECOND);
    await covered.waitFor();
    await unreadable(page, patient, DRAFT);
    await page.mouse.click(width / 2, height - 30);
    await page.getByRole("dialog").getByText(DRAFT).waitFor();
    noComplaints(page);
    await page.context().close();
  });
}

// clause("002-1.2(1)d", "002-2.2M1", "002-2.2S3")
test("two minutes before the end it warns, going on begins anew, and at thirty minutes all is over", async () => {
  const { page, patient } = await inTheMiddle(phone);
  const warned = page.getByRole("heading", { name: "あと2分でログアウトします" });
  await page.clock.runFor(28 * MINUTE - SECOND);
  assert.equal(await warned.count(), 0);
  await server.turnClock(28 * 60);
  await page.clock.runFor(2 * SECOND);
  await warned.waitFor();
  await unreadable(page, patient, DRAFT);
  await lookAt(page, "warned-phone");

  // The countdown counts; going on brings everything back and tells the server.
  await page.clock.runFor(75 * SECOND);
  await page.getByText(/^0:[34]\d$/).waitFor();
  await page.getByRole("button", { name: "続ける" }).click();
  await page.getByLabel("投稿を書く").waitFor();
  assert.equal(await page.getByLabel("投稿を書く").inputValue(), DRAFT);

  // 29:59 is not 30:00, here and on the server.
  await page.clock.runFor(30 * MINUTE - SECOND);
  await server.turnClock(30 * 60 - 30);
  assert.equal((await whoAmI(page)).status, 200, "the server heard that somebody went on");
  await page.getByRole("timer").waitFor();
  const told = page.waitForResponse(/\/accounts\.sign_out$/);
  await page.clock.runFor(2 * SECOND);
  await page.getByText("30分間操作がなかったため、自動でログアウトしました。").waitFor();
  const headers = await (await told).allHeaders();
  assert.match(headers["clear-site-data"] ?? "", /"cache", "cookies", "storage"/);
  assert.equal(headers["cache-control"], "no-store");
  await gone(page, patient, DRAFT);
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal((await whoAmI(page)).status, 401);
  await lookAt(page, "idle-out-phone");
  await page.goBack().catch(() => undefined);
  await gone(page, patient, DRAFT);
  noComplaints(page);
  await page.context().close();
});

// clause("002-1.2(1)d", "002-2.2S3")
test("a session that the server ends leaves nothing readable; the draft comes back to its author, and to nobody else", async () => {
  const nurse = server.person("visiting_nurse");
  for (const { person, isBack } of [
    { person: nurse, isBack: true },
    { person: server.person("physician"), isBack: false },
  ]) {
    const page = await visit(browser, { viewport: phone });
    await signIn(page, server, nurse);
    const patient = await page.locator("h2 .name").first().innerText();
    const [room] = await roomsOf(page, "staff");
    await openRoom(page, room);
    await page.getByLabel("投稿を書く").fill(DRAFT);
    await server.turnClock(30 * 60);
    await page.getByText("30分間操作がなかったため").waitFor();
    const { status, code, cache } = await whoAmI(page);
    assert.deepEqual([status, code, cache], [401, "session_idle", "no-store"]);
    await gone(page, patient, DRAFT);

    await page.getByLabel("メールアドレス").fill(person.email);
    await page.getByLabel("パスワード", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "パスワードでログイン" }).click();
    await page.getByRole("heading", { name: "ログイン" }).waitFor({ state: "detached" });
    // The address still says which room it was.
    if (isBack) {
      await page.getByLabel("投稿を書く").waitFor();
      assert.equal(await page.getByLabel("投稿を書く").inputValue(), DRAFT);
    } else {
      await page.getByRole("log").or(page.getByRole("alert")).first().waitFor();
      await gone(page, DRAFT);
    }
    noComplaints(page);
    await page.context().close();
  }
});

// clause("002-1.2(1)d")
test("typing in one window keeps the other window of the same session", async () => {
  const { page } = await inTheMiddle(pc);
  const other = await page.context().newPage();
  await other.goto(`${server.url}/`);
  await other.locator("a[data-audience]").first().waitFor();
  await page.clock.runFor(6 * MINUTE);
  await page.getByRole("heading", { name: "画面をかくしています" }).waitFor();
  // The other window's clock is the same one: it stands at the same moment.
  await other.keyboard.press("ArrowDown");
  await page.getByRole("heading", { name: "画面をかくしています" }).waitFor({ state: "detached" });
  await page.context().close();
});
