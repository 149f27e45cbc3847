//! Fails when the first load (page, its scripts and styles, Japanese words) is over 100 kB of gzip.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 100 * 1024;
const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const weigh = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

const page = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set([...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]));
// What the first scripts import without being asked is first load too.
for (const file of first) {
  if (!file.endsWith(".js")) continue;
  const text = readFileSync(join(dist, file), "utf8");
  for (const match of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    first.add(`assets/${match[1]}`);
}
let total = weigh("index.html");
console.log(`${String(total).padStart(8)}  index.html`);
for (const file of [...first].sort()) {
  const bytes = weigh(file);
  total += bytes;
  console.log(`${String(bytes).padStart(8)}  ${file}`);
}
for (const file of readdirSync(join(dist, "assets"))) {
  if (/\.(js|css)$/.test(file) && !first.has(`assets/${file}`)) {
    console.log(`${String(weigh(`assets/${file}`)).padStart(8)}  assets/${file} (later)`);
  }
}
console.log(`first load ${(total / 1024).toFixed(1)} kB gzip of ${LIMIT / 1024}`);
if (total > LIMIT) {
  console.error("The first load is too heavy.");
  process.exit(1);
}
