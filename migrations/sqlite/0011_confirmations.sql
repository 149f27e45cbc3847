-- SQLite: that an account beside a patient was seen to be its holder's own, who may correct what is kept of a patient, and what was corrected.

-- At most one stands for a place beside a patient. `card` is who recorded it, `note` says more of how.
CREATE TABLE confirmations (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    method TEXT NOT NULL,
    confirmed_on TEXT NOT NULL,
    note BLOB,
    confirmed_by BLOB NOT NULL REFERENCES accounts (id),
    card BLOB NOT NULL REFERENCES cards (id),
    confirmed_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_why TEXT
) STRICT;
CREATE INDEX confirmations_of_place ON confirmations (affiliation, ended_at);

-- Staff whom an administrator of the office lets correct what is kept of its patients.
CREATE TABLE correctors (
    affiliation BLOB NOT NULL PRIMARY KEY REFERENCES affiliations (id),
    named_by BLOB NOT NULL REFERENCES accounts (id),
    named_at INTEGER NOT NULL
) STRICT;

-- `sealed` holds what was there before, what came after, and why.
CREATE TABLE corrections (
    id BLOB NOT NULL PRIMARY KEY,
    patient BLOB NOT NULL REFERENCES patients (id),
    corrected_by BLOB NOT NULL REFERENCES accounts (id),
    card BLOB NOT NULL REFERENCES cards (id),
    sealed BLOB NOT NULL,
    corrected_at INTEGER NOT NULL
) STRICT;
CREATE INDEX corrections_of_patient ON corrections (patient);
CREATE INDEX IF NOT EXISTS affiliations_of_patient ON affiliations (patient);
CREATE INDEX IF NOT EXISTS patients_of_office ON patients (office);
CREATE INDEX IF NOT EXISTS rooms_of_patient ON rooms (patient);
