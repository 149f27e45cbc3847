-- SQLite: who is proposed for a room, and how it went on until she joined or not.

-- Sealed with the room's key: what she has to do with it and a word to her; `answer` why it was rejected or declined.
CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY,
    room BLOB NOT NULL REFERENCES rooms (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    proposed_by BLOB NOT NULL REFERENCES accounts (id),
    proposed_as BLOB NOT NULL REFERENCES cards (id),
    history TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BLOB NOT NULL,
    answer BLOB,
    proposed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES accounts (id),
    approved_at INTEGER,
    acknowledged TEXT,
    ended_at INTEGER,
    took_part INTEGER NOT NULL
) STRICT;
CREATE INDEX invitations_of_room ON invitations (room, state);
CREATE INDEX invitations_of_account ON invitations (account, state);
CREATE INDEX invitations_of_proposer ON invitations (proposed_by, proposed_at);
