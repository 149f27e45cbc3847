//! Two people in two browsers write to each other; the server restarts in between and nobody does anything about it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  browse,
  noComplaints,
  notConnected,
  openRoom,
  post,
  Server,
  saved,
  sharedRoom,
  signIn,
  visit,
} from "./stage.mjs";

/** @type {Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./stage.mjs").Page} */
let nurse;
/** @type {import("./stage.mjs").Page} */
let physician;
/** @type {string} */
let room;

before(async () => {
  server = await new Server().start();
  browser = await browse();
  nurse = await visit(browser);
  physician = await visit(browser);
  await signIn(nurse, server, server.person("visiting_nurse"));
  await signIn(physician, server, server.person("physician"));
  room = await sharedRoom(nurse, physician);
  await openRoom(nurse, room);
  await openRoom(physician, room);
});

after(async () => {
  await browser?.close();
  await server?.end();
});

test("each sees what the other writes, saved once", async () => {
  await post(nurse, "朝の訪問です。体温 36.8、変わりありません。");
  await saved(physician, "朝の訪問です。体温 36.8").waitFor();
  await saved(nurse, "朝の訪問です。体温 36.8").getByText("保存済み").waitFor();
  await post(physician, "見ました。本日15時にうかがいます。");
  await saved(nurse, "見ました。本日15時に").waitFor();
  assert.equal(await saved(physician, "朝の訪問です。体温 36.8").count(), 1);
});

test("who reads a post sees it counted as read by its author", async () => {
  await physician.bringToFront();
  await physician.getByRole("log").press("End");
  const own = saved(nurse, "朝の訪問です。体温 36.8");
  await own.getByRole("button", { name: /既読 [1-9]/ }).waitFor({ timeout: 15_000 });
});

test("a reply shows what it answers", async () => {
  await saved(nurse, "見ました。本日15時に").getByRole("button", { name: /返信/ }).click();
  await post(nurse, "お願いします。玄関は開けておきます。");
  const reply = saved(physician, "お願いします。玄関は開けて");
  await reply.getByText(/への返信/).waitFor();
});

test("the room survives a restart of the server, and both come back by themselves", async () => {
  await server.stop();
  await notConnected(nurse).waitFor();
  await server.start();
  await post(nurse, "止まったあとの投稿です。");
  await saved(physician, "止まったあとの投稿です。").waitFor({ timeout: 40_000 });
  await saved(nurse, "止まったあとの投稿です。").getByText("保存済み").waitFor({ timeout: 40_000 });
  assert.equal(await saved(nurse, "朝の訪問です。体温 36.8").count(), 1);
  assert.equal(await saved(physician, "止まったあとの投稿です。").count(), 1);
  noComplaints(nurse, physician);
});
