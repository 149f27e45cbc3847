-- PostgreSQL: what a person is told about her account, and the mails that tell it.

-- Shown on screen. `sealed` holds names; a notice that names nothing has none.
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    sealed BYTEA,
    seen_at BIGINT
);
CREATE INDEX notices_of_account ON notices (account, id);

-- Address and text are sealed while they wait, and wiped when they need not wait any more.
CREATE TABLE mail_outbox (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA,
    tries BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    good_until BIGINT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX mail_due ON mail_outbox (state, due_at);

-- What a link carries along: the address to be.
ALTER TABLE links ADD COLUMN sealed BYTEA;
CREATE INDEX links_of_account ON links (account);

-- Which terms of use the holder accepted, and when.
ALTER TABLE accounts ADD COLUMN terms_version TEXT;
ALTER TABLE accounts ADD COLUMN terms_at BIGINT;
