-- PostgreSQL: the ledger of devices, and the certificates by which they are known.

-- The authority that issues device certificates; its private key is sealed.
CREATE TABLE device_authority (
    name TEXT NOT NULL PRIMARY KEY,
    certificate BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- `state_before` is where a stopped one stood. `attestations` is a comma list of words, as of `attested_at`. Name and permission are sealed.
CREATE TABLE devices (
    id UUID NOT NULL PRIMARY KEY,
    office UUID NOT NULL REFERENCES offices (id),
    account UUID REFERENCES accounts (id),
    kind TEXT NOT NULL,
    ownership TEXT NOT NULL,
    state TEXT NOT NULL,
    state_before TEXT,
    attestations TEXT NOT NULL,
    attested_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    permission BYTEA,
    created_at BIGINT NOT NULL
);
CREATE INDEX devices_of_office ON devices (office);
CREATE INDEX devices_of_account ON devices (account);

-- A certificate is recognised by the SHA-256 of its bytes alone. `serial` is there for those we issued.
CREATE TABLE device_certificates (
    fingerprint BYTEA NOT NULL PRIMARY KEY,
    device UUID NOT NULL REFERENCES devices (id),
    serial BYTEA,
    not_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX device_certificates_of_device ON device_certificates (device);
