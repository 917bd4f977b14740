BEGIN;

-- The partnership's documents and their versions. A version is written as a draft, put to the partners in a round
-- (next migration), published, and from then on never changed.

CREATE TABLE guidance_edition (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT guidance_edition_pkey PRIMARY KEY,
    title        text NOT NULL,
    published_on date NOT NULL,
    precision    text NOT NULL CONSTRAINT guidance_edition_precision_known CHECK (precision IN ('day', 'month', 'year', 'not before')),
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT guidance_edition_title_key UNIQUE (title)
);
COMMENT ON TABLE guidance_edition IS 'An edition of the statutory guidance. Which one applies is a property of a version.';
COMMENT ON COLUMN guidance_edition.precision IS 'How exactly published_on is known; a month or year is kept as its first day.';
CREATE TRIGGER guidance_edition_recorded BEFORE INSERT OR UPDATE ON guidance_edition FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON guidance_edition TO portal_app;
INSERT INTO guidance_edition (title, published_on, precision) VALUES
    ('Working Together 2018', '2018-07-04', 'day'),
    ('Working Together 2023', '2023-12-01', 'month'),
    ('Working Together 2026', '2026-01-01', 'year');

CREATE TABLE document (
    id             bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT document_pkey PRIMARY KEY,
    slug           text NOT NULL CONSTRAINT document_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    kind           text NOT NULL CONSTRAINT document_kind_known CHECK (kind IN
                   ('arrangements', 'yearly report', 'threshold document', 'child death review arrangements',
                    'local child safeguarding practice reviews', 'framework')),
    title          text NOT NULL CONSTRAINT document_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    predecessor_id bigint CONSTRAINT document_predecessor_fkey REFERENCES organisation,
    created_by     bigint CONSTRAINT document_created_by_fkey REFERENCES account,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT document_slug_key UNIQUE (slug)
);
COMMENT ON TABLE document IS 'A document of the partnership, which has versions.';
COMMENT ON COLUMN document.predecessor_id IS 'The body whose own text was in force before the first version; it is not a version.';
CREATE TRIGGER document_recorded BEFORE INSERT OR UPDATE ON document FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON document TO portal_app;

CREATE TABLE document_area (
    document_id bigint NOT NULL CONSTRAINT document_area_document_fkey REFERENCES document,
    area_id     bigint NOT NULL CONSTRAINT document_area_area_fkey REFERENCES area,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT document_area_pkey PRIMARY KEY (document_id, area_id)
);
COMMENT ON TABLE document_area IS 'The areas for which a document is made: their safeguarding partners sign it.';
CREATE TRIGGER document_area_recorded BEFORE INSERT OR UPDATE ON document_area FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON document_area TO portal_app;

CREATE TABLE document_kind_seat (
    document_kind  text NOT NULL,
    statutory_kind text NOT NULL CONSTRAINT document_kind_seat_kind_known CHECK (statutory_kind IN ('local authority', 'police', 'health')),
    CONSTRAINT document_kind_seat_pkey PRIMARY KEY (document_kind, statutory_kind)
);
COMMENT ON TABLE document_kind_seat IS 'The kinds of safeguarding partner that sign a kind of document, at least one of each.';
GRANT SELECT ON document_kind_seat TO portal_app;
INSERT INTO document_kind_seat (document_kind, statutory_kind)
    SELECT d, k FROM unnest(ARRAY['arrangements', 'yearly report', 'threshold document']) d, unnest(ARRAY['local authority', 'police', 'health']) k
    UNION ALL SELECT 'child death review arrangements', k FROM unnest(ARRAY['local authority', 'health']) k;

