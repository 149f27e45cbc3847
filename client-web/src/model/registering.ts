//! A device on its way into the ledger: an answer that was lost is asked for again under the same id, so that it stands once.
import type { DeviceId, RegisterDevice } from "../../../protocol/bindings/protocol.ts";
import type { Asks } from "./office.ts";
import type { Outcome } from "./outcome.ts";

/** What its person writes down. */
export type DeviceSheet = Omit<RegisterDevice, "device">;

/** Registers devices, one after the other. */
export class Registering {
  #ask: Asks;
  #newId: () => DeviceId;
  /** The one whose answer was lost: the same sheet is asked for again under the same id. */
  #unsure: { device: DeviceId; sheet: string } | undefined;

  constructor(ask: Asks, newId: () => DeviceId) {
    this.#ask = ask;
    this.#newId = newId;
  }

  /** Registers a device; answers why not. */
  async register(sheet: DeviceSheet): Promise<Outcome> {
    const written = JSON.stringify(sheet);
    const before = this.#unsure?.sheet === written ? this.#unsure.device : undefined;
    const device = before ?? this.#newId();
    const answer = await this.#ask("devices.register", { device, ...sheet });
    this.#unsure = answer.is === "lost" ? { device, sheet: written } : undefined;
    const stoodAlready =
      before !== undefined && answer.is === "refused" && answer.refused.code === "id_taken";
    return stoodAlready ? { is: "ok", ok: {} } : answer;
  }
}
