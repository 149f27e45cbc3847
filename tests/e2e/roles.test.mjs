//! Offering a role, taking it on and ending it, as people see it on their pages.
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
 * Somebody on the page of her settings.
 * @param {ReturnType<Server["person"]>} person
 * @param {import("playwright-core").BrowserContextOptions} options
 */
async function settings(person, options) {
  const page = await visit(browser, options);
  await signIn(page, server, person);
  await page.getByRole("button", { name: /^設定/ }).click();
  return page;
}

test("an administrator offers the role to a colleague, who takes it on in a dialog, and later ends it", async () => {
  const her = server.person("visiting_nurse");
  const page = await settings(server.person("office_admin"), { viewport: pc });
  await page.getByRole("link", { name: "事業所の管理" }).click();
  await page.getByRole("link", { name: "事業所の役割" }).click();
  await page.getByRole("heading", { name: "役割のある人" }).waitFor();
  await clean(page, "the roles of an office");
  await picture(page, "roles-pc");

  // What is missing is said before anything is sent.
  await page.getByRole("button", { name: "役割を依頼する" }).click();
  await page.getByRole("button", { name: "依頼する", exact: true }).click();
  await page.getByText("だれに依頼するかを選んでください。").waitFor();
  await page.getByText("本人に説明してから、印を付けてください。").waitFor();
  await page.getByLabel("だれに").selectOption({ label: her.name });
  await page.getByLabel("本人が受け持つ責任").selectOption({ label: "運用責任者" });
  await page.getByLabel("役割について、本人に十分に説明しました").check();
  await page.getByLabel("説明した日").fill("2025-10-01");
  await clean(page, "an offer");
  await picture(page, "roles-offer-pc");
  await page.getByRole("button", { name: "依頼する", exact: true }).click();
  await page.getByText(`${her.name}さんに依頼しました。`).waitFor();
  await page.getByRole("button", { name: `${her.name}さんへの依頼を取り下げる` }).waitFor();

  const hers = await settings(her, { viewport: phone });
  await hers.getByRole("heading", { name: "あなたへの役割の依頼" }).waitFor();
  assert.equal(
    await hers.getByRole("link", { name: "事業所の管理" }).count(),
    0,
    "nothing before she says yes",
  );
  await hers.getByText("2025-10-01 に説明を受けたと記録されています。").waitFor();
  await clean(hers, "a role is offered");
  await hers.getByRole("heading", { name: "あなたへの役割の依頼" }).scrollIntoViewIfNeeded();
  await picture(hers, "roles-offered-phone");
  await hers.getByRole("button", { name: "引き受ける" }).click();
  const sheet = hers.getByRole("dialog");
  await sheet.getByText("「管理者」を引き受けますか。").waitFor();
  await clean(hers, "taking it on");
  await picture(hers, "roles-accept-phone");
  await sheet.getByRole("button", { name: "引き受ける" }).click();
  await hers.getByText("「管理者」を引き受けました。").waitFor();
  await hers.getByRole("link", { name: "事業所の管理" }).waitFor();

  // The page that offered it learns of it, and ends it: her own page is out at once.
  const row = page.getByRole("listitem").filter({ hasText: her.name });
  await row.getByRole("button", { name: `${her.name}さん（管理者）の手続き` }).click();
  await row.getByRole("button", { name: "役割を終える" }).click();
  await page.getByRole("dialog").getByLabel("理由").fill("交代する");
  await page.getByRole("dialog").getByRole("button", { name: "役割を終える" }).click();
  await page.getByText(`${her.name}さんの「管理者」を終えました。`).waitFor();
  await hers.getByRole("button", { name: "パスワードでログイン" }).waitFor();
  noComplaints(page);
  await Promise.all([page, hers].map((one) => one.context().close()));
});

test("the desk records who signs for an office, and the office says who answers for information", async () => {
  const page = await settings(server.person("secretariat"), { viewport: phone });
  await page.getByRole("link", { name: "地域の事業所" }).click();
  await page.getByRole("searchbox").fill("さらさ");
  await page.getByRole("link", { name: /さらさ訪問看護/ }).click();
  await page.getByRole("link", { name: "事業所の役割" }).click();
  await page.getByRole("button", { name: "事業所の長を記録する" }).click();
  await page.getByLabel("だれに").selectOption({ index: 1 });
  await page.getByRole("button", { name: "記録する", exact: true }).click();
  await page.getByText(/さんを事業所の長として記録しました。/).waitFor();
  await page.getByText(/まだ決まっていないもの：/).waitFor();
  await clean(page, "the roles as the desk sees them");
  await picture(page, "roles-desk-phone");
  noComplaints(page);
  await page.context().close();
});
