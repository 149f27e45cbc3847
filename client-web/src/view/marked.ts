//! Photos and marks come after the first load: until then a chop stands in their place.
import type Marked from "./profile/Marked.svelte";

/** The component that shows them. */
export const marked = (): Promise<{ default: typeof Marked }> => import("./profile/Marked.svelte");
