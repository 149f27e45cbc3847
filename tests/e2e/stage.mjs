//! The stage of the browser stories: the real server on a port of its own, real Chromium, people who sign in.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
// The browser driver is a dependency of the client, so that there is one lock file.
const fromClient = createRequire(join(root, "client-web/package.json"));
const { chromium } = /** @type {typeof import("playwright-core")} */ (fromClient("playwright-core"));
const { AxeBuilder } = /** @type {typeof import("@axe-core/playwright")} */ (
  fromClient("@axe-core/playwright")
);

/**
 * A page, with what it complained of.
 * @typedef {import("playwright-core").Page & { complaints: string[] }} Page
 *
 * One line of the demo's sign-ins.
 * @typedef {{ name: string, role: string, email: string, password: string }} Person
 *
 * Who reads a room.
 * @typedef {"staff" | "family" | "free" | "pair"} Audience
 */

const BINARY =
  process.env.TSUMUGI ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/tsumugi");
const READY_MS = 60_000;

/** Where pictures go. */
export const SHOTS = join(root, ".tmp/shots");
export const phone = { width: 390, height: 844 };
export const pc = { width: 1440, height: 900 };

/** A demo server; `stop` and `start` again keep port and data. */
export class Server {
  #data = mkdtempSync(join(tmpdir(), "tsumugi-e2e-"));
  /** @type {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable> | undefined} */
  #child;
  /** @type {number | undefined} */
  #port;
  /** @type {string[]} */
  #flags;
  /** @type {number | undefined} */
  #certificatePort;
  url = "";
  /** @type {Person[]} */
  people = [];

  /** @param {string[]} flags more of the command line */
  constructor(flags = []) {
    this.#flags = flags;
  }

  /** Opens the door that takes the certificates of devices as well. */
  async withCertificates() {
    this.#certificatePort = await freePort();
    return this;
  }

