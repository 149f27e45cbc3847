//! What is official, in the language in use. It comes with the part of the sign-in page that says it.
import type { About } from "../../../protocol/bindings/protocol.ts";
import { speech } from "./speech.svelte.ts";

function inJapanese({ official, sender, support, staff_domain }: About): readonly string[] {
  return [
    `公式のアドレス：${official}`,
    sender ? `お知らせのメール：${sender} からだけ届きます` : "お知らせのメールは送りません",
    ...(support ? [`サポート窓口：${support}`] : []),
    ...(staff_domain ? [`運営の担当者のメール：@${staff_domain} からだけ届きます`] : []),
    "ほかのアドレスからの連絡や、パスワードをたずねる連絡は、偽物です。",
  ];
}

function inEnglish({ official, sender, support, staff_domain }: About): readonly string[] {
  return [
    `Official address: ${official}`,
    sender ? `Mails come from ${sender} only` : "No mails are sent",
    ...(support ? [`Support desk: ${support}`] : []),
    ...(staff_domain ? [`Those who run the service write from @${staff_domain} only`] : []),
    "Anything from another address, or that asks for a password, is false.",
  ];
}

/** What the service publishes about itself, a line each. */
export function officialWords(about: About): readonly string[] {
  return speech.lang === "ja" ? inJapanese(about) : inEnglish(about);
}
