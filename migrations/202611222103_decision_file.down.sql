BEGIN;
DROP TRIGGER decision_organisation_guarded ON decision;
DROP FUNCTION decision_organisation_guard();
DROP TRIGGER decision_file_published_changed ON decision_file;
CREATE OR REPLACE VIEW published.stored_file AS
    SELECT f.id, f.title, f.language, f.name, c.media_type, c.size, c.digest, f.recorded_at AS added_at
    FROM public.stored_file f JOIN public.file_content c USING (digest)
    WHERE EXISTS (SELECT FROM public.sub_group_terms t WHERE t.file_id = f.id);
CREATE OR REPLACE VIEW published.file_chunk AS
    SELECT k.digest, k.number, k.body FROM public.file_chunk k
    WHERE EXISTS (SELECT FROM public.stored_file f JOIN public.sub_group_terms t ON t.file_id = f.id WHERE f.digest = k.digest);
DROP VIEW published.decision_file;
UPDATE schema_migrations SET dirty = false;
COMMIT;
