//! A device's certificate in a real browser: imported once, shown by itself, and of no use a second after it is revoked.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  asks,
  browse,
  browseWithProfile,
  listen,
  noComplaints,
  notConnected,
  openRoom,
  picture,
  post,
  roomsOf,
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
const folder = mkdtempSync(join(tmpdir(), "tsumugi-certificate-"));

before(async () => {
  server = await (await new Server().withCertificates()).start();
  browser = await browse();
});

after(async () => {
  await browser?.close();
  await server?.end();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A home whose browsers hold the certificate of that file, and nothing else.
 * @param {{ pkcs12: string, passphrase: string }} certificate
 */
function homeWith(certificate) {
  const store = join(folder, ".pki/nssdb");
  mkdirSync(store, { recursive: true });
  const file = join(folder, "device.p12");
  writeFileSync(file, Buffer.from(certificate.pkcs12, "base64"));
  execFileSync("certutil", ["-N", "-d", `sql:${store}`, "--empty-password"]);
  execFileSync("pk12util", ["-i", file, "-d", `sql:${store}`, "-W", certificate.passphrase, "-K", ""]);
  return folder;
}

test("a registered device comes in with its certificate and is out as soon as that is revoked", async () => {
  const [nurse, admin] = [await visit(browser), await visit(browser)];
  await signIn(nurse, server, server.person("visiting_nurse"));
  await signIn(admin, server, server.person("office_admin"));
  const device = crypto.randomUUID();
  const attestations = [
    "virus_protection",
    "vulnerability_check",
    "safe_wifi",
    "clear_screen",
    "locked_storage",
  ];
  const system = { os_family: "android", os: "Android 16", stock_record: false };
  const tablet = { kind: "tablet", ownership: "office", ...system, name: "訪問用", mine: true };
  await asks(nurse, "devices.register", { device, ...tablet, attestations });
  await asks(admin, "devices.approve", { device });
  const certificate = await asks(admin, "devices.issue_certificate", { device });

  const context = await browseWithProfile(join(folder, "profile"), homeWith(certificate));
  try {
    const page = listen(context.pages()[0] ?? (await context.newPage()));
    const door = { url: server.certificateUrl };
    await signIn(page, Object.assign(Object.create(server), door), server.person("visiting_nurse"));
    await openRoom(page, await sharedRoom(page, nurse));
    await post(page, "この端末から書いています");
    await saved(page, "この端末から書いています").waitFor();
    assert.equal(await notConnected(page).count(), 0);
    assert.ok((await roomsOf(nurse, "staff")).length > 0);
    await picture(page, "certificate-in");

    const since = Date.now();
    await asks(admin, "devices.revoke_certificate", { fingerprint: certificate.fingerprint, reason: "紛失" });
    await page.getByLabel("メールアドレス").waitFor();
    assert.ok(Date.now() - since < 5_000, "out at once");
    await picture(page, "certificate-revoked");

    const again = server.person("visiting_nurse");
    await page.getByLabel("メールアドレス").fill(again.email);
    await page.getByLabel("パスワード", { exact: true }).fill(again.password);
    await page.getByRole("button", { name: "パスワードでログイン" }).click();
    await page.getByRole("alert").waitFor();
    await picture(page, "certificate-refused");
    noComplaints(page, nurse, admin);
  } finally {
    await context.close();
  }
});
