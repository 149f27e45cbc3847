//! Every screen passes the checker, in both lights, in both languages, wide and narrow; and pictures of them to look at.
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

const LOOKS = /** @type {const} */ ([
  { name: "phone", viewport: phone, colorScheme: "light" },
  { name: "phone-dark", viewport: phone, colorScheme: "dark" },
  { name: "pc", viewport: pc, colorScheme: "light" },
  { name: "pc-dark", viewport: pc, colorScheme: "dark" },
]);

for (const { name, viewport, colorScheme } of LOOKS) {
  test(`sign-in, list, room, sheet and settings are clean: ${name}`, async () => {
    const page = await visit(browser, { viewport, colorScheme });
    await page.goto(`${server.url}/`);
    await page.getByRole("heading", { name: "ログイン" }).waitFor();
    await clean(page, "sign-in");
    await picture(page, `sign-in-${name}`);

    await signIn(page, server, server.person("visiting_nurse"));
    await clean(page, "list");
    await picture(page, `rooms-${name}`);

    for (const audience of /** @type {const} */ (["staff", "family"])) {
      const [room] = await roomsOf(page, audience);
      await openRoom(page, room);
      await clean(page, `${audience} room`);
      await picture(page, `${audience}-${name}`);
      await page.getByLabel("投稿を書く").fill("16時から吸引器を置きます。電源は枕元の左です。");
      await page.getByRole("button", { name: "確認へ" }).click();
      await page.getByRole("dialog").waitFor();
      await clean(page, `${audience} sheet`);
      await picture(page, `confirm-${audience}-${name}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(
        await page.getByLabel("投稿を書く").inputValue(),
        "16時から吸引器を置きます。電源は枕元の左です。",
      );
      if (viewport === phone) await page.getByRole("button", { name: "やりとりにもどる" }).click();
    }

    await page.getByRole("button", { name: "設定" }).click();
    await clean(page, "settings");
    await picture(page, `settings-${name}`);
    noComplaints(page);
    await page.context().close();
  });
}

for (const { name, viewport, colorScheme } of LOOKS) {
  test(`the secretariat's pages, from the region to an office, are clean: ${name}`, async () => {
    const page = await visit(browser, { viewport, colorScheme });
    await signIn(page, server, server.person("secretariat"));
    await page.goto(`${server.url}/#/offices`);
    await page.getByRole("heading", { name: /^事業所 / }).waitFor();
    await clean(page, "region");
    await picture(page, `region-${name}`);
    await page
      .getByRole("main")
      .getByRole("link", { name: /訪問看護/ })
      .click();
    await page.getByRole("heading", { name: /^職員/ }).waitFor();
    await clean(page, "an office of the region");
    await picture(page, `region-office-${name}`);
    noComplaints(page);
    await page.context().close();
  });
}

test("in English the page says so, and is clean", async () => {
  const page = await visit(browser, { viewport: phone });
  await page.goto(`${server.url}/`);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await clean(page, "sign-in in English");
  await page.context().close();
});

test("at 320 pixels nothing is lost to the side, and a sheet gives the focus back", async () => {
  const page = await visit(browser, { viewport: { width: 320, height: 640 } });
  await signIn(page, server, server.person("physician"));
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok((await sideways()) <= 0);
  const [room] = await roomsOf(page, "staff");
  await openRoom(page, room);
  assert.ok((await sideways()) <= 0);
  await picture(page, "staff-320");
  const band = page.locator("main > button[data-audience]");
  await band.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await band.evaluate((element) => element === document.activeElement));
  await page.context().close();
});

test("with text at 200 % on a phone nothing is lost, and writing is one button away", async () => {
  const large = await browse(["--blink-settings=defaultFontSize=32"]);
  const page = await visit(large, { viewport: phone });
  await signIn(page, server, server.person("visiting_nurse"));
  const [room] = await roomsOf(page, "staff");
  await openRoom(page, room);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  await picture(page, "staff-200");
  await page.getByRole("button", { name: "職員のみに書く" }).click();
  await page.getByLabel("投稿を書く").fill("大きな字で書きます。");
  await picture(page, "write-200");
  await large.close();
});
