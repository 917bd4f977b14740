BEGIN;
DROP TABLE stored_file, file_chunk, file_content;
DROP FUNCTION file_content_whole, file_chunk_guard;
UPDATE schema_migrations SET dirty = false;
COMMIT;
