BEGIN;

-- Financial years of the shared fund: what is proposed for each, line by line, and its budget. What was agreed stays in
-- contribution.

CREATE TABLE funding_category (
    code        text CONSTRAINT funding_category_pkey PRIMARY KEY CONSTRAINT funding_category_code_form CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(code) <= 60),
    name        text NOT NULL CONSTRAINT funding_category_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    position    integer NOT NULL CONSTRAINT funding_category_position_positive CHECK (position > 0),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT funding_category_name_key UNIQUE (name),
    CONSTRAINT funding_category_position_key UNIQUE (position)
);
COMMENT ON TABLE funding_category IS 'What the fund is spent on, for budgets and spending alike.';
COMMENT ON COLUMN funding_category.code IS 'The category in addresses and files.';
COMMENT ON COLUMN funding_category.position IS 'Its place in every list.';
CREATE TRIGGER funding_category_recorded BEFORE INSERT OR UPDATE ON funding_category FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER funding_category_insert_only BEFORE UPDATE OR DELETE ON funding_category FOR EACH ROW EXECUTE FUNCTION forbid_change('funding_category_insert_only');
CREATE TRIGGER funding_category_no_truncate BEFORE TRUNCATE ON funding_category FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('funding_category_insert_only');
INSERT INTO funding_category (position, code, name) VALUES
    (1, 'staffing', 'Staffing'),
    (2, 'independent-scrutiny', 'Independent scrutiny'),
    (3, 'practice-reviews', 'Practice reviews'),
    (4, 'training', 'Training'),
    (5, 'website-and-procedures', 'Website and procedures'),
    (6, 'contingency', 'Contingency'),
    (7, 'other', 'Other');

CREATE TABLE funding_year (
    financial_year   integer CONSTRAINT funding_year_pkey PRIMARY KEY CONSTRAINT funding_year_financial_year_range CHECK (financial_year BETWEEN 1990 AND 2199),
    origin           text NOT NULL CONSTRAINT funding_year_origin_known CHECK (origin IN ('portal', 'recorded')),
    opening_pence    bigint NOT NULL DEFAULT 0 CONSTRAINT funding_year_opening_range CHECK (opening_pence BETWEEN -1000000000000 AND 1000000000000),
    skip_reason      text NOT NULL DEFAULT '' CONSTRAINT funding_year_skip_reason_length CHECK (length(skip_reason) <= 2000),
    review_due_on    date,
    method           text NOT NULL DEFAULT '' CONSTRAINT funding_year_method_length CHECK (length(method) <= 4000),
    agreed_at        timestamptz,
    agreed_round_id  bigint CONSTRAINT funding_year_agreed_round_fkey REFERENCES round CONSTRAINT funding_year_agreed_round_key UNIQUE,
    agreed_source    text NOT NULL DEFAULT '' CONSTRAINT funding_year_agreed_source_length CHECK (length(agreed_source) <= 2000),
    agreed_on        date,
    agreed_precision text CONSTRAINT funding_year_agreed_precision_known CHECK (agreed_precision IN ('day', 'month', 'year', 'not before')),
    released_at      timestamptz,
    released_by      bigint CONSTRAINT funding_year_released_by_fkey REFERENCES account,
    is_demonstration boolean NOT NULL DEFAULT false,
    revision         integer NOT NULL DEFAULT 1,
    begun_by         bigint CONSTRAINT funding_year_begun_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT funding_year_agreed_as_its_origin CHECK (CASE origin
        WHEN 'recorded' THEN btrim(agreed_source) <> '' AND agreed_on IS NOT NULL AND agreed_at IS NOT NULL AND agreed_round_id IS NULL
        ELSE agreed_source = '' AND (agreed_at IS NULL) = (agreed_round_id IS NULL) AND (agreed_at IS NULL) = (agreed_on IS NULL) END),
    CONSTRAINT funding_year_agreed_with_precision CHECK ((agreed_on IS NULL) = (agreed_precision IS NULL))
);
COMMENT ON TABLE funding_year IS 'A financial year of the shared fund: proposed until it is agreed, then closed with an outturn.';
COMMENT ON COLUMN funding_year.financial_year IS 'The calendar year in which it begins: 2019 is 1 April 2019 to 31 March 2020.';
COMMENT ON COLUMN funding_year.origin IS 'portal: proposed and agreed here. recorded: its contributions were agreed elsewhere and are only written down.';
COMMENT ON COLUMN funding_year.opening_pence IS 'The reserve brought forward; below zero if the fund was overdrawn.';
COMMENT ON COLUMN funding_year.skip_reason IS 'Why the year before it is left out, if it is. Public.';
COMMENT ON COLUMN funding_year.review_due_on IS 'When the safeguarding partners next review the contributions.';
COMMENT ON COLUMN funding_year.method IS 'How the shares were worked out. Public.';
COMMENT ON COLUMN funding_year.agreed_at IS 'When the database took note of the agreement.';
COMMENT ON COLUMN funding_year.agreed_round_id IS 'The round in which every safeguarding partner signed.';
COMMENT ON COLUMN funding_year.agreed_source IS 'Where an agreement made elsewhere can be read. Public.';
COMMENT ON COLUMN funding_year.agreed_on IS 'The civil day of the agreement, as precise as agreed_precision says.';
COMMENT ON COLUMN funding_year.released_at IS 'Since when the public sees the year. Partners see it before.';
COMMENT ON COLUMN funding_year.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
COMMENT ON COLUMN funding_year.revision IS 'Goes up with every change, so that two editors at once are noticed.';
CREATE TRIGGER funding_year_recorded BEFORE INSERT OR UPDATE ON funding_year FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER funding_year_kept BEFORE DELETE ON funding_year FOR EACH ROW EXECUTE FUNCTION forbid_change('funding_year_kept');
CREATE TRIGGER funding_year_no_truncate BEFORE TRUNCATE ON funding_year FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('funding_year_kept');

