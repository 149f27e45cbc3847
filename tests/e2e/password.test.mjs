//! Passwords: changed on their page, forgotten without a word about who has an account, and a reminder before their end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, pc, phone, picture, Server, signIn, visit } from "./stage.mjs";

const DAY_S = 86_400;
const LONG = "kasuri ga 7 mai, ame no hi";
const SHORT = "hoshi#83ku";

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

/** @param {import("./stage.mjs").Page} page */
async function toPasswordPage(page) {
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: "パスワードの変更" }).click();
  await page.getByRole("heading", { name: "パスワードの変更" }).waitFor();
}

/**
 * @param {import("./stage.mjs").Page} page
 * @param {string} current
 * @param {string} fresh
 * @param {string} again
 */
async function change(page, current, fresh, again = fresh) {
  await page.getByLabel("今のパスワード").fill(current);
  await page.getByLabel("新しいパスワード", { exact: true }).fill(fresh);
  await page.getByLabel("新しいパスワードをもう一度").fill(again);
  await page.getByRole("button", { name: "変更する" }).click();
}

test("a password is changed on its page: the other device is signed out, this one goes on", async () => {
  const person = server.person("visiting_nurse");
  const [page, other] = await Promise.all(
    [pc, phone].map(async (viewport) => {
      const one = await visit(browser, { viewport });
      await signIn(one, server, person);
      return one;
    }),
  );
  assert.ok(page && other);
  await toPasswordPage(page);
  await clean(page, "the page");
  await picture(page, "password-page-pc");
  await change(page, person.password, LONG, `${LONG}?`);
  await page.getByText("2つのパスワードが違います。").waitFor();
  await change(page, person.password, "kantan");
  await page.getByRole("alert").waitFor();
  await clean(page, "refused");
  await picture(page, "password-refused-pc");
  await change(page, person.password, LONG);
  await page.getByText("パスワードを変更しました。").waitFor();
  await clean(page, "changed");
  await picture(page, "password-changed-pc");
  await other.getByRole("heading", { name: "ログイン" }).waitFor();

  // Told on the screen that is open, at once; what was looked at is no longer new.
  const settings = page.getByRole("button", { name: /^設定/ });
  await page.getByRole("button", { name: /^設定、新しいお知らせ \d+件$/ }).waitFor();
  await clean(page, "something to know");
  await picture(page, "password-noticed-pc");
  await settings.click();
  await page.getByRole("heading", { name: "お知らせ" }).waitFor();
  await page.getByRole("button", { name: "設定", exact: true }).waitFor();
  await clean(page, "notices");
  await picture(page, "password-notices-pc");
  noComplaints(page, other);
  await Promise.all([page, other].map((one) => one.context().close()));
});

test("who forgot a password reads the same, whether there is such an account or not", async () => {
  const said = [];
  for (const email of [server.person("physio").email, "nobody-here@demo.example"]) {
    const page = await visit(browser, { viewport: phone });
    await page.goto(`${server.url}/`);
    await page.getByRole("button", { name: "パスワードを忘れたとき" }).click();
    await page.getByRole("heading", { name: "パスワードを忘れたとき" }).waitFor();
    await clean(page, "forgotten");
    await page.getByLabel("メールアドレス").fill(email);
    await page.getByRole("button", { name: "リンクを送る" }).click();
    await page.getByRole("status").or(page.getByRole("alert")).filter({ hasText: /./ }).first().waitFor();
    said.push(await page.getByRole("main").innerText());
    await picture(page, "password-forgotten-phone");
    noComplaints(page);
    await page.context().close();
  }
  assert.equal(said[0], said[1]);
});

test("a password that ends soon is a quiet line with the way to a new one", async () => {
  const person = server.person("physician");
  const page = await visit(browser, { viewport: phone });
  await signIn(page, server, person);
  await clean(page, "the list");
  await picture(page, "password-list-phone");
  await toPasswordPage(page);
  await picture(page, "password-page-phone");
  await change(page, person.password, SHORT);
  await page.getByText("パスワードを変更しました。").waitFor();
  await page.getByRole("button", { name: "もどる" }).click();
  await page.getByRole("button", { name: "もどる" }).click();
  const line = page.getByText(/^パスワードの期限は/);
  assert.equal(await line.count(), 0, "far off");
  await page.context().close();

  // Two months later, less a week.
  await server.turnClock(54 * DAY_S);
  const later = await visit(browser, { viewport: phone });
  await later.clock.install({ time: Date.now() + 54 * DAY_S * 1_000 });
  await signIn(later, server, { ...person, password: SHORT });
  const near = later.getByText(/^パスワードの期限は/);
  await near.waitFor();
  await clean(later, "an end that is near");
  await picture(later, "password-end-phone");
  await later.getByRole("link", { name: "パスワードの変更" }).click();
  await change(later, SHORT, LONG);
  await later.getByText("パスワードを変更しました。").waitFor();
  await later.getByRole("button", { name: "もどる" }).click();
  await later.locator("a[data-audience]").first().waitFor();
  assert.equal(await near.count(), 0, "a long one has no end");
  noComplaints(later);
  await later.context().close();
});
