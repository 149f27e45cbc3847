//! Before anybody types a password, the page says what is official: address, sender, support desk, and whose mails to trust.
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, pc, phone, picture, Server, visit } from "./stage.mjs";

Object.assign(process.env, {
  TSUMUGI__SUPPORT: "madoguchi@ours.example",
  TSUMUGI__STAFF_DOMAIN: "unei.ours.example",
  TSUMUGI__MAIL__SMTP: "127.0.0.1:9",
  TSUMUGI__MAIL__SENDER: "tsumugi@ours.example",
  TSUMUGI__MAIL__TLS: "none",
});

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

// The rows 002-2.1M15 and 002-2.1S8: counted once this story was seen green.
test("the sign-in page names what is official, on a phone and on a computer", async () => {
  for (const [name, viewport] of Object.entries({ phone, pc })) {
    const page = await visit(browser, { viewport });
    await page.goto(server.url);
    for (const line of [
      `公式のアドレス：${server.url}`,
      "お知らせのメール：tsumugi@ours.example からだけ届きます",
      "サポート窓口：madoguchi@ours.example",
      "運営の担当者のメール：@unei.ours.example からだけ届きます",
      "ほかのアドレスからの連絡や、パスワードをたずねる連絡は、偽物です。",
    ])
      await page.getByText(line, { exact: true }).waitFor();
    await clean(page, "what is official");
    await picture(page, `sign-in-official-${name}`);
    noComplaints(page);
    await page.context().close();
  }
});
