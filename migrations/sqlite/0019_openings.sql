-- SQLite: how a timeline came to be opened, what it waits for, and who has charge of it.

-- What a room that is a draft or rests waits for. Rooms that were there before wait for nothing.
ALTER TABLE rooms ADD COLUMN waits_for TEXT;

-- Who registered a patient; nobody for those who were imported.
ALTER TABLE patients ADD COLUMN registered_by BLOB REFERENCES accounts (id);

-- A physician has somebody open and manage a patient's timeline. `sealed`, with the patient's key: whom she wishes to take part.
CREATE TABLE instructions (
    id BLOB NOT NULL PRIMARY KEY,
    patient BLOB NOT NULL REFERENCES patients (id),
    physician BLOB NOT NULL REFERENCES affiliations (id),
    instructed BLOB NOT NULL REFERENCES affiliations (id),
    channel TEXT NOT NULL,
    told_on TEXT NOT NULL,
    sealed BLOB NOT NULL,
    given_at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX instructions_of_patient ON instructions (patient);
CREATE INDEX instructions_of_physician ON instructions (physician);
CREATE INDEX instructions_of_instructed ON instructions (instructed);

-- One row for each timeline that was opened here, and for each that a physician took charge of. Timelines that were there
-- before, or were imported, have none: they are open, and the administrators of their steward manage them.
CREATE TABLE openings (
    room BLOB NOT NULL PRIMARY KEY REFERENCES rooms (id),
    patient BLOB NOT NULL REFERENCES patients (id),
    kind TEXT NOT NULL,
    opened_by BLOB NOT NULL REFERENCES accounts (id),
    opened_as BLOB NOT NULL REFERENCES cards (id),
    manager BLOB REFERENCES accounts (id),
    physician BLOB REFERENCES accounts (id),
    physician_as BLOB REFERENCES cards (id),
    instruction BLOB REFERENCES instructions (id),
    approval TEXT NOT NULL,
    must_join INTEGER NOT NULL,
    began_at INTEGER,
    paused_at INTEGER
) STRICT;
CREATE INDEX openings_of_patient ON openings (patient, kind);
CREATE INDEX rooms_of_patient_kind ON rooms (patient, kind);
CREATE INDEX patients_registered_by ON patients (registered_by);
