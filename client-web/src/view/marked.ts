//! Photos and marks come after the first load: until then a chop stands in their place.
import type { Card } from "../../../protocol/bindings/protocol.ts";
import type Marked from "./profile/Marked.svelte";
import type Seal from "./profile/Seal.svelte";

/** Of a card, what its icon shows. */
export type IconOf = Pick<Card, "account" | "kind" | "occupation" | "mark">;

/** The component that shows them. */
export const marked = (): Promise<{ default: typeof Marked }> => import("./profile/Marked.svelte");

/** The mark alone, for a line of words. */
export const seal = (): Promise<{ default: typeof Seal }> => import("./profile/Seal.svelte");
