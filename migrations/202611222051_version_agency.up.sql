BEGIN;

-- The relevant agencies that a version of a document names. They are part of the signed text, so they change only while
-- the version is a draft without a live round.

CREATE TABLE version_agency (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT version_agency_pkey PRIMARY KEY,
    version_id      bigint NOT NULL CONSTRAINT version_agency_version_fkey REFERENCES version,
    organisation_id bigint NOT NULL CONSTRAINT version_agency_organisation_fkey REFERENCES organisation,
    basis           text NOT NULL CONSTRAINT version_agency_basis_known CHECK (basis IN ('chosen', 'designated', 'invitee')),
    reason          text NOT NULL DEFAULT '' CONSTRAINT version_agency_reason_length CHECK (length(reason) <= 2000),
    removed_at      timestamptz,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE version_agency IS 'A relevant agency that a version names. What was signed and published is read from the round''s frozen bytes.';
COMMENT ON COLUMN version_agency.basis IS 'Taken from its time as relevant agency when it was named.';
COMMENT ON COLUMN version_agency.reason IS 'Taken from there too, and put better here where the text needs it.';
COMMENT ON COLUMN version_agency.removed_at IS 'Set when the agency was taken out of the draft; rows are never deleted.';
CREATE UNIQUE INDEX version_agency_once ON version_agency (version_id, organisation_id) WHERE removed_at IS NULL;
CREATE INDEX version_agency_organisation_idx ON version_agency (organisation_id);
CREATE TRIGGER version_agency_recorded BEFORE INSERT OR UPDATE ON version_agency FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION version_agency_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version;
BEGIN
    SELECT * INTO v FROM version WHERE id = NEW.version_id FOR UPDATE;
    IF v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL OR version_has_live_round(v.id) THEN
        RAISE EXCEPTION 'the text is frozen' USING ERRCODE = '23001', CONSTRAINT = 'version_agency_frozen';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.removed_at := NULL;
        IF NOT EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = NEW.organisation_id AND m.retracted_at IS NULL) THEN
            RAISE EXCEPTION 'the organisation is no relevant agency' USING ERRCODE = '23001', CONSTRAINT = 'version_agency_is_agency';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.removed_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was taken out stays out' USING ERRCODE = '23001', CONSTRAINT = 'version_agency_removed_final';
    END IF;
    NEW.removed_at := CASE WHEN NEW.removed_at IS NOT NULL THEN clock_timestamp() END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION version_agency_guard() IS 'Agencies are named and taken out only while their version is a draft without a live round; only a body that is or was an agency is named.';
CREATE TRIGGER version_agency_guard BEFORE INSERT OR UPDATE ON version_agency FOR EACH ROW EXECUTE FUNCTION version_agency_guard();
CREATE TRIGGER version_agency_kept BEFORE DELETE ON version_agency FOR EACH ROW EXECUTE FUNCTION forbid_change('version_agency_kept');
CREATE TRIGGER version_agency_no_truncate BEFORE TRUNCATE ON version_agency FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('version_agency_kept');
CREATE TRIGGER version_agency_published_changed AFTER INSERT OR UPDATE OR DELETE ON version_agency FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON version_agency TO portal_app;
GRANT INSERT (version_id, organisation_id, basis, reason) ON version_agency TO portal_app;
GRANT UPDATE (reason, removed_at) ON version_agency TO portal_app;

CREATE VIEW published.version_agency AS
    SELECT va.version_id, va.organisation_id, va.basis, va.reason FROM public.version_agency va JOIN public.version v ON v.id = va.version_id
    WHERE v.published_at IS NOT NULL AND va.removed_at IS NULL;
COMMENT ON VIEW published.version_agency IS 'The relevant agencies that published versions name.';
GRANT SELECT ON published.version_agency TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
