-- SQLite: passkeys, and how their loss is mended.

-- `key_hash` is a keyed hash of the credential's id: the same credential is nobody else's. `sealed` holds the public key,
-- the counter and the name; `uses` rises with every proof, so that of two at once one wins.
CREATE TABLE passkeys (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    key_hash BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    uses INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;
CREATE INDEX passkeys_of_account ON passkeys (account);

-- One admin opens a case with a reason, another admin of the same office closes it.
CREATE TABLE recoveries (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    office BLOB NOT NULL REFERENCES offices (id),
    opened_by BLOB NOT NULL REFERENCES accounts (id),
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES accounts (id),
    approved_at INTEGER
) STRICT;
CREATE INDEX recoveries_of_account ON recoveries (account);
