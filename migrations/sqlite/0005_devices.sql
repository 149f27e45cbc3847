-- SQLite: the ledger of devices, and the certificates by which they are known.

-- The authority that issues device certificates; its private key is sealed.
CREATE TABLE device_authority (
    name TEXT NOT NULL PRIMARY KEY,
    certificate BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- `state_before` is where a stopped one stood. `attestations` is a comma list of words, as of `attested_at`. Name and permission are sealed.
CREATE TABLE devices (
    id BLOB NOT NULL PRIMARY KEY,
    office BLOB NOT NULL REFERENCES offices (id),
    account BLOB REFERENCES accounts (id),
    kind TEXT NOT NULL,
    ownership TEXT NOT NULL,
    state TEXT NOT NULL,
    state_before TEXT,
    attestations TEXT NOT NULL,
    attested_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    permission BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX devices_of_office ON devices (office);
CREATE INDEX devices_of_account ON devices (account);

-- A certificate is recognised by the SHA-256 of its bytes alone. `serial` is there for those we issued.
CREATE TABLE device_certificates (
    fingerprint BLOB NOT NULL PRIMARY KEY,
    device BLOB NOT NULL REFERENCES devices (id),
    serial BLOB,
    not_after INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX device_certificates_of_device ON device_certificates (device);
