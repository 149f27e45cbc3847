-- PostgreSQL: who is proposed for a room, and how it went on until she joined or not.

-- Sealed with the room's key: what she has to do with it and a word to her; `answer` why it was rejected or declined.
CREATE TABLE invitations (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    account UUID NOT NULL REFERENCES accounts (id),
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    proposed_by UUID NOT NULL REFERENCES accounts (id),
    proposed_as UUID NOT NULL REFERENCES cards (id),
    history TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    answer BYTEA,
    proposed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    approved_by UUID REFERENCES accounts (id),
    approved_at BIGINT,
    acknowledged TEXT,
    ended_at BIGINT,
    took_part BIGINT NOT NULL
);
CREATE INDEX invitations_of_room ON invitations (room, state);
CREATE INDEX invitations_of_account ON invitations (account, state);
CREATE INDEX invitations_of_proposer ON invitations (proposed_by, proposed_at);
