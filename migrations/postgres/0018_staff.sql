-- PostgreSQL: the staff's pledges and trainings, and what changed in an office's staff.

-- `pledged`: the version of the pledge that stands for a place, none where it is still to be given. `trained_on`: the day of the
-- latest training. Who was there before this counts as pledged by the first version, and as trained before it was written down.
-- `asks`: what is still to be done before a room of the place opens: 1 a pledge, 2 a training.
ALTER TABLE affiliations ADD COLUMN pledged TEXT DEFAULT '1';
ALTER TABLE affiliations ADD COLUMN trained_on TEXT DEFAULT 'before';
ALTER TABLE affiliations ADD COLUMN asks BIGINT NOT NULL DEFAULT 0;

-- Sealed with the office's key: the text as it was pledged, to whom, and who keeps the paper. A row outlives place and account.
CREATE TABLE pledges (
    id UUID NOT NULL PRIMARY KEY,
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    office UUID NOT NULL REFERENCES offices (id),
    version TEXT NOT NULL,
    way TEXT NOT NULL,
    given_on TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    recorded_by UUID NOT NULL REFERENCES accounts (id),
    recorded_at BIGINT NOT NULL
);
CREATE INDEX pledges_of_office ON pledges (office, recorded_at);
CREATE INDEX pledges_of_place ON pledges (affiliation, recorded_at);

-- Sealed with the office's key: what it was called. `topics` is a comma list; `state` is `held`, `declared` or `rejected`.
CREATE TABLE trainings (
    id UUID NOT NULL PRIMARY KEY,
    office UUID NOT NULL REFERENCES offices (id),
    way TEXT NOT NULL,
    topics TEXT NOT NULL,
    held_on TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    recorded_by UUID NOT NULL REFERENCES accounts (id),
    recorded_at BIGINT NOT NULL,
    decided_by UUID REFERENCES accounts (id),
    decided_at BIGINT
);
CREATE INDEX trainings_of_office ON trainings (office, held_on);
CREATE INDEX trainings_by ON trainings (recorded_by, recorded_at);

CREATE TABLE attendances (
    training UUID NOT NULL REFERENCES trainings (id),
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    PRIMARY KEY (training, affiliation)
);

-- `kind` is `added`, `changed` or `left`; `forms` a comma list of what is to be handed in with it.
CREATE TABLE staff_changes (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    office UUID NOT NULL REFERENCES offices (id),
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    kind TEXT NOT NULL,
    card_before UUID REFERENCES cards (id),
    card_after UUID REFERENCES cards (id),
    forms TEXT NOT NULL,
    changed_by UUID REFERENCES accounts (id),
    changed_at BIGINT NOT NULL,
    processed_by UUID REFERENCES accounts (id),
    processed_at BIGINT
);
CREATE INDEX staff_changes_of_region ON staff_changes (region, changed_at);
CREATE INDEX staff_changes_of_office ON staff_changes (office, changed_at);
