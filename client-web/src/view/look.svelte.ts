//! Theme and language of this device: the only two things that are kept on it, and neither is content.
import type { Lang } from "../../../protocol/bindings/protocol.ts";

/** What can be chosen. */
export type Theme = "system" | "light" | "dark" | "contrast";

const KEY = "tsumugi.look";
const THEMES: readonly Theme[] = ["system", "light", "dark", "contrast"];

class Look {
  theme = $state<Theme>("system");
  /** The language chosen here; absent: the account's. */
  lang: Lang | undefined;

  constructor() {
    this.#load();
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      globalThis.matchMedia?.(query).addEventListener("change", () => this.#paint());
    }
    this.#paint();
  }

  /** Chooses a theme. */
  choose(theme: Theme): void {
    this.theme = theme;
    this.#paint();
    this.#save();
  }

  /** Remembers a language. */
  remember(lang: Lang): void {
    this.lang = lang;
    this.#save();
  }

  #paint(): void {
    document.documentElement.dataset.theme = this.theme === "system" ? ofSystem() : this.theme;
  }

  #load(): void {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      if (typeof kept !== "object" || kept === null) return;
      if ("theme" in kept) this.theme = THEMES.find((theme) => theme === kept.theme) ?? "system";
      if ("lang" in kept && (kept.lang === "ja" || kept.lang === "en")) this.lang = kept.lang;
    } catch {
      // Storage that is shut or broken costs only the choice.
    }
  }

  #save(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme: this.theme, lang: this.lang }));
    } catch {
      // As above.
    }
  }
}

function ofSystem(): Theme {
  const is = (query: string) => globalThis.matchMedia?.(query).matches === true;
  if (is("(prefers-contrast: more)")) return "contrast";
  return is("(prefers-color-scheme: dark)") ? "dark" : "light";
}

/** How it looks here. */
export const look = new Look();
