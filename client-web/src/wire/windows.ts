//! Other windows of this browser, which share the session: each hears when there was input in another. Nothing is stored.

/** Carries one word between windows of the same session: when there was input. */
export type Windows = { tell: (at: number) => void; onHear: (hear: (at: number) => void) => void };

const NAME = "tsumugi.presence";
const TELL_MS = 1_000;

/** The real thing; a browser without it has windows that do not know of each other. */
export function otherWindows(): Windows {
  if (typeof BroadcastChannel === "undefined") return { tell: () => {}, onHear: () => {} };
  const channel = new BroadcastChannel(NAME);
  let last = 0;
  return {
    tell: (at) => {
      if (Math.abs(at - last) < TELL_MS) return;
      last = at;
      channel.postMessage(at);
    },
    onHear: (hear) => {
      channel.onmessage = ({ data }) => typeof data === "number" && hear(data);
    },
  };
}
