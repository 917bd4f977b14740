BEGIN;
DROP TABLE section, version, document_kind_seat, document_area, document, guidance_edition;
UPDATE schema_migrations SET dirty = false;
COMMIT;
