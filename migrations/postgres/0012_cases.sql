-- PostgreSQL: a support case is for one office, and changes of a name are counted.

-- Whose administrators may close the account on it; those that were open belong to the office she came to last.
ALTER TABLE support_cases ADD COLUMN office UUID REFERENCES offices (id);
UPDATE support_cases SET office = (
    SELECT f.office FROM affiliations f WHERE f.account = support_cases.account AND f.office IS NOT NULL
    ORDER BY CASE WHEN f.ended_at IS NULL THEN 0 ELSE 1 END, f.created_at DESC, f.id DESC LIMIT 1
);

CREATE INDEX cards_of_account ON cards (account, created_at);
