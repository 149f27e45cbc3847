-- PostgreSQL: accounts that several people use (000§11(2), 003§11※), and who acts in a session.

CREATE TABLE shared_accounts (
    account UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    responsible UUID NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL
);

-- Who left stays: posts and audit name her.
CREATE TABLE roster (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX roster_of_account ON roster (account);

-- The card of somebody on the roster, made from the account's card when she first writes under it.
CREATE TABLE acting_cards (
    card UUID NOT NULL REFERENCES cards (id),
    person UUID NOT NULL REFERENCES roster (id),
    acting UUID NOT NULL REFERENCES cards (id),
    PRIMARY KEY (card, person)
);

ALTER TABLE sessions ADD COLUMN acting UUID REFERENCES roster (id);
