//! The words of coming into rooms and going out of them, in the language in use. They come with the pages that say them.
import { invitationsEn } from "./invitations-en.ts";
import { type InvitationWords, invitationsJa } from "./invitations-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these pages say. */
export function invitationWords(): InvitationWords {
  return speech.lang === "ja" ? invitationsJa : invitationsEn;
}
