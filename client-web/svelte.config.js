//! Svelte: runes everywhere, styles in files (the page's rules allow no inline style).
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default { preprocess: vitePreprocess({ script: false }), compilerOptions: { runes: undefined } };
