-- Since when an account has its password, and of which kind that is: together they say how long it lasts. Whoever was
-- made with one, as the demo's people are, has a long one since then.
ALTER TABLE accounts ADD COLUMN password_set_at INTEGER;
ALTER TABLE accounts ADD COLUMN password_kind TEXT;

-- Hashes of an account's earlier passwords, as many as its rules compare a new one with.
CREATE TABLE password_history (
    account BLOB NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
