//! Wiring only: the desk, the real wire, the page.
import "./view/tokens.css";
import "./view/base.css";
import { mount } from "svelte";
import { version } from "../package.json";
import { Desk } from "./model/desk.svelte.ts";
import App from "./view/App.svelte";
import { Clock } from "./view/clock.svelte.ts";
import { watchInput } from "./view/input.ts";
import { look } from "./view/look.svelte.ts";
import { browserKeys } from "./wire/browser-keys.ts";
import { askHttp } from "./wire/http.ts";
import type { Socket } from "./wire/link.ts";
import { newId } from "./wire/new-id.ts";
import { reloadOnce } from "./wire/reload.ts";
import { otherWindows } from "./wire/windows.ts";
import { speech } from "./words/speech.svelte.ts";

const desk = new Desk({
  http: askHttp,
  socket: () => new WebSocket(`wss://${location.host}/api/v1/link`) as Socket,
  client: `web/${version}`,
  lang: () => speech.lang,
  newId,
  keys: browserKeys,
  reload: reloadOnce,
  windows: otherWindows(),
});

const clock = new Clock();
clock.start();
addEventListener("online", () => desk.nudge());
addEventListener("offline", () => desk.cut());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && desk.nudge());

watchInput(desk.sitting.attendance);

await speech.speak(look.lang ?? "ja");
const target = document.getElementById("app");
if (target) mount(App, { target, props: { desk, clock } });
await desk.sitting.begin();
