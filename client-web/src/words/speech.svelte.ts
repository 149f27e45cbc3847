//! The language in use. Japanese is always here; English comes when asked for.
import type { Lang } from "../../../protocol/bindings/protocol.ts";
import { ja, type Words } from "./ja.ts";

class Speech {
  lang = $state<Lang>("ja");
  words = $state.raw<Words>(ja);

  /** Changes the language once its words are here. */
  async speak(lang: Lang): Promise<void> {
    // Widened on purpose: `ja` says 'ja-JP', English says something else.
    this.words = lang === "ja" ? ja : (await import("./en.ts")).en;
    this.lang = lang;
    document.documentElement.lang = lang;
  }
}

/** What the screens say. */
export const speech = new Speech();
