-- PostgreSQL: roles that are offered and taken, and who holds the governance roles of an office.

-- The record of an appointment (000§7): who offered which role to whom, and what became of it. `offered_by` is absent where it was
-- the operator of the machine. `answer` is `accepted`, `declined` or `withdrawn`.
CREATE TABLE appointments (
    id UUID NOT NULL PRIMARY KEY,
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    role TEXT NOT NULL,
    offered_by UUID REFERENCES accounts (id),
    explained_on TEXT,
    holds TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    answered_at BIGINT,
    answer TEXT,
    ended_at BIGINT
);
CREATE INDEX appointments_of_place ON appointments (affiliation, role);

-- Who holds a governance role of an office (002-3a, 002-3b).
CREATE TABLE governance_roles (
    office UUID NOT NULL REFERENCES offices (id),
    role TEXT NOT NULL,
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (office, role)
);

-- In a small office its head holds all of them. `committee_rules_on`: the day of its committee's working rules.
CREATE TABLE governance (
    office UUID NOT NULL PRIMARY KEY REFERENCES offices (id),
    is_small BIGINT NOT NULL,
    committee_rules_on TEXT,
    set_at BIGINT NOT NULL
);
