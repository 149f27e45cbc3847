-- PostgreSQL: how the office that answers for a patient changes, who acts for it meanwhile, and who is looked at again.

-- Sealed with the key of `room`: why; `answer` why it was declined. One at a time is under way.
CREATE TABLE transfers (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    patient UUID NOT NULL REFERENCES patients (id),
    from_office UUID NOT NULL REFERENCES offices (id),
    to_office UUID NOT NULL REFERENCES offices (id),
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    answer BYTEA,
    proposed_by UUID NOT NULL REFERENCES accounts (id),
    proposed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_by UUID REFERENCES accounts (id),
    accepted_at BIGINT,
    ended_by UUID REFERENCES accounts (id),
    ended_at BIGINT
);
CREATE INDEX transfers_of_patient ON transfers (patient, state);
CREATE INDEX transfers_from_office ON transfers (from_office);
CREATE INDEX transfers_to_office ON transfers (to_office);
CREATE INDEX transfers_of_proposer ON transfers (proposed_by, proposed_at);
CREATE INDEX transfers_by_time ON transfers (state, expires_at);

-- Sealed with the key of `room`: who approved, and what shows it.
CREATE TABLE delegations (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    patient UUID NOT NULL REFERENCES patients (id),
    steward UUID NOT NULL REFERENCES offices (id),
    delegate UUID NOT NULL REFERENCES offices (id),
    state TEXT NOT NULL,
    sealed BYTEA,
    approved_on TEXT,
    given_by UUID NOT NULL REFERENCES accounts (id),
    given_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_by UUID REFERENCES accounts (id),
    accepted_at BIGINT,
    ended_by UUID REFERENCES accounts (id),
    ended_at BIGINT
);
CREATE INDEX delegations_of_patient ON delegations (patient, state);
CREATE INDEX delegations_of_steward ON delegations (steward);
CREATE INDEX delegations_of_delegate ON delegations (delegate, state);
CREATE INDEX delegations_of_giver ON delegations (given_by, given_at);
CREATE INDEX delegations_by_time ON delegations (state, expires_at);

-- Who is in a timeline was looked at and signed off.
CREATE TABLE reviews (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    office UUID NOT NULL REFERENCES offices (id),
    signed_by UUID NOT NULL REFERENCES accounts (id),
    signed_at BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    released BIGINT NOT NULL
);
CREATE INDEX reviews_of_room ON reviews (room, office, signed_at);

-- It was told that a review is due, or overdue; forgotten once it is signed off or another office answers for the room.
CREATE TABLE reviews_told (
    room UUID NOT NULL REFERENCES rooms (id),
    step TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (room, step)
);