CREATE TABLE version (
    id                    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT version_pkey PRIMARY KEY,
    document_id           bigint NOT NULL CONSTRAINT version_document_fkey REFERENCES document,
    number                integer NOT NULL CONSTRAINT version_number_positive CHECK (number > 0),
    title                 text NOT NULL CONSTRAINT version_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    guidance_edition_id   bigint NOT NULL CONSTRAINT version_guidance_edition_fkey REFERENCES guidance_edition,
    effective_from        date,
    label                 text NOT NULL DEFAULT '' CONSTRAINT version_label_length CHECK (length(label) <= 100),
    is_demonstration      boolean NOT NULL DEFAULT false,
    revision              integer NOT NULL DEFAULT 1,
    created_by            bigint CONSTRAINT version_created_by_fkey REFERENCES account,
    publishing_round_id   bigint,
    published_by          bigint CONSTRAINT version_published_by_fkey REFERENCES account,
    published_at          timestamptz,
    published_on          date,
    published_precision   text CONSTRAINT version_published_precision_known CHECK (published_precision IN ('day', 'month', 'year', 'not before')),
    scheduled_on          date,
    scheduled_by          bigint CONSTRAINT version_scheduled_by_fkey REFERENCES account,
    withdrawn_by          bigint CONSTRAINT version_withdrawn_by_fkey REFERENCES account,
    withdrawn_at          timestamptz,
    withdrawn_reason      text,
    discarded_by          bigint CONSTRAINT version_discarded_by_fkey REFERENCES account,
    discarded_at          timestamptz,
    recorded_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT version_document_number_key UNIQUE (document_id, number),
    CONSTRAINT version_published_whole CHECK (num_nulls(published_at, published_on, published_precision, publishing_round_id) IN (0, 4)),
    CONSTRAINT version_published_has_day CHECK (published_at IS NULL OR effective_from IS NOT NULL),
    CONSTRAINT version_published_or_discarded CHECK (published_at IS NULL OR discarded_at IS NULL),
    CONSTRAINT version_withdrawn_after_publication CHECK (withdrawn_at IS NULL OR published_at IS NOT NULL),
    CONSTRAINT version_withdrawn_with_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL) AND btrim(withdrawn_reason) <> '')
);
COMMENT ON TABLE version IS 'An edition of a document. Stored states are published, withdrawn and discarded; the others follow from rounds and days.';
COMMENT ON COLUMN version.number IS 'Counts the versions of the document from 1, discarded ones included.';
COMMENT ON COLUMN version.effective_from IS 'First day in force: exact, part of the signed bytes, needed before a round opens.';
COMMENT ON COLUMN version.label IS 'How people call it, as published: "June 2019".';
COMMENT ON COLUMN version.is_demonstration IS 'The text was invented for the demonstration and is marked so wherever shown.';
COMMENT ON COLUMN version.revision IS 'Goes up with every change of the draft''s details or order, so that two editors at once are noticed.';
COMMENT ON COLUMN version.publishing_round_id IS 'The complete round whose frozen bytes are what is published.';
COMMENT ON COLUMN version.published_on IS 'Civil day of publication, as precise as published_precision says; published_at is when the portal was told.';
COMMENT ON COLUMN version.scheduled_on IS 'Day on which a fully signed version is to be published by itself.';
CREATE UNIQUE INDEX version_one_unpublished ON version (document_id) WHERE published_at IS NULL AND discarded_at IS NULL;
CREATE UNIQUE INDEX version_one_in_force_per_day ON version (document_id, effective_from) WHERE published_at IS NOT NULL AND withdrawn_at IS NULL;
CREATE TRIGGER version_recorded BEFORE INSERT OR UPDATE ON version FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON version TO portal_app;
GRANT INSERT (document_id, number, title, guidance_edition_id, effective_from, label, is_demonstration, created_by) ON version TO portal_app;
GRANT UPDATE (title, guidance_edition_id, effective_from, label, revision, publishing_round_id, published_by, published_at, published_on,
              published_precision, scheduled_on, scheduled_by, withdrawn_by, withdrawn_at, withdrawn_reason, discarded_by, discarded_at) ON version TO portal_app;

CREATE TABLE section (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT section_pkey PRIMARY KEY,
    version_id  bigint NOT NULL CONSTRAINT section_version_fkey REFERENCES version,
    position    integer NOT NULL,
    heading     text NOT NULL CONSTRAINT section_heading_length CHECK (length(btrim(heading)) BETWEEN 1 AND 200),
    markdown    text NOT NULL DEFAULT '' CONSTRAINT section_markdown_length CHECK (length(markdown) <= 250000),
    revision    integer NOT NULL DEFAULT 1,
    removed_at  timestamptz,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT section_position_no_clash EXCLUDE USING btree (version_id WITH =, position WITH =) WHERE (removed_at IS NULL) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE section IS 'A section of a draft. What was signed and published is read from the round''s frozen bytes, never from here.';
COMMENT ON COLUMN section.position IS 'Place in the draft; the number shown is counted from it.';
COMMENT ON COLUMN section.revision IS 'Goes up with every save, so that the second of two editors is told.';
COMMENT ON COLUMN section.removed_at IS 'Set when the section was deleted from the draft; rows are never deleted.';
CREATE INDEX section_version_idx ON section (version_id, position);
CREATE TRIGGER section_recorded BEFORE INSERT OR UPDATE ON section FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON section TO portal_app;
GRANT UPDATE (position, heading, markdown, revision, removed_at) ON section TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
