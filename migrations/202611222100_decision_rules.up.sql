BEGIN;

-- What the decisions register reckons with: the bank holidays of England and Wales, what each stage of a record asks for,
-- the periods of notice, waiting and inspection, and the form of decision numbers. All of it is data: dated, with its source.

CREATE TABLE bank_holiday (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bank_holiday_pkey PRIMARY KEY,
    on_day           date NOT NULL,
    name             text NOT NULL CONSTRAINT bank_holiday_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 120),
    source           text NOT NULL CONSTRAINT bank_holiday_source_length CHECK (length(btrim(source)) BETWEEN 1 AND 500),
    added_by         bigint CONSTRAINT bank_holiday_added_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT bank_holiday_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT bank_holiday_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE bank_holiday IS 'A bank holiday of England and Wales, a one-off day included. A year without any counts as not yet recorded.';
COMMENT ON COLUMN bank_holiday.source IS 'What makes the day a holiday.';
COMMENT ON COLUMN bank_holiday.added_by IS 'Null for the days that came with the portal.';
COMMENT ON COLUMN bank_holiday.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE UNIQUE INDEX bank_holiday_one_a_day ON bank_holiday (on_day) WHERE retracted_at IS NULL;
CREATE TRIGGER bank_holiday_is_retracted BEFORE INSERT OR UPDATE ON bank_holiday FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER bank_holiday_recorded BEFORE INSERT OR UPDATE ON bank_holiday FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON bank_holiday TO portal_app;
GRANT INSERT (on_day, name, source, added_by) ON bank_holiday TO portal_app;
GRANT UPDATE (retracted_reason) ON bank_holiday TO portal_app;
INSERT INTO bank_holiday (on_day, name, source) VALUES
    ('2015-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2015-04-03', 'Good Friday', 'Common law holiday'),
    ('2015-04-06', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2015-05-04', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2015-05-25', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2015-08-31', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2015-12-25', 'Christmas Day', 'Common law holiday'),
    ('2015-12-28', 'Boxing Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2016-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2016-03-25', 'Good Friday', 'Common law holiday'),
    ('2016-03-28', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2016-05-02', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2016-05-30', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2016-08-29', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2016-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2016-12-27', 'Christmas Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2017-01-02', 'New Year''s Day (substitute day)', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2017-04-14', 'Good Friday', 'Common law holiday'),
    ('2017-04-17', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2017-05-01', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2017-05-29', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2017-08-28', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2017-12-25', 'Christmas Day', 'Common law holiday'),
    ('2017-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2018-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2018-03-30', 'Good Friday', 'Common law holiday'),
    ('2018-04-02', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2018-05-07', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2018-05-28', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2018-08-27', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2018-12-25', 'Christmas Day', 'Common law holiday'),
    ('2018-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2019-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2019-04-19', 'Good Friday', 'Common law holiday'),
    ('2019-04-22', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2019-05-06', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2019-05-27', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2019-08-26', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2019-12-25', 'Christmas Day', 'Common law holiday'),
    ('2019-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2020-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2020-04-10', 'Good Friday', 'Common law holiday'),
    ('2020-04-13', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2020-05-08', 'Early May bank holiday (VE Day, moved from 4 May)', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2020-05-25', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2020-08-31', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2020-12-25', 'Christmas Day', 'Common law holiday'),
    ('2020-12-28', 'Boxing Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2021-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2021-04-02', 'Good Friday', 'Common law holiday'),
    ('2021-04-05', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2021-05-03', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2021-05-31', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2021-08-30', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2021-12-27', 'Christmas Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2021-12-28', 'Boxing Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2022-01-03', 'New Year''s Day (substitute day)', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2022-04-15', 'Good Friday', 'Common law holiday'),
    ('2022-04-18', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2022-05-02', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2022-06-02', 'Spring bank holiday (moved from 30 May)', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2022-06-03', 'Platinum Jubilee bank holiday', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2022-08-29', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2022-09-19', 'State Funeral of Queen Elizabeth II', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2022-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2022-12-27', 'Christmas Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2023-01-02', 'New Year''s Day (substitute day)', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2023-04-07', 'Good Friday', 'Common law holiday'),
    ('2023-04-10', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2023-05-01', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2023-05-08', 'Coronation of King Charles III', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2023-05-29', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2023-08-28', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2023-12-25', 'Christmas Day', 'Common law holiday'),
    ('2023-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2024-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2024-03-29', 'Good Friday', 'Common law holiday'),
    ('2024-04-01', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2024-05-06', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2024-05-27', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2024-08-26', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2024-12-25', 'Christmas Day', 'Common law holiday'),
    ('2024-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2025-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2025-04-18', 'Good Friday', 'Common law holiday'),
    ('2025-04-21', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2025-05-05', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2025-05-26', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2025-08-25', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2025-12-25', 'Christmas Day', 'Common law holiday'),
    ('2025-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2026-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2026-04-03', 'Good Friday', 'Common law holiday'),
    ('2026-04-06', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2026-05-04', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2026-05-25', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2026-08-31', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2026-12-25', 'Christmas Day', 'Common law holiday'),
    ('2026-12-28', 'Boxing Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2027-01-01', 'New Year''s Day', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2027-03-26', 'Good Friday', 'Common law holiday'),
    ('2027-03-29', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2027-05-03', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2027-05-31', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2027-08-30', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2027-12-27', 'Christmas Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2027-12-28', 'Boxing Day (substitute day)', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2028-01-03', 'New Year''s Day (substitute day)', 'Royal proclamation, Banking and Financial Dealings Act 1971, section 1'),
    ('2028-04-14', 'Good Friday', 'Common law holiday'),
    ('2028-04-17', 'Easter Monday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2028-05-01', 'Early May bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2028-05-29', 'Spring bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2028-08-28', 'Summer bank holiday', 'Banking and Financial Dealings Act 1971, Schedule 1'),
    ('2028-12-25', 'Christmas Day', 'Common law holiday'),
    ('2028-12-26', 'Boxing Day', 'Banking and Financial Dealings Act 1971, Schedule 1');

CREATE TABLE decision_requirement (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_requirement_pkey PRIMARY KEY,
    organisation_id  bigint CONSTRAINT decision_requirement_organisation_fkey REFERENCES organisation,
    stage            text NOT NULL CONSTRAINT decision_requirement_stage_known CHECK (stage IN ('notice', 'proposed', 'made', 'called in', 'confirmed', 'implemented', 'withdrawn')),
    part             text NOT NULL CONSTRAINT decision_requirement_part_known CHECK (part IN ('number', 'subject', 'maker', 'contact', 'key', 'key-reason', 'limbs', 'reasons', 'financial', 'consultation', 'alternatives', 'interests', 'background', 'signed-by', 'notice-on', 'due-on', 'made-on', 'published-on', 'effective-on', 'implemented-on', 'withdrawn-reason', 'exempt-category', 'public-interest', 'urgency-reason', 'urgency-told', 'urgency-agreed', 'call-in-waived-reason', 'call-in-grounds', 'call-in-outcome')),
    is_asked         boolean NOT NULL DEFAULT true,
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    source           text NOT NULL CONSTRAINT decision_requirement_source_length CHECK (length(btrim(source)) BETWEEN 1 AND 500),
    confidence       text NOT NULL CONSTRAINT decision_requirement_confidence_known CHECK (confidence IN ('confirmed', 'part-confirmed', 'unconfirmed')),
    added_by         bigint CONSTRAINT decision_requirement_added_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT decision_requirement_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_requirement_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT decision_requirement_one_a_day EXCLUDE USING gist ((coalesce(organisation_id, 0)) WITH =, stage WITH =, part WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE decision_requirement IS 'What a stage of a decision record asks for. A body''s own row counts before the one for every body.';
COMMENT ON COLUMN decision_requirement.organisation_id IS 'The body of the rule; null for every body that has none of its own.';
COMMENT ON COLUMN decision_requirement.part IS 'The part of the record, by the name of its form field.';
COMMENT ON COLUMN decision_requirement.is_asked IS 'False where a body''s own rule is that the stage does not ask for the part.';
COMMENT ON COLUMN decision_requirement.starts_on IS 'First day of the rule; null if it always held.';
COMMENT ON COLUMN decision_requirement.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN decision_requirement.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN decision_requirement.source IS 'Who says so.';
COMMENT ON COLUMN decision_requirement.confidence IS 'How sure we are; what is unconfirmed is never shown to the public as law.';
COMMENT ON COLUMN decision_requirement.retracted_at IS 'When the rule was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER decision_requirement_is_retracted BEFORE INSERT OR UPDATE ON decision_requirement FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_requirement_recorded BEFORE INSERT OR UPDATE ON decision_requirement FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON decision_requirement TO portal_app;
GRANT INSERT (organisation_id, stage, part, is_asked, starts_on, ends_on, source, confidence, added_by) ON decision_requirement TO portal_app;
GRANT UPDATE (ends_on, retracted_reason) ON decision_requirement TO portal_app;
INSERT INTO decision_requirement (stage, part, source, confidence) VALUES
    ('notice', 'subject', 'SI 2012/2089, regulation 9', 'part-confirmed'),
    ('notice', 'maker', 'SI 2012/2089, regulation 9', 'part-confirmed'),
    ('notice', 'key', 'SI 2012/2089, regulation 9', 'part-confirmed'),
    ('notice', 'key-reason', 'SI 2012/2089, regulation 8', 'part-confirmed'),
    ('notice', 'notice-on', 'SI 2012/2089, regulation 9', 'part-confirmed'),
    ('notice', 'due-on', 'SI 2012/2089, regulation 9', 'part-confirmed'),
    ('proposed', 'subject', 'Usual in council registers', 'unconfirmed'),
    ('proposed', 'maker', 'Usual in council registers', 'unconfirmed'),
    ('proposed', 'key', 'Usual in council registers', 'unconfirmed'),
    ('proposed', 'key-reason', 'SI 2012/2089, regulation 8', 'part-confirmed'),
    ('proposed', 'limbs', 'Usual in council registers', 'unconfirmed'),
    ('proposed', 'reasons', 'Usual in council registers', 'unconfirmed'),
    ('proposed', 'exempt-category', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('proposed', 'public-interest', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('made', 'subject', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'maker', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'key', 'Usual in council registers', 'unconfirmed'),
    ('made', 'key-reason', 'SI 2012/2089, regulation 8', 'part-confirmed'),
    ('made', 'limbs', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'reasons', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'alternatives', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'interests', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'made-on', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('made', 'exempt-category', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('made', 'public-interest', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('made', 'urgency-reason', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('made', 'urgency-told', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('made', 'urgency-agreed', 'SI 2012/2089, regulation 11', 'part-confirmed'),
    ('made', 'call-in-waived-reason', 'Usual in council registers', 'unconfirmed'),
    ('called in', 'subject', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'maker', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'key', 'Usual in council registers', 'unconfirmed'),
    ('called in', 'key-reason', 'SI 2012/2089, regulation 8', 'part-confirmed'),
    ('called in', 'limbs', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'reasons', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'alternatives', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'interests', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'made-on', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('called in', 'exempt-category', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('called in', 'public-interest', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('called in', 'urgency-reason', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('called in', 'urgency-told', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('called in', 'urgency-agreed', 'SI 2012/2089, regulation 11', 'part-confirmed'),
    ('called in', 'call-in-waived-reason', 'Usual in council registers', 'unconfirmed'),
    ('called in', 'call-in-grounds', 'Local Government Act 2000, section 9F', 'part-confirmed'),
    ('confirmed', 'subject', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'maker', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'key', 'Usual in council registers', 'unconfirmed'),
    ('confirmed', 'key-reason', 'SI 2012/2089, regulation 8', 'part-confirmed'),
    ('confirmed', 'limbs', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'reasons', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'alternatives', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'interests', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'made-on', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('confirmed', 'exempt-category', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('confirmed', 'public-interest', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('confirmed', 'urgency-reason', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('confirmed', 'urgency-told', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('confirmed', 'urgency-agreed', 'SI 2012/2089, regulation 11', 'part-confirmed'),
    ('confirmed', 'call-in-waived-reason', 'Usual in council registers', 'unconfirmed'),
    ('confirmed', 'call-in-outcome', 'Local Government Act 2000, section 9F', 'part-confirmed'),
    ('implemented', 'subject', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'maker', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'key', 'Usual in council registers', 'unconfirmed'),
    ('implemented', 'key-reason', 'SI 2012/2089, regulation 8', 'part-confirmed'),
    ('implemented', 'limbs', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'reasons', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'alternatives', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'interests', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'made-on', 'SI 2012/2089, regulations 12 and 13', 'confirmed'),
    ('implemented', 'exempt-category', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('implemented', 'public-interest', 'Local Government Act 1972, Schedule 12A', 'confirmed'),
    ('implemented', 'urgency-reason', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('implemented', 'urgency-told', 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('implemented', 'urgency-agreed', 'SI 2012/2089, regulation 11', 'part-confirmed'),
    ('implemented', 'call-in-waived-reason', 'Usual in council registers', 'unconfirmed'),
    ('implemented', 'implemented-on', 'Usual in council registers', 'unconfirmed'),
    ('withdrawn', 'withdrawn-reason', 'Usual in council registers', 'unconfirmed');

CREATE TABLE decision_period (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_period_pkey PRIMARY KEY,
    organisation_id  bigint CONSTRAINT decision_period_organisation_fkey REFERENCES organisation,
    name             text NOT NULL CONSTRAINT decision_period_name_known CHECK (name IN
                     ('notice clear days', 'general exception clear days', 'call-in working days', 'record years', 'papers years')),
    length           integer NOT NULL CONSTRAINT decision_period_length_range CHECK (length BETWEEN 0 AND 200),
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    source           text NOT NULL CONSTRAINT decision_period_source_length CHECK (length(btrim(source)) BETWEEN 1 AND 500),
    confidence       text NOT NULL CONSTRAINT decision_period_confidence_known CHECK (confidence IN ('confirmed', 'part-confirmed', 'unconfirmed')),
    added_by         bigint CONSTRAINT decision_period_added_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT decision_period_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_period_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT decision_period_one_a_day EXCLUDE USING gist ((coalesce(organisation_id, 0)) WITH =, name WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE decision_period IS 'How long a period of the decision rules is. A body''s own row counts before the one for every body.';
COMMENT ON COLUMN decision_period.organisation_id IS 'The body of the rule; null for every body that has none of its own.';
COMMENT ON COLUMN decision_period.length IS 'In days or years, as the name says; 0 where there is no such period.';
COMMENT ON COLUMN decision_period.starts_on IS 'First day of the rule; null if it always held.';
COMMENT ON COLUMN decision_period.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN decision_period.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN decision_period.source IS 'Who says so.';
COMMENT ON COLUMN decision_period.confidence IS 'How sure we are; what is unconfirmed is never shown to the public as law.';
COMMENT ON COLUMN decision_period.retracted_at IS 'When the rule was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER decision_period_is_retracted BEFORE INSERT OR UPDATE ON decision_period FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_period_recorded BEFORE INSERT OR UPDATE ON decision_period FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON decision_period TO portal_app;
GRANT INSERT (organisation_id, name, length, starts_on, ends_on, source, confidence, added_by) ON decision_period TO portal_app;
GRANT UPDATE (ends_on, retracted_reason) ON decision_period TO portal_app;
INSERT INTO decision_period (name, length, source, confidence) VALUES
    ('notice clear days', 28, 'SI 2012/2089, regulation 9', 'confirmed'),
    ('general exception clear days', 5, 'SI 2012/2089, regulation 10', 'part-confirmed'),
    ('call-in working days', 5, 'Procedure rules of councils; Local Government Act 2000, section 9F', 'part-confirmed'),
    ('record years', 6, 'Usual in councils', 'unconfirmed'),
    ('papers years', 4, 'Usual in councils', 'unconfirmed');

CREATE TABLE decision_mask (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_mask_pkey PRIMARY KEY,
    organisation_id  bigint CONSTRAINT decision_mask_organisation_fkey REFERENCES organisation,
    mask             text NOT NULL CONSTRAINT decision_mask_form CHECK (mask = '' OR (mask ~ '^[YNA-Z0-9 ./()-]{1,40}$' AND mask ~ 'N' AND mask !~ 'Y[^Y]+Y'
                     AND length(mask) - length(replace(mask, 'Y', '')) IN (0, 2, 4))),
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    source           text NOT NULL CONSTRAINT decision_mask_source_length CHECK (length(btrim(source)) BETWEEN 1 AND 500),
    confidence       text NOT NULL CONSTRAINT decision_mask_confidence_known CHECK (confidence IN ('confirmed', 'part-confirmed', 'unconfirmed')),
    added_by         bigint CONSTRAINT decision_mask_added_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT decision_mask_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_mask_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT decision_mask_one_a_day EXCLUDE USING gist ((coalesce(organisation_id, 0)) WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE decision_mask IS 'The form of a body''s decision numbers: Y a figure of the year, N another figure, everything else itself.';
COMMENT ON COLUMN decision_mask.organisation_id IS 'The body of the rule; null for every body that has none of its own.';
COMMENT ON COLUMN decision_mask.mask IS 'Kent''s is YY/NNNNN; empty where any number will do.';
COMMENT ON COLUMN decision_mask.starts_on IS 'First day of the rule; null if it always held.';
COMMENT ON COLUMN decision_mask.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN decision_mask.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN decision_mask.source IS 'Who says so.';
COMMENT ON COLUMN decision_mask.confidence IS 'How sure we are; what is unconfirmed is never shown to the public as law.';
COMMENT ON COLUMN decision_mask.retracted_at IS 'When the rule was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER decision_mask_is_retracted BEFORE INSERT OR UPDATE ON decision_mask FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_mask_recorded BEFORE INSERT OR UPDATE ON decision_mask FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON decision_mask TO portal_app;
GRANT INSERT (organisation_id, mask, starts_on, ends_on, source, confidence, added_by) ON decision_mask TO portal_app;
GRANT UPDATE (ends_on, retracted_reason) ON decision_mask TO portal_app;
INSERT INTO decision_mask (mask, source, confidence) VALUES ('YY/NNNNN', 'Kent County Council''s register', 'confirmed');

UPDATE schema_migrations SET dirty = false;
COMMIT;
