//! Asks over HTTP: signing in and out, and who am I.
import { type Answer, type Ask, type CommandName, type Reply, readBody } from "./frame.ts";
import { fetchShape } from "./shapes/replies.ts";

/** Asks one command over HTTP. */
export type AskHttp = <Name extends CommandName>(name: Name, ask: Ask<Name>) => Promise<Answer<Reply<Name>>>;

const PATIENCE_MS = 15_000;

/** The real thing, against the server the page came from. What could not be read is not asked. */
export const askHttp: AskHttp = async (name, ask) => {
  if (!(await fetchShape(name))) return { is: "lost" };
  try {
    const response = await fetch(`/api/v1/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ask),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return readBody(name, await response.text());
  } catch {
    return { is: "lost" };
  }
};
