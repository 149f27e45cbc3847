//! A room that is not hers is, for a stranger, a room that does not exist.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, noComplaints, roomsOf, Server, signIn, visit } from "./stage.mjs";

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

test("the daughter sees the same page for the staff's room as for a room that never was", async () => {
  const nurse = await visit(browser);
  await signIn(nurse, server, server.person("visiting_nurse"));
  const daughter = await visit(browser);
  await signIn(daughter, server, server.person("daughter"));
  const hers = new Set(await roomsOf(daughter, "staff"));
  assert.equal(hers.size, 0, "family is in no staff room");
  const [staffRoom] = await roomsOf(nurse, "staff");

  const seen = [];
  for (const room of [staffRoom, "0193d1a0-0000-7000-8000-00000000dead"]) {
    await daughter.goto(`${server.url}/#/rooms/${room}`);
    await daughter.reload();
    const said = daughter.getByRole("alert");
    await said.getByText("見つかりません。参加していない部屋は、ここに出ません。").waitFor();
    seen.push(await daughter.locator("main").innerHTML());
  }
  assert.equal(seen[0], seen[1]);
  noComplaints(nurse, daughter);
});

test("a wrong password and an unknown address get the same words", async () => {
  const page = await visit(browser);
  const said = [];
  for (const email of [server.person("physician").email, "nobody@example.jp"]) {
    await page.goto(`${server.url}/`);
    await page.getByLabel("メールアドレス").fill(email);
    await page.getByLabel("パスワード", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "パスワードでログイン" }).click();
    said.push(await page.getByRole("alert").innerText());
  }
  assert.equal(said[0], said[1]);
});
