//! Passkeys in a real browser: registered in the settings, asked for after the password, enough alone where the rules say so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, pc, phone, picture, Server, visit } from "./stage.mjs";

/** @type {Server[]} */
const servers = [];
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  browser = await browse();
});

after(async () => {
  await browser?.close();
  for (const server of servers) await server.end();
});

/**
 * A server; its pages are opened by name, since an address in numbers has no passkeys.
 * @param {string[]} flags
 */
async function start(...flags) {
  const server = await new Server(flags).start();
  servers.push(server);
  return { server, home: server.url.replace("127.0.0.1", "localhost") };
}

/**
 * A page whose browser has an authenticator of its own.
 * @param {{ width: number, height: number }} viewport
 */
async function visitWithKeys(viewport) {
  const page = await visit(browser, { viewport });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return page;
}

/**
 * @param {import("./stage.mjs").Page} page
 * @param {string} home
 * @param {import("./stage.mjs").Person} person
 */
async function byPassword(page, home, person) {
  await page.goto(`${home}/`);
  await page.getByLabel("メールアドレス").fill(person.email);
  await page.getByLabel("パスワード", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "パスワードでログイン" }).click();
}

/**
 * Registers a passkey in the settings.
 * @param {import("./stage.mjs").Page} page
 * @param {string} home
 * @param {string} name
 */
async function register(page, home, name) {
  await page.locator("a[data-audience]").first().waitFor();
  await page.goto(`${home}/#/settings`);
  await page.getByLabel("新しいパスキーの名前").fill(name);
  await page.getByRole("button", { name: "パスキーを登録する" }).click();
  await page.getByRole("button", { name: `「${name}」を削除` }).waitFor();
}

/** @param {import("./stage.mjs").Page} page */
async function signOut(page) {
  await page.getByRole("button", { name: "ログアウト" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "ログアウト" }).click();
  await page.getByText("ログアウトしました").waitFor();
}

test("who registered a passkey shows it after the password", async () => {
  const { server, home } = await start();
  const page = await visitWithKeys(pc);
  const nurse = server.person("visiting_nurse");
  await byPassword(page, home, nurse);
  await register(page, home, "わたしの電話");
  await clean(page, "the settings");
  await picture(page, "passkeys-settings");
  await signOut(page);
  assert.equal(await page.getByRole("button", { name: "パスキーでログイン" }).count(), 0, "not alone here");
  await byPassword(page, home, nurse);
  await page.getByRole("heading", { name: "二つ目の認証" }).waitFor();
  await clean(page, "the second factor");
  await picture(page, "passkeys-second-factor");
  await page.getByRole("button", { name: "パスキーで続ける" }).click();
  await page.locator("a[data-audience]").first().waitFor();
  await page.goto(`${home}/#/settings`);
  await page.getByRole("button", { name: "「わたしの電話」を削除" }).click();
  await page.getByRole("button", { name: "削除する", exact: true }).click();
  await page.getByRole("button", { name: "「わたしの電話」を削除" }).waitFor({ state: "detached" });
  noComplaints(page);
});

test("where the rules allow it a passkey alone signs in, and nothing is typed", async () => {
  const { server, home } = await start("--passkey-alone");
  const page = await visitWithKeys(phone);
  await byPassword(page, home, server.person("physician"));
  await register(page, home, "わたしの電話");
  await picture(page, "passkeys-settings-phone");
  await signOut(page);
  await page.getByRole("button", { name: "パスキーでログイン" }).click();
  await page.locator("a[data-audience]").first().waitFor();
  noComplaints(page);
});

test("where a second factor is required it is registered right after the password", async () => {
  const { server, home } = await start("--second-factor");
  const page = await visitWithKeys(phone);
  await byPassword(page, home, server.person("physician"));
  await page.getByRole("button", { name: "まだパスキーがない" }).click();
  await clean(page, "the first passkey");
  await picture(page, "passkeys-first-phone");
  await page.getByRole("button", { name: "パスキーを登録して続ける" }).click();
  await page.locator("a[data-audience]").first().waitFor();
  noComplaints(page);
});

test("who has none yet shows the password before one is added, when the last proof is too old", async () => {
  const { server, home } = await start("--clock");
  const page = await visitWithKeys(phone);
  const her = server.person("pharmacist");
  await byPassword(page, home, her);
  await page.locator("a[data-audience]").first().waitFor();
  await server.turnClock(6 * 60);
  await page.goto(`${home}/#/settings`);
  await page.getByLabel("新しいパスキーの名前").fill("薬局の鍵");
  await page.getByRole("button", { name: "パスキーを登録する" }).click();
  const sheet = page.getByRole("dialog", { name: "もう一度、ご本人の確認" });
  await sheet.waitFor();
  await clean(page, "asked for the password");
  await picture(page, "passkeys-proof-phone");
  await sheet.getByLabel("パスワード", { exact: true }).fill("ちがうもの");
  await sheet.getByRole("button", { name: "確認する" }).click();
  await sheet.getByRole("alert").waitFor();
  await sheet.getByLabel("パスワード", { exact: true }).fill(her.password);
  await sheet.getByRole("button", { name: "確認する" }).click();
  await page.getByRole("button", { name: "「薬局の鍵」を削除" }).waitFor();
  assert.equal(await sheet.count(), 0);
  noComplaints(page);
  await page.context().close();
});

test("a name typed before the list came is kept, and the button is heard at once", async () => {
  const { server, home } = await start();
  const page = await visitWithKeys(phone);
  /** @type {() => void} */
  let answer = () => assert.fail("the list was not asked for");
  const isHeld = new Promise((held) => {
    void page.route("**/api/v1/passkeys.list", async (route) => {
      const response = await route.fetch();
      await new Promise((goOn) => {
        answer = () => goOn(undefined);
        held(undefined);
      });
      await route.fulfill({ response });
    });
  });
  await byPassword(page, home, server.person("pharmacist"));
  await page.locator("a[data-audience]").first().waitFor();
  await page.goto(`${home}/#/settings`);
  const name = page.getByLabel("新しいパスキーの名前");
  await name.fill("薬局の鍵");
  await isHeld;
  await page.getByRole("button", { name: "パスキーを登録する" }).click();
  await page.getByRole("button", { name: "「薬局の鍵」を削除" }).waitFor();
  const came = page.waitForResponse("**/api/v1/passkeys.list");
  answer();
  await came;
  await name.fill("もう一つ");
  assert.equal(await name.inputValue(), "もう一つ");
  await page.getByRole("button", { name: "「薬局の鍵」を削除" }).waitFor();
  noComplaints(page);
});
