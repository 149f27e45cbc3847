//! Pictures of the story page, to look at: `npm run shots` while `npm run dev` is up.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const base = process.env.STORY ?? "http://localhost:5173";
const out = new URL("../../.tmp/shots/stories/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const phone = { width: 390, height: 844 };
const pc = { width: 1440, height: 900 };

async function shot(name, { view = phone, query = "as=nurse", scheme = "light", act } = {}) {
  const context = await browser.newContext({
    viewport: view,
    colorScheme: scheme,
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.log(name, "error:", error.message));
  page.on("console", (line) => line.type() === "error" && console.log(name, "console:", line.text()));
  await page.goto(`${base}/stories.html?${query}`);
  await page.waitForSelector("main, nav");
  if (act) await act(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${out}${name}.png` });
  await context.close();
}

const open = (room) => async (page) => {
  const id = await page.evaluate((key) => window.story.rooms[key], room);
  await page.locator(`a[href="#/rooms/${id}"]`).click();
  await page.waitForSelector("[role=log] article");
};
const write = (room, text) => async (page) => {
  await open(room)(page);
  await page.locator("textarea").fill(text);
};
const confirm = (room, text) => async (page) => {
  await write(room, text)(page);
  await page.getByRole("button", { name: "確認へ" }).click();
  await page.waitForSelector("[role=dialog]");
};

const way = (name) => async (page) => page.getByRole("link", { name }).click();
const group = async (page) => {
  await way("自由グループを作る")(page);
  await page.getByLabel("部屋の名前").fill("口腔ケアの勉強会");
  await page.getByLabel("目的").fill("月に一度、歯科と看護の工夫を持ちよって、次の月に試すことを決める");
  await page.getByRole("checkbox", { name: "鴇田" }).check();
  await page.getByRole("checkbox", { name: "大槻" }).check();
  await page.getByRole("checkbox", { name: "森本" }).check();
  await page.getByRole("checkbox", { name: "佐々" }).check();
};
const goDown = async (page) => {
  await page.evaluate(() => {
    window.story.server.isDown = true;
    window.story.server.cut();
  });
  await page.waitForTimeout(1800);
};
const person = (name) => async (page) => {
  await way("つながりを申し込む")(page);
  await page.getByRole("main").getByRole("link", { name }).click();
};

const only = process.argv[2];
const all = {
  "sign-in-phone": { query: "" },
  "sign-in-pc": { query: "", view: pc },
  "rooms-phone": {},
  "rooms-phone-dark": { scheme: "dark" },
  "staff-phone": { act: open("staff") },
  "staff-phone-dark": { act: open("staff"), scheme: "dark" },
  "family-phone": { act: open("family") },
  "family-phone-daughter": { query: "as=daughter", act: open("family") },
  "free-phone": { act: open("free") },
  "pair-phone": { act: open("pair") },
  "confirm-staff-phone": { act: confirm("staff", "16時から吸引器を置きます。電源は枕元の左です。") },
  "confirm-family-phone": {
    act: confirm(
      "family",
      "15時に鴇田先生が臨時でうかがいます。それまで上体を少し起こして、楽な姿勢でお過ごしください。",
    ),
  },
  "staff-pc": { view: pc, query: "as=nurse&history=300", act: open("staff") },
  "staff-pc-dark": { view: pc, act: open("staff"), scheme: "dark" },
  "confirm-pc": { view: pc, act: confirm("family", "15時に鴇田先生が臨時でうかがいます。") },
  "settings-phone": { act: async (page) => page.getByRole("button", { name: "設定" }).click() },
  "english-phone": { query: "as=nurse&lang=en", act: open("staff") },
  "offline-phone": {
    act: async (page) => {
      await open("staff")(page);
      await page.evaluate(() => {
        window.story.server.isDown = true;
        window.story.server.cut();
      });
      await page.locator("textarea").fill("吸引器を置きました。電源は枕元の左です。");
      await page.getByRole("button", { name: "確認へ" }).click();
      await page.waitForSelector("[role=dialog]");
      await page.screenshot({ path: `${out}offline-sheet-phone.png` });
      await page.locator(".send").click();
      await page.waitForTimeout(1800);
    },
  },
  "refused-phone": {
    act: async (page) => {
      await confirm("staff", "16時ごろ交換に来ます。")(page);
      await page.evaluate(() => {
        const { server, rooms, people } = window.story;
        server.member(rooms.staff, {
          ...people.daughter,
          id: "x",
          account: "y",
          kind: "staff",
          name: "矢島 保",
          kana: "やじま たもつ",
          occupation: "nurse",
          office: "いとまき診療所",
          relation: undefined,
        });
      });
      await page.locator(".send").click();
      await page.waitForTimeout(500);
    },
  },
  "readers-phone": {
    act: async (page) => {
      await open("family")(page);
      await page.locator("main button[data-audience]").click();
    },
  },
  "new-group-phone": { act: way("自由グループを作る") },
  "new-group-filled-phone": { act: group },
  "new-group-filled-phone-dark": { act: group, scheme: "dark" },
  "new-group-pc": { view: pc, act: group },
  "new-group-pc-dark": { view: pc, act: group, scheme: "dark" },
  "new-group-not-admin-phone": { query: "as=second", act: way("自由グループを作る") },
  "new-group-refused-phone": {
    query: "as=second",
    act: async (page) => {
      await group(page);
      await page.getByRole("button", { name: "自由グループを作る" }).click();
    },
  },
  "new-group-missing-phone": {
    act: async (page) => {
      await way("自由グループを作る")(page);
      await page.getByRole("button", { name: "自由グループを作る" }).click();
    },
  },
  "new-group-offline-phone": {
    act: async (page) => {
      await group(page);
      await goDown(page);
    },
  },
  "new-group-english-phone": {
    query: "as=nurse&lang=en",
    act: async (page) => page.getByRole("link", { name: "Open a free group" }).click(),
  },
  "new-group-320": { view: { width: 320, height: 640 }, act: group },
  "new-connection-phone": { act: way("つながりを申し込む") },
  "new-connection-phone-dark": { act: way("つながりを申し込む"), scheme: "dark" },
  "new-connection-pc": { view: pc, act: way("つながりを申し込む") },
  "person-phone": { act: person("鴇田") },
  "person-phone-dark": { act: person("鴇田"), scheme: "dark" },
  "person-pc": { view: pc, act: person("鴇田") },
  "person-connected-phone": { act: person("森本") },
  "person-offline-phone": {
    act: async (page) => {
      await person("鴇田")(page);
      await goDown(page);
    },
  },
  "person-english-phone": {
    query: "as=nurse&lang=en",
    act: async (page) => {
      await page.getByRole("link", { name: "Ask for a connection" }).click();
      await page.getByRole("main").getByRole("link", { name: "鴇田" }).click();
    },
  },
  "person-asked-phone": {
    act: async (page) => {
      await person("鴇田")(page);
      await page.getByRole("button", { name: /申し込む/ }).click();
      await page.getByText("相手が承諾すると書けます").waitFor();
    },
  },
  "rooms-end-phone": {
    act: async (page) => page.getByRole("link", { name: "つながりを申し込む" }).scrollIntoViewIfNeeded(),
  },
  "rooms-pc": { view: pc },
  "narrow-320": { view: { width: 320, height: 640 }, act: open("staff") },
};
for (const [name, how] of Object.entries(all)) if (!only || name.includes(only)) await shot(name, how);
await browser.close();
