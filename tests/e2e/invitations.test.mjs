//! Into a timeline on phones: a nurse proposes, her administrator approves, the helper judges for herself; then somebody leaves.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  asks,
  browse,
  clean,
  noComplaints,
  phone,
  picture,
  post,
  Server,
  saved,
  signIn,
  visit,
} from "./stage.mjs";

const PATIENT = "菊池 春江";
const HELPER = "グエン ティ ハー";
const PART = "週に二回、入浴の介助に伺います";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let nurse;
/** @type {import("./stage.mjs").Page} */
let admin;
/** @type {import("./stage.mjs").Page} */
let helper;
/** @type {string} */
let room;

/** @param {string} name */
function named(name) {
  const person = server.people.find((each) => each.name === name);
  if (!person) throw new Error(`nobody is ${name}`);
  return person;
}

before(async () => {
  server = await new Server().start();
  browser = await browse();
  const at = { viewport: phone };
  [nurse, admin, helper] = await Promise.all([visit(browser, at), visit(browser, at), visit(browser, at)]);
  await signIn(nurse, server, server.person("visiting_nurse"));
  await signIn(admin, server, server.person("office_admin"));
  await signIn(helper, server, named(HELPER));
  const { patients, rooms } = await asks(nurse, "rooms.list", {});
  const patient = patients.find((/** @type {{ name: string }} */ one) => one.name === PATIENT).id;
  room = rooms.find(
    (/** @type {{ patient?: string, kind: string }} */ one) =>
      one.patient === patient && one.kind === "timeline_staff",
  ).id;
});

after(async () => {
  await browser?.close();
  await server?.end();
});

test("a nurse proposes a helper from the room's readers, and sees how far it is", async () => {
  await nurse.locator(`a[href="#/rooms/${room}"]`).click();
  await nurse.getByRole("button", { name: /読む人 .*を見る/ }).click();
  await nurse.getByRole("dialog").getByRole("link", { name: "招待・退出" }).click();
  await nurse.getByRole("heading", { level: 1, name: "参加者と招待" }).waitFor();
  await nurse.getByText("招待の途中の人はいません。").waitFor();
  await nurse.getByRole("button", { name: "参加者を提案する" }).click();
  const propose = nurse.getByRole("button", { name: "提案する", exact: true });
  await propose.click();
  await nurse.getByText("提案する人を選んでください。").waitFor();
  const who = nurse.getByLabel("提案する人");
  const choice = await who.locator("option", { hasText: HELPER }).getAttribute("value");
  await who.selectOption(choice);
  await propose.click();
  await nurse.getByText("どう関わる人かを書いてください。").waitFor();
  await clean(nurse, "a proposal");
  await picture(nurse, "members-propose-phone");
  await nurse.getByLabel("どう関わるか").fill(PART);
  await nurse.getByLabel("本人へのひとこと（任意）").fill("来週からお願いします");
  await propose.click();
  await nurse.getByText(`${HELPER}さんを提案しました。管理者の承認を待ちます。`).waitFor();
  const row = nurse.getByRole("listitem").filter({ hasText: HELPER });
  await row.getByText("承認を待っています").waitFor();
  await clean(nurse, "a proposal that waits");
  await picture(nurse, "members-waiting-phone");
});

test("the administrator weighs her part and profile, and approves; of the room she reads nothing", async () => {
  await admin.getByRole("button", { name: "設定" }).click();
  await admin.getByRole("link", { name: "事業所の管理" }).click();
  await admin.getByRole("link", { name: "タイムラインと招待の承認" }).click();
  await admin.getByRole("heading", { level: 1, name: "タイムラインの管理" }).waitFor();
  const timeline = admin.getByRole("button", { name: new RegExp(`${PATIENT}.*承認待ち 1件`) });
  await timeline.click();
  const row = admin.getByRole("listitem").filter({ hasText: PART });
  await row.getByText("プロフィールにないもの：顔写真、本人認証").waitFor();
  await clean(admin, "timelines");
  await picture(admin, "timelines-phone");
  await row.getByRole("button", { name: `${HELPER}さんの招待の手続き` }).click();
  await row.getByRole("button", { name: "承認する", exact: true }).click();
  const sheet = admin.getByRole("dialog");
  await sheet.getByText("承認は、この部屋だけのものです。").waitFor();
  await clean(admin, "an approval");
  await picture(admin, "timelines-approve-phone");
  await sheet.getByRole("button", { name: "承認する", exact: true }).click();
  await admin.getByText(`${HELPER}さんの参加を承認しました。`).waitFor();
  const { rooms } = await asks(admin, "rooms.list", {});
  assert.equal(
    rooms.some((/** @type {{ id: string }} */ one) => one.id === room),
    false,
  );
});

test("the helper sees who asks and for whom, ticks that she takes part, and joins", async () => {
  const invitation = helper.getByRole("article").filter({ hasText: PART });
  await invitation.getByText("菊池さんのタイムライン").waitFor();
  assert.doesNotMatch(await invitation.innerText(), /春江/);
  await invitation.getByRole("button", { name: "参加する" }).click();
  await invitation.getByRole("alert").waitFor();
  await clean(helper, "an invitation");
  await picture(helper, "invitation-judge-phone");
  await invitation.getByRole("checkbox").check();
  await invitation.getByRole("button", { name: "参加する" }).click();
  await helper.locator(`a[href="#/rooms/${room}"]`).click();
  await nurse.goto(`${server.url}/#/rooms/${room}`);
  await post(nurse, "ようこそ。火曜と金曜です。");
  await saved(helper, "ようこそ。火曜と金曜です。").waitFor();
});

test("she leaves by herself, and the room is gone from her list", async () => {
  await helper.getByRole("button", { name: /読む人 .*を見る/ }).click();
  await helper.getByRole("dialog").getByRole("link", { name: "招待・退出" }).click();
  await helper.getByRole("button", { name: "この部屋から退出する" }).click();
  const sheet = helper.getByRole("dialog");
  await sheet.getByText("もう一度入るには、招待が必要です。").waitFor();
  await clean(helper, "leaving a room");
  await sheet.getByRole("button", { name: "この部屋から退出する" }).click();
  await helper.locator(`a[href="#/rooms/${room}"]`).waitFor({ state: "detached" });
  noComplaints(nurse, admin, helper);
});
