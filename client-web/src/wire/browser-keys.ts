//! The browser's passkeys: makes one, shows one. Nothing of them is kept here.

/** What a page can do with passkeys. */
export type BrowserKeys = {
  /** Whether this page can have any: an address in numbers cannot. */
  canHave: () => boolean;
  /** The page, as the server knows it. */
  origin: string;
  /** Makes a passkey; nothing when the person gave up. */
  make: (options: unknown) => Promise<unknown>;
  /** Shows one; nothing when the person gave up. */
  show: (options: unknown) => Promise<unknown>;
};

/** A browser without passkeys. */
export const NO_KEYS: BrowserKeys = {
  canHave: () => false,
  origin: "",
  make: async () => undefined,
  show: async () => undefined,
};

const NUMBERS = /^[\d.]+$|^\[/;

async function answer(asked: Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await asked;
    return credential instanceof PublicKeyCredential ? credential.toJSON() : undefined;
  } catch {
    // Given up, too late, no authenticator: browsers do not tell these apart, so that pages cannot.
    return undefined;
  }
}

/** The real thing. */
export const browserKeys: BrowserKeys = {
  canHave: () =>
    typeof PublicKeyCredential !== "undefined" &&
    "parseCreationOptionsFromJSON" in PublicKeyCredential &&
    !NUMBERS.test(location.hostname),
  origin: globalThis.location?.origin ?? "",
  make: (options) =>
    answer(
      navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
          options as PublicKeyCredentialCreationOptionsJSON,
        ),
      }),
    ),
  show: (options) =>
    answer(
      navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
          options as PublicKeyCredentialRequestOptionsJSON,
        ),
      }),
    ),
};