CREATE TABLE funding_line (
    id                bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT funding_line_pkey PRIMARY KEY,
    financial_year    integer NOT NULL CONSTRAINT funding_line_financial_year_fkey REFERENCES funding_year,
    organisation_id   bigint NOT NULL CONSTRAINT funding_line_organisation_fkey REFERENCES organisation,
    form              text NOT NULL CONSTRAINT funding_line_form_known CHECK (form IN ('cash', 'in kind')),
    payer_total_pence bigint NOT NULL CONSTRAINT funding_line_payer_total_range CHECK (payer_total_pence BETWEEN 1 AND 1000000000000),
    pence             bigint NOT NULL CONSTRAINT funding_line_pence_range CHECK (pence BETWEEN 0 AND 1000000000000),
    valuation         text NOT NULL DEFAULT '' CONSTRAINT funding_line_valuation_length CHECK (length(valuation) <= 500),
    is_estimated      boolean NOT NULL DEFAULT false,
    purpose           text NOT NULL CONSTRAINT funding_line_purpose_known CHECK (purpose IN
        ('business support', 'independent scrutiny', 'development', 'practice reviews', 'training', 'general')),
    conditions        text NOT NULL DEFAULT '' CONSTRAINT funding_line_conditions_length CHECK (length(conditions) <= 2000),
    note              text NOT NULL DEFAULT '' CONSTRAINT funding_line_note_length CHECK (length(note) <= 2000),
    decision_id       bigint CONSTRAINT funding_line_decision_fkey REFERENCES decision,
    revision          integer NOT NULL DEFAULT 1,
    changed_by        bigint CONSTRAINT funding_line_changed_by_fkey REFERENCES account,
    removed_at        timestamptz,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT funding_line_within_payer_total CHECK (pence <= payer_total_pence),
    CONSTRAINT funding_line_in_kind_valued CHECK ((form = 'in kind') = (btrim(valuation) <> '')),
    CONSTRAINT funding_line_cash_not_estimated CHECK (form = 'in kind' OR NOT is_estimated)
);
COMMENT ON TABLE funding_line IS 'What one organisation is to give for a year, as it is being proposed. Agreed, it makes one contribution.';
COMMENT ON COLUMN funding_line.payer_total_pence IS 'What the payer gives in all: to this partnership and to whatever else the parts name.';
COMMENT ON COLUMN funding_line.pence IS 'What of it is given to this partnership: all, or the sum of our parts by the largest remainder.';
COMMENT ON COLUMN funding_line.valuation IS 'How what is given in kind is valued; empty for cash.';
COMMENT ON COLUMN funding_line.conditions IS 'On what the payer makes it depend. Public.';
COMMENT ON COLUMN funding_line.decision_id IS 'The record of decision that authorised it.';
COMMENT ON COLUMN funding_line.revision IS 'Goes up with every change, so that two editors at once are noticed; the parts of the line are those of its revision.';
COMMENT ON COLUMN funding_line.removed_at IS 'When the line was taken out of the proposal.';
CREATE INDEX funding_line_financial_year_idx ON funding_line (financial_year);
CREATE INDEX funding_line_organisation_idx ON funding_line (organisation_id);
CREATE TRIGGER funding_line_recorded BEFORE INSERT OR UPDATE ON funding_line FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER funding_line_kept BEFORE DELETE ON funding_line FOR EACH ROW EXECUTE FUNCTION forbid_change('funding_line_kept');
CREATE TRIGGER funding_line_no_truncate BEFORE TRUNCATE ON funding_line FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('funding_line_kept');

