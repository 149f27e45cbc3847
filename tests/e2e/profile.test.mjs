//! A profile: a photo that loses what the camera noted, a licence that the desk looks at, and the mark that others then see.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, clean, noComplaints, pc, phone, picture, Server, signIn, visit } from "./stage.mjs";

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

/**
 * Somebody on a page that the settings lead to.
 * @param {string} role
 * @param {string} link
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function at(role, link, options) {
  const page = await visit(browser, options);
  await signIn(page, server, server.person(role));
  await page.getByRole("button", { name: "設定" }).click();
  await page.getByRole("link", { name: link }).click();
  return page;
}

/**
 * A picture as the browser itself draws one.
 * @param {import("./stage.mjs").Page} page
 * @param {string} name
 * @param {string} colour
 */
async function drawn(page, name, colour) {
  const base64 = await page.evaluate((colour) => {
    const canvas = document.createElement("canvas");
    canvas.width = 1200;
    canvas.height = 900;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no pen");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1200, 900);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  }, colour);
  return { name, mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

test("a professional sets her photo and is verified by the desk; a colleague sees both", async () => {
  const nurse = await at("visiting_nurse", "プロフィール", { viewport: phone });
  await nurse.getByText("顔写真を登録すると").waitFor();
  const junk = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("写真ではない") };
  await nurse.getByLabel("写真を選ぶ").setInputFiles(junk);
  await nurse.getByRole("alert").getByText("この画像は読み取れません").waitFor();
  await nurse.getByLabel("写真を選ぶ").setInputFiles(await drawn(nurse, "face.png", "teal"));
  await nurse.getByText("写真を登録しました。").waitFor();
  await nurse.locator("main img").waitFor();
  assert.equal(await nurse.getByText("顔写真を登録すると").count(), 0, "it is done");
  await nurse
    .getByLabel("書類の画像を選んで申し込む")
    .setInputFiles(await drawn(nurse, "licence.png", "beige"));
  await nurse.getByText("事務局の確認待ち").waitFor();
  await clean(nurse, "a profile");
  await picture(nurse, "profile-phone");

  const desk = await at("secretariat", "本人認証の確認", { viewport: pc });
  await desk.getByRole("button", { name: "書類を見る" }).click();
  await desk.getByRole("img", { name: /提出した書類/ }).waitFor();
  await desk.getByLabel("理由（本人が読みます）").fill("免許証を確かめました");
  await clean(desk, "a review");
  await picture(desk, "reviews-pc");
  await desk.getByRole("button", { name: "認める", exact: true }).click();
  await desk.getByText("確認を待っている申し込みはありません。").waitFor();

  await nurse.reload();
  await nurse.getByText("事務局から：免許証を確かめました").waitFor();
  const mark = nurse.getByRole("img", { name: "本人認証済み" });
  await mark.waitFor();
  const [face, seal] = [await nurse.locator("main img").boundingBox(), await mark.boundingBox()];
  assert.ok(
    face && seal && seal.x > face.x + face.width / 2 && seal.y > face.y + face.height / 2,
    "lower right",
  );
  await picture(nurse, "profile-verified-phone");

  // Another occupation takes the mark away.
  await nurse.getByLabel(/^職種/).selectOption("dietitian");
  await nurse.getByRole("button", { name: "変更を保存する" }).click();
  await nurse.getByText("プロフィールを保存しました。").waitFor();
  await mark.waitFor({ state: "detached" });
  noComplaints(nurse, desk);
});
