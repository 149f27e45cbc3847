//! The screens on the server in memory, for looking at them: `npm run dev`, then /stories.html?as=nurse&history=300.
import "../src/view/tokens.css";
import "../src/view/base.css";
import { mount } from "svelte";
import { Desk } from "../src/model/desk.svelte.ts";
import App from "../src/view/App.svelte";
import { Clock } from "../src/view/clock.svelte.ts";
import { look } from "../src/view/look.svelte.ts";
import { newId } from "../src/wire/new-id.ts";
import { speech } from "../src/words/speech.svelte.ts";
import type { FakeServer } from "./fake-server.ts";
import { itose, people, rooms } from "./region.ts";

const asked = new URLSearchParams(location.search);
const server = itose(Date.now, Number(asked.get("history") ?? 0));
const as = asked.get("as");
server.signedIn = Object.entries(people).find(([key]) => key === as)?.[1].account;

const desk = new Desk({
  http: server.http,
  socket: server.socket,
  client: "web/story",
  lang: () => speech.lang,
  newId,
  reload: () => location.reload(),
});

declare global {
  interface Window {
    story: { server: FakeServer; desk: Desk; people: typeof people; rooms: typeof rooms };
  }
}
window.story = { server, desk, people, rooms };

const clock = new Clock();
clock.start();
look.lang = asked.get("lang") === "en" ? "en" : "ja";
await speech.speak(look.lang);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { desk, clock } });
await desk.sitting.begin();
