//! Writes a brotli and a gzip copy beside every built file over 1 kB, so that the server never compresses.
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin, ResolvedConfig } from "vite";

const SMALLEST = 1024;
const WORTH_IT = /\.(html|js|css|svg|json|txt|webmanifest)$/;

/** The plugin; it runs once the bundle is on disk. */
export function compressed(): Plugin {
  let config: ResolvedConfig;
  return {
    name: "tsumugi-compressed",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const out = join(config.root, config.build.outDir);
      for (const file of await filesUnder(out)) {
        if (!WORTH_IT.test(file) || (await stat(file)).size <= SMALLEST) continue;
        const bytes = await readFile(file);
        await writeFile(
          `${file}.br`,
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
        await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
