-- SQLite: roles that are offered and taken, and who holds the governance roles of an office.

-- The record of an appointment (000§7): who offered which role to whom, and what became of it. `offered_by` is absent where it was
-- the operator of the machine. `answer` is `accepted`, `declined` or `withdrawn`.
CREATE TABLE appointments (
    id BLOB NOT NULL PRIMARY KEY,
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    role TEXT NOT NULL,
    offered_by BLOB REFERENCES accounts (id),
    explained_on TEXT,
    holds TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answered_at INTEGER,
    answer TEXT,
    ended_at INTEGER
) STRICT;
CREATE INDEX appointments_of_place ON appointments (affiliation, role);

-- Who holds a governance role of an office (002-3a, 002-3b).
CREATE TABLE governance_roles (
    office BLOB NOT NULL REFERENCES offices (id),
    role TEXT NOT NULL,
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (office, role)
) STRICT, WITHOUT ROWID;

-- In a small office its head holds all of them. `committee_rules_on`: the day of its committee's working rules.
CREATE TABLE governance (
    office BLOB NOT NULL PRIMARY KEY REFERENCES offices (id),
    is_small INTEGER NOT NULL,
    committee_rules_on TEXT,
    set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
