//! The sheets of a room. They are fetched as soon as a room is on screen, so that they are here when the link is not.
export { default as ConfirmSheet } from "./ConfirmSheet.svelte";
export { default as ReadersSheet } from "./ReadersSheet.svelte";
export { default as ReceiptsSheet } from "./ReceiptsSheet.svelte";
