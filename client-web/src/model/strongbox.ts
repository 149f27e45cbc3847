//! Keeps what was being written while nobody is signed in: sealed, in memory only, for the same account alone.
//!
//! The key cannot be taken out of the browser's keeping and is made anew each time; nothing is written to storage. What
//! is left when the page is closed is gone (002-1.2(1)d, 002-2.2S3).

type Kept = { account: string; sealed: Promise<Sealed | undefined> };
type Sealed = { key: CryptoKey; nonce: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer };

/** A box with room for one account. */
export class Strongbox {
  #subtle: SubtleCrypto | undefined;
  #kept: Kept | undefined;

  constructor(subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle) {
    this.#subtle = subtle;
  }

  /** Whether something is kept. */
  get isFull(): boolean {
    return this.#kept !== undefined;
  }

  /** Seals something for an account; what was in the box is gone. A browser that cannot seal keeps nothing. */
  keep(account: string, what: unknown): void {
    this.#kept = { account, sealed: seal(this.#subtle, account, JSON.stringify(what)) };
  }

  /** Takes out what is kept, if it is this account's. The box is empty after that, whoever asks. */
  async take(account: string): Promise<unknown> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept?.account !== account) return undefined;
    const sealed = await kept.sealed;
    return sealed && open(this.#subtle, account, sealed);
  }

  /** Forgets what is kept. */
  drop(): void {
    this.#kept = undefined;
  }
}

async function seal(
  subtle: SubtleCrypto | undefined,
  account: string,
  text: string,
): Promise<Sealed | undefined> {
  if (!subtle) return undefined;
  try {
    const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const bytes = await subtle.encrypt(how(nonce, account), key, new TextEncoder().encode(text));
    return { key, nonce, bytes };
  } catch {
    return undefined;
  }
}

async function open(
  subtle: SubtleCrypto | undefined,
  account: string,
  { key, nonce, bytes }: Sealed,
): Promise<unknown> {
  try {
    const text = await subtle?.decrypt(how(nonce, account), key, bytes);
    return text && (JSON.parse(new TextDecoder().decode(text)) as unknown);
  } catch {
    return undefined;
  }
}

function how(iv: Uint8Array<ArrayBuffer>, account: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(account) };
}
