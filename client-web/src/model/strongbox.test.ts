//! What is kept of a session that ended: nothing readable, for one account, until it is asked for once.
import { webcrypto } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { Strongbox } from "./strongbox.ts";

const subtle = webcrypto.subtle as SubtleCrypto;
const what = { writings: [["room", { text: "書きかけ", replyTo: "post" }]] };

describe("the strongbox", () => {
  // clause("002-1.2(1)d")
  it("gives its content to the same account, once", async () => {
    const box = new Strongbox(subtle);
    box.keep("one", what);
    expect(await box.take("one")).toEqual(what);
    expect(await box.take("one")).toBeUndefined();
  });

  it("gives another account nothing, and nothing to the first after that", async () => {
    const box = new Strongbox(subtle);
    box.keep("one", what);
    expect(await box.take("other")).toBeUndefined();
    expect(await box.take("one")).toBeUndefined();
  });

  // clause("002-1.2(1)d")
  it("holds only what nobody can read: sealed bytes, and a key that cannot be taken out", async () => {
    const encrypt = vi.fn(subtle.encrypt.bind(subtle));
    const generateKey = vi.fn(subtle.generateKey.bind(subtle));
    const box = new Strongbox({ generateKey, encrypt } as unknown as SubtleCrypto);
    box.keep("one", what);
    await vi.waitFor(() => expect(encrypt).toHaveBeenCalledOnce());
    const sealed = new TextDecoder().decode(await encrypt.mock.results[0]?.value);
    expect(sealed).not.toContain("書きかけ");
    const key = (await generateKey.mock.results[0]?.value) as CryptoKey;
    expect(key.extractable).toBe(false);
    await expect(subtle.exportKey("raw", key)).rejects.toThrow();
    expect(localStorage.length + sessionStorage.length).toBe(0);
  });

  it("forgets, and keeps nothing where nothing can be sealed", async () => {
    const box = new Strongbox(subtle);
    box.keep("one", what);
    box.drop();
    expect(await box.take("one")).toBeUndefined();
    const bare = new Strongbox({} as SubtleCrypto);
    bare.keep("one", what);
    expect(await bare.take("one")).toBeUndefined();
  });
});