CREATE TABLE funding_line_part (
    line_id     bigint NOT NULL CONSTRAINT funding_line_part_line_fkey REFERENCES funding_line,
    revision    integer NOT NULL,
    position    integer NOT NULL CONSTRAINT funding_line_part_position_range CHECK (position BETWEEN 1 AND 50),
    label       text NOT NULL CONSTRAINT funding_line_part_label_length CHECK (length(btrim(label)) BETWEEN 1 AND 100),
    weight      bigint NOT NULL CONSTRAINT funding_line_part_weight_range CHECK (weight BETWEEN 1 AND 1000000000000),
    is_ours     boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT funding_line_part_pkey PRIMARY KEY (line_id, revision, position),
    CONSTRAINT funding_line_part_label_key UNIQUE (line_id, revision, label)
);
COMMENT ON TABLE funding_line_part IS 'How a payer''s total is divided among children''s, adults'' or several partnerships. A line without parts is all ours.';
COMMENT ON COLUMN funding_line_part.revision IS 'The parts of a line are those of the line''s present revision; earlier ones are kept.';
COMMENT ON COLUMN funding_line_part.weight IS 'The claim of the part on the total, beside those of the others. Percentages are never stored.';
COMMENT ON COLUMN funding_line_part.is_ours IS 'The part is given to this partnership.';
CREATE TRIGGER funding_line_part_recorded BEFORE INSERT OR UPDATE ON funding_line_part FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER funding_line_part_insert_only BEFORE UPDATE OR DELETE ON funding_line_part FOR EACH ROW EXECUTE FUNCTION forbid_change('funding_line_part_insert_only');
CREATE TRIGGER funding_line_part_no_truncate BEFORE TRUNCATE ON funding_line_part FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('funding_line_part_insert_only');

CREATE TABLE budget_line (
    financial_year integer NOT NULL CONSTRAINT budget_line_financial_year_fkey REFERENCES funding_year,
    category       text NOT NULL CONSTRAINT budget_line_category_fkey REFERENCES funding_category,
    pence          bigint NOT NULL CONSTRAINT budget_line_pence_range CHECK (pence BETWEEN 0 AND 1000000000000),
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT budget_line_pkey PRIMARY KEY (financial_year, category)
);
COMMENT ON TABLE budget_line IS 'What is to be spent on a category in a year. Zero says that nothing is.';
CREATE TRIGGER budget_line_recorded BEFORE INSERT OR UPDATE ON budget_line FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER budget_line_kept BEFORE DELETE ON budget_line FOR EACH ROW EXECUTE FUNCTION forbid_change('budget_line_kept');
CREATE TRIGGER budget_line_no_truncate BEFORE TRUNCATE ON budget_line FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('budget_line_kept');

CREATE FUNCTION next_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.revision + 1 END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION next_revision() IS 'Counts the changes of a row, from one.';
CREATE TRIGGER funding_year_counted BEFORE INSERT OR UPDATE ON funding_year FOR EACH ROW EXECUTE FUNCTION next_revision();
CREATE TRIGGER funding_line_counted BEFORE INSERT OR UPDATE ON funding_line FOR EACH ROW EXECUTE FUNCTION next_revision();

GRANT SELECT ON funding_category, funding_year, funding_line, funding_line_part, budget_line TO portal_app;
GRANT INSERT (code, name, position) ON funding_category TO portal_app;
GRANT INSERT (financial_year, origin, opening_pence, skip_reason, review_due_on, method, agreed_source, agreed_on, agreed_precision, is_demonstration,
              begun_by) ON funding_year TO portal_app;
GRANT UPDATE (opening_pence, review_due_on, method, released_by) ON funding_year TO portal_app;
GRANT INSERT (financial_year, organisation_id, form, payer_total_pence, pence, valuation, is_estimated, purpose, conditions, note, decision_id,
              changed_by) ON funding_line TO portal_app;
GRANT UPDATE (organisation_id, form, payer_total_pence, pence, valuation, is_estimated, purpose, conditions, note, decision_id, changed_by,
              removed_at) ON funding_line TO portal_app;
GRANT INSERT (line_id, revision, position, label, weight, is_ours) ON funding_line_part TO portal_app;
GRANT INSERT (financial_year, category, pence), UPDATE (pence) ON budget_line TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
