-- PostgreSQL: passkeys, and how their loss is mended.

-- `key_hash` is a keyed hash of the credential's id: the same credential is nobody else's. `sealed` holds the public key,
-- the counter and the name; `uses` rises with every proof, so that of two at once one wins.
CREATE TABLE passkeys (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    key_hash BYTEA NOT NULL UNIQUE,
    sealed BYTEA NOT NULL,
    uses BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_of_account ON passkeys (account);

-- One admin opens a case with a reason, another admin of the same office closes it.
CREATE TABLE recoveries (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    office UUID NOT NULL REFERENCES offices (id),
    opened_by UUID NOT NULL REFERENCES accounts (id),
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    approved_by UUID REFERENCES accounts (id),
    approved_at BIGINT
);
CREATE INDEX recoveries_of_account ON recoveries (account);
