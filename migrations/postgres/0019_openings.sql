-- PostgreSQL: how a timeline came to be opened, what it waits for, and who has charge of it.

-- What a room that is a draft or rests waits for. Rooms that were there before wait for nothing.
ALTER TABLE rooms ADD COLUMN waits_for TEXT;

-- Who registered a patient; nobody for those who were imported.
ALTER TABLE patients ADD COLUMN registered_by UUID REFERENCES accounts (id);

-- A physician has somebody open and manage a patient's timeline. `sealed`, with the patient's key: whom she wishes to take part.
CREATE TABLE instructions (
    id UUID NOT NULL PRIMARY KEY,
    patient UUID NOT NULL REFERENCES patients (id),
    physician UUID NOT NULL REFERENCES affiliations (id),
    instructed UUID NOT NULL REFERENCES affiliations (id),
    channel TEXT NOT NULL,
    told_on TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX instructions_of_patient ON instructions (patient);
CREATE INDEX instructions_of_physician ON instructions (physician);
CREATE INDEX instructions_of_instructed ON instructions (instructed);

-- One row for each timeline that was opened here, and for each that a physician took charge of. Timelines that were there
-- before, or were imported, have none: they are open, and the administrators of their steward manage them.
CREATE TABLE openings (
    room UUID NOT NULL PRIMARY KEY REFERENCES rooms (id),
    patient UUID NOT NULL REFERENCES patients (id),
    kind TEXT NOT NULL,
    opened_by UUID NOT NULL REFERENCES accounts (id),
    opened_as UUID NOT NULL REFERENCES cards (id),
    manager UUID REFERENCES accounts (id),
    physician UUID REFERENCES accounts (id),
    physician_as UUID REFERENCES cards (id),
    instruction UUID REFERENCES instructions (id),
    approval TEXT NOT NULL,
    must_join BIGINT NOT NULL,
    began_at BIGINT,
    paused_at BIGINT
);
CREATE INDEX openings_of_patient ON openings (patient, kind);
CREATE INDEX rooms_of_patient_kind ON rooms (patient, kind);
CREATE INDEX patients_registered_by ON patients (registered_by);
