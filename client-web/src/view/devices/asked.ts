//! What is asked about devices before it is done: the words of its sheet.
import type { Device, DeviceCertificate, OfficeId } from "../../../../protocol/bindings/protocol.ts";
import type { DeviceAct } from "../../model/ledger.ts";
import type { DevicesWords } from "../../words/devices-ja.ts";

/** What is asked about. */
export type Asked =
  | { act: DeviceAct; device: Device }
  | { act: "revoke"; device: Device; certificate: DeviceCertificate }
  | { act: "stop_all"; office: OfficeId; devices: readonly Device[]; separator: string };

/** Whether it is done for a reason that goes on record. */
export function wantsReason({ act }: Asked): boolean {
  return act !== "approve" && act !== "issue" && act !== "bind";
}

/** The words of a sheet: its question, what the act does, the verb on its button, and what is said once it is done. */
export type SheetWords = { title: string; what: string; yes: string; done: string };

/** The words about it. */
export function wordsOf(asked: Asked, words: DevicesWords): SheetWords {
  if (asked.act === "stop_all") {
    const names = asked.devices.map(({ name }) => name).join(asked.separator);
    const n = asked.devices.length;
    return {
      title: words.all.ask(n),
      what: words.all.what(names),
      yes: words.all.stop(n),
      done: words.all.done(n),
    };
  }
  const { name } = asked.device;
  switch (asked.act) {
    case "approve":
    case "bind": {
      const { title, what, done } = words[asked.act];
      return { title: title(name), what, yes: words.acts[asked.act], done: done(name) };
    }
    case "issue":
      return { title: words.issue.title(name), what: words.issue.what, yes: words.acts.issue, done: "" };
    case "revoke":
      return {
        title: words.revokeAsk(name),
        what: words.revokeWhat,
        yes: words.revoke,
        done: words.revoked(name),
      };
    case "stop":
    case "release":
    case "retire": {
      const { title, what, done } = words.asked[asked.act];
      return { title: title(name), what, yes: words.acts[asked.act], done: done(name) };
    }
  }
}
