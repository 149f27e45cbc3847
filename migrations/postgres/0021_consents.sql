-- PostgreSQL: what patients consented to, what stopped a room, and scans of the papers.

-- Sealed with the patient's key: who signed, who explained it, in which words she objected, who holds copies. `office` is the
-- one it was given to, `shares` says whether what is said of her may be shared, `objected` holds numbers of items, `ended_for`
-- as what somebody withdrew it or objected to sharing.
CREATE TABLE consents (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    room UUID REFERENCES rooms (id),
    patient UUID NOT NULL REFERENCES patients (id),
    office UUID REFERENCES offices (id),
    state TEXT NOT NULL,
    basis TEXT NOT NULL DEFAULT 'form',
    form TEXT NOT NULL DEFAULT '',
    rules TEXT NOT NULL DEFAULT '',
    shares TEXT NOT NULL DEFAULT 'yes',
    objected TEXT NOT NULL DEFAULT '',
    given_on TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by UUID REFERENCES accounts (id),
    withdrawn_at BIGINT,
    ended_for TEXT,
    sealed BYTEA
);
CREATE INDEX consents_of_patient ON consents (patient, state);

-- The use of a room was stopped; a later consent is another one, and the stop is over.
CREATE TABLE use_stops (
    consent UUID NOT NULL REFERENCES consents (id),
    room UUID NOT NULL REFERENCES rooms (id),
    stopped_at BIGINT NOT NULL,
    PRIMARY KEY (consent, room)
);

CREATE TABLE consent_scans (
    id UUID NOT NULL PRIMARY KEY,
    consent UUID NOT NULL REFERENCES consents (id),
    media TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    attached_by UUID NOT NULL REFERENCES accounts (id),
    attached_at BIGINT NOT NULL
);
CREATE INDEX scans_of_consent ON consent_scans (consent);

-- Timelines that are there already count as consented to.
INSERT INTO consents (id, region, patient, office, state, basis, given_on, recorded_at)
SELECT p.id, p.region, p.id, p.office, 'in_force', 'from_before', to_char(to_timestamp(p.created_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD'), p.created_at
FROM patients p WHERE EXISTS (SELECT 1 FROM rooms r WHERE r.patient = p.id);
