//! How the client is built and tested: hashed names under /assets, compressed copies beside every file over 1 kB.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { compressed } from "./build/compressed.ts";
import { firstLoad } from "./build/first-load.ts";

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), compressed()],
  resolve: {
    // Unit tests mount components: they need Svelte's browser half.
    ...(mode === "test" ? { conditions: ["browser"] } : {}),
  },
  build: {
    target: "es2022",
    // The fonts of pictures and icons stay files: the page's rules allow no inline script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstLoad }] } } },
  },
  server: { fs: { allow: [".."] } },
  test: {
    include: ["src/**/*.test.ts", "stories/**/*.test.ts"],
    environment: "jsdom",
    testTimeout: 20_000,
  },
}));
