//! A region whose text ends every password: the line 14 and 3 days before, and the one page that is left after it; and a
//! region that only asks.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { asks, browse, clean, noComplaints, phone, picture, Server, signIn, visit } from "./stage.mjs";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const LONG = "kasuri ga 7 mai, ame no hi";
const NEWER = "yuki_Wakasa9nimo";
const FLOOR = join(dirname(fileURLToPath(import.meta.url)), "../../server/policies/vendor-floor.toml");

/** @type {string} */
let folder;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsumugi-age-"));
  browser = await browse();
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A server whose clock can be turned on, and by how much it was. */
class Aged {
  turned = 0;
  /** @param {Server} server */
  constructor(server) {
    this.server = server;
  }

  /**
   * Under rules in which a long password lasts as that line says.
   * @param {string} line
   */
  static async under(line) {
    const rules = join(folder, `${line.split(" ")[0]}.toml`);
    writeFileSync(rules, readFileSync(FLOOR, "utf8").replace('name = "long"\n', `name = "long"\n${line}\n`));
    return new Aged(await new Server(["--clock", "--profile", rules]).start());
  }

  /**
   * Goes on to that moment, to the second before it.
   * @param {number} at
   */
  async goTo(at) {
    const seconds = Math.floor((at - Date.now()) / 1_000) - this.turned;
    await this.server.turnClock(seconds);
    this.turned += seconds;
  }

  /** A page whose clock goes as the server's. */
  async page() {
    const page = await visit(browser, { viewport: phone });
    await page.clock.install({ time: Date.now() + this.turned * 1_000 });
    return page;
  }

  /**
   * Somebody has a new password, which ends at that moment.
   * @param {import("./stage.mjs").Person} person
   */
  async changes(person) {
    const page = await this.page();
    await signIn(page, this.server, person);
    await asks(page, "accounts.change_password", { current: person.password, new: LONG });
    const me = await asks(page, "accounts.me", {});
    await page.context().close();
    return /** @type {number} */ (me.password_end.at);
  }
}

/** @param {import("./stage.mjs").Page} page */
const line = (page) => page.getByText(/^パスワードの期限は/);

// What the server refuses meanwhile, and to the second: password_age.rs and beside the rule.
// clause("000§11(3)b", "001§18-3b")
test("where every password ends, a line says so from 14 days before, and after it only a new one is left", async () => {
  const aged = await Aged.under("expires_months = 2");
  try {
    const person = aged.server.person("physician");
    const end = await aged.changes(person);
    const now = { ...person, password: LONG };
    for (const [left, said] of /** @type {const} */ ([
      [14 * DAY_S + HOUR_S, undefined],
      [14 * DAY_S - 60, "あと13日"],
      [3 * DAY_S - 60, "あと2日"],
      [HOUR_S, "使えません"],
    ])) {
      await aged.goTo(end - left * 1_000);
      const page = await aged.page();
      await signIn(page, aged.server, now);
      if (said === undefined) assert.equal(await line(page).count(), 0, "far off");
      else await line(page).filter({ hasText: said }).waitFor();
      assert.ok((await page.locator("a[data-audience]").count()) > 0, "and everything works");
      if (left === 3 * DAY_S - 60) {
        await clean(page, "three days before");
        await picture(page, "password-age-three-days-phone");
      }
      noComplaints(page);
      await page.context().close();
    }

    await aged.goTo(end + 2_000);
    const page = await aged.page();
    await page.goto(`${aged.server.url}/`);
    await page.getByLabel("メールアドレス").fill(person.email);
    await page.getByLabel("パスワード", { exact: true }).fill(LONG);
    await page.getByRole("button", { name: "パスワードでログイン" }).click();
    await page.getByRole("heading", { name: "パスワードを新しくする" }).waitFor();
    assert.equal(await page.locator("a[data-audience]").count(), 0, "nothing else is there");
    await page.goto(`${aged.server.url}/#/settings`);
    await page.reload();
    await page.getByRole("heading", { name: "パスワードを新しくする" }).waitFor();
    await clean(page, "only a new one");
    await picture(page, "password-age-over-phone");
    await page.getByLabel("今のパスワード").fill(LONG);
    await page.getByLabel("新しいパスワード", { exact: true }).fill(NEWER);
    await page.getByLabel("新しいパスワードをもう一度").fill(NEWER);
    await page.getByRole("button", { name: "変更する" }).click();
    await page.getByRole("heading", { name: "パスワードを新しくする" }).waitFor({ state: "detached" });
    await page.goto(`${aged.server.url}/#/`);
    await page.locator("a[data-audience]").first().waitFor();
    noComplaints(page);
    await page.context().close();
  } finally {
    await aged.server.end();
  }
});

// clause("000§11(3)b", "001§18-3b")
test("where a change is only recommended, the line asks for it and nothing is closed", async () => {
  const aged = await Aged.under("reminds_months = 2");
  try {
    const person = aged.server.person("physician");
    const end = await aged.changes(person);
    for (const [left, isSaid] of /** @type {const} */ ([
      [14 * DAY_S + HOUR_S, false],
      [3 * DAY_S - 60, true],
      [-40 * DAY_S, true],
    ])) {
      await aged.goTo(end - left * 1_000);
      const page = await aged.page();
      await signIn(page, aged.server, { ...person, password: LONG });
      if (isSaid) await line(page).waitFor();
      assert.equal(await line(page).count(), isSaid ? 1 : 0);
      assert.equal(await page.getByText("使えません").count(), 0, "it is asked, not ordered");
      noComplaints(page);
      await page.context().close();
    }
  } finally {
    await aged.server.end();
  }
});
