-- SQLite: what a person is told about her account, and the mails that tell it.

-- Shown on screen. `sealed` holds names; a notice that names nothing has none.
CREATE TABLE notices (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB,
    seen_at INTEGER
) STRICT;
CREATE INDEX notices_of_account ON notices (account, id);

-- Address and text are sealed while they wait, and wiped when they need not wait any more.
CREATE TABLE mail_outbox (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BLOB,
    tries INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    good_until INTEGER,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX mail_due ON mail_outbox (state, due_at);

-- What a link carries along: the address to be.
ALTER TABLE links ADD COLUMN sealed BLOB;
CREATE INDEX links_of_account ON links (account);

-- Which terms of use the holder accepted, and when.
ALTER TABLE accounts ADD COLUMN terms_version TEXT;
ALTER TABLE accounts ADD COLUMN terms_at INTEGER;