  /** Where devices with certificates come in. */
  get certificateUrl() {
    assert.ok(this.#certificatePort, "opened with certificates");
    return `https://127.0.0.1:${this.#certificatePort}`;
  }

  async start() {
    if (!existsSync(BINARY))
      throw new Error(`${BINARY} is not built: cargo build -p tsumugi-server --bin tsumugi`);
    this.#port ??= await freePort();
    const args = [
      "demo",
      "--data",
      this.#data,
      "--listen",
      `127.0.0.1:${this.#port}`,
      "--json",
      ...this.#flags,
    ];
    const env = { ...process.env };
    if (this.#certificatePort) env.TSUMUGI__LISTEN_CERTIFICATES = `127.0.0.1:${this.#certificatePort}`;
    const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"], env });
    this.#child = child;
    let said = "";
    child.stderr.on("data", (bytes) => {
      said = (said + bytes).slice(-4_000);
    });
    const ready = JSON.parse(await firstJson(child, () => said));
    this.url = ready.url.replace(/\/$/, "");
    this.people = ready.people;
    return this;
  }

  /**
   * The server's clock goes on by so many seconds, at once.
   * @param {number} seconds
   */
  async turnClock(seconds) {
    const args = ["clock", "--data", this.#data, "--forward", String(seconds)];
    const child = spawn(BINARY, args, { stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "exit");
    assert.equal(code, 0, "the clock was turned");
  }

  /**
   * The way in by a link that the operator hands on.
   * @param {string} email
   */
  async link(email) {
    const args = ["account", "link", "--data", this.#data, "--email", email];
    const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
    });
    await once(child, "close");
    return /https:\S+/.exec(said)?.[0] ?? said;
  }

  /**
   * The support desk, which is the operator's, opens a case about an account.
   * @param {string} email
   * @param {string} enquiry
   */
  async supportCase(email, enquiry) {
    const args = ["account", "support-case", "--data", this.#data, "--email", email, "--enquiry", enquiry];
    const child = spawn(BINARY, args, { stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "exit");
    assert.equal(code, 0, "the case was opened");
  }

  /** SIGTERM, and wait until it is gone. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  async end() {
    await this.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }

  /**
   * The person with a role.
   * @param {string} role
   */
  person(role) {
    const person = this.people.find((each) => each.role === role);
    if (!person) throw new Error(`nobody is ${role}`);
    return person;
  }
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const LOOK = { ignoreHTTPSErrors: true, locale: "ja-JP", timezoneId: "Asia/Tokyo" };

/**
 * A browser.
 * @param {string[]} args
 */
export function browse(args = []) {
  return chromium.launch({ executablePath: EXECUTABLE, args: [...FLAGS, ...args] });
}

/**
 * A browser with a profile on disk.
 * @param {string} folder
 * @param {string} [home] where it finds certificates of its own
 */
export function browseWithProfile(folder, home) {
  return chromium.launchPersistentContext(folder, {
    executablePath: EXECUTABLE,
    args: FLAGS,
    ...LOOK,
    viewport: pc,
    ...(home && { env: { ...process.env, HOME: home } }),
  });
}

/**
 * A page of its own context; what the page complains of is kept in `complaints`.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} options
 */
export async function visit(browser, { viewport = pc, ...more } = {}) {
  const context = await browser.newContext({ ...LOOK, viewport, ...more });
  return listen(await context.newPage());
}

/**
 * Keeps what a page complains of: broken rules of the page, and errors.
 * @param {import("playwright-core").Page} silent
 * @returns {Page}
 */
export function listen(silent) {
  const page = Object.assign(silent, { complaints: /** @type {string[]} */ ([]) });
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("console", (line) => {
    if (/Content Security Policy/i.test(line.text())) page.complaints.push(line.text());
  });
  return page;
}

/**
 * Signs a person in and waits for her list.
 * @param {Page} page
 * @param {Server} server
 * @param {Person} person
 */
export async function signIn(page, server, person) {
  await page.goto(`${server.url}/`);
  await page.getByLabel("メールアドレス").fill(person.email);
  await page.getByLabel("パスワード", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "パスワードでログイン" }).click();
  await page.locator("a[data-audience]").first().waitFor();
}

/**
 * Files under a folder that hold one of the words, in UTF-8 or UTF-16.
 * @param {string} folder
 * @param {string[]} words
 */
export function bytesIn(folder, words) {
  const needles = words.flatMap((word) => [Buffer.from(word, "utf8"), Buffer.from(word, "utf16le")]);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => {
      const bytes = readFileSync(file);
      const found = words.filter((_, index) =>
        needles.slice(index * 2, index * 2 + 2).some((each) => bytes.includes(each)),
      );
      return found.map((word) => `${word} in ${file}`);
    });
}

/**
 * Asks as the person who is signed in on that page.
 * @param {Page} page
 * @param {string} command
 * @param {object} ask
 */
export async function asks(page, command, ask) {
  const answer = await page.evaluate(
    async ([command, ask]) => {
      const headers = { "content-type": "application/json" };
      const done = await fetch(`/api/v1/${command}`, { method: "POST", headers, body: JSON.stringify(ask) });
      return await done.json();
    },
    /** @type {const} */ ([command, ask]),
  );
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.ok;
}

/**
 * Ids of the rooms in somebody's list, by audience.
 * @param {Page} page
 * @param {Audience} audience
 */
export function roomsOf(page, audience) {
  return page
    .locator(`a[data-audience="${audience}"]`)
    .evaluateAll((doors) => doors.map((door) => door.getAttribute("href")?.split("/").at(-1) ?? ""));
}

/**
 * A room that two people share.
 * @param {Page} one
 * @param {Page} other
 * @param {Audience} audience
 */
export async function sharedRoom(one, other, audience = "staff") {
  const theirs = new Set(await roomsOf(other, audience));
  const room = (await roomsOf(one, audience)).find((each) => theirs.has(each));
  if (!room) throw new Error(`no ${audience} room is shared`);
  return room;
}

/**
 * Opens a room from the list.
 * @param {Page} page
 * @param {string | undefined} room
 */
export async function openRoom(page, room) {
  await page.locator(`a[href="#/rooms/${room}"]`).click();
  await page.getByRole("log").waitFor();
  await page.locator("[role=log] article").first().waitFor();
}

/**
 * Writes and confirms a post.
 * @param {Page} page
 * @param {string} text
 */
export async function post(page, text) {
  await page.getByLabel("投稿を書く").fill(text);
  await page.getByRole("button", { name: "確認へ" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /に投稿|に送る/ }).waitFor();
  for (const tick of await dialog.getByRole("checkbox").all()) await tick.check();
  await dialog.getByRole("button", { name: /に投稿|に送る/ }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/**
 * The saved post with this text: an article that says 保存済み to its author, or any to others.
 * @param {Page} page
 * @param {string} text
 */
export function saved(page, text) {
  return page.locator("article[data-post]", { hasText: text });
}

/**
 * The words that say that the line is down, where one can see them.
 * @param {Page} page
 */
export function notConnected(page) {
  return page.getByText("つながっていません").filter({ visible: true }).first();
}

/**
 * An act about a colleague, up to its sheet.
 * @param {Page} page
 * @param {string} name
 * @param {string} verb
 */
export async function act(page, name, verb) {
  const row = page.getByRole("listitem").filter({ hasText: name });
  const opener = row.getByRole("button", { name: `${name}さんの手続き` });
  if ((await opener.getAttribute("aria-expanded")) === "false") await opener.click();
  await row.getByRole("button", { name: verb, exact: true }).click();
  return page.getByRole("dialog");
}

/**
 * Nothing was complained of.
 * @param {Page[]} pages
 */
export function noComplaints(...pages) {
  const all = pages.flatMap((page) => page.complaints);
  if (all.length > 0) throw new Error(`the page complains: ${all.join(" | ")}`);
}

/**
 * The checker finds nothing.
 * @param {Page} page
 * @param {string} what
 */
export async function clean(page, what) {
  // Sheets fade in; a colour half-way through is not what people read.
  await page.waitForFunction(() => document.getAnimations().every((each) => each.playState !== "running"));
  const { violations } = await new AxeBuilder({ page }).analyze();
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(said, [], what);
}

/**
 * A picture of a page.
 * @param {Page} page
 * @param {string} name
 */
export async function picture(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/**
 * The first line of JSON that a process prints.
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child
 * @param {() => string} said
 * @returns {Promise<string>}
 */
async function firstJson(child, said) {
  const lines = createInterface({ input: child.stdout });
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the server was not ready in time: ${said()}`)),
      READY_MS,
    );
    lines.on("line", (line) => {
      if (!line.startsWith("{")) return;
      clearTimeout(timer);
      resolve(line);
    });
    child.on("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}: ${said()}`));
    });
  });
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return port;
}
