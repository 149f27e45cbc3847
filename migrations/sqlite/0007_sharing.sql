-- SQLite: accounts that several people use (000§11(2), 003§11※), and who acts in a session.

CREATE TABLE shared_accounts (
    account BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    responsible BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who left stays: posts and audit name her.
CREATE TABLE roster (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX roster_of_account ON roster (account);

-- The card of somebody on the roster, made from the account's card when she first writes under it.
CREATE TABLE acting_cards (
    card BLOB NOT NULL REFERENCES cards (id),
    person BLOB NOT NULL REFERENCES roster (id),
    acting BLOB NOT NULL REFERENCES cards (id),
    PRIMARY KEY (card, person)
) STRICT, WITHOUT ROWID;

ALTER TABLE sessions ADD COLUMN acting BLOB REFERENCES roster (id);
