BEGIN;
DROP TRIGGER file_chunk_published_changed ON file_chunk;
DROP TRIGGER file_content_published_changed ON file_content;
DROP TRIGGER stored_file_published_changed ON stored_file;
DROP INDEX stored_file_digest_idx;
DROP VIEW published.file_chunk, published.stored_file, published.sub_group_terms, published.sub_group_member, published.sub_group_name, published.sub_group;
DROP TABLE action_step, action_past, action, meeting_attendance_past, meeting_attendance, meeting_file_withdrawal, meeting_file, meeting_past, meeting,
    sub_group_member_past, sub_group_member, sub_group_terms, sub_group_name_past, sub_group_name, sub_group_past, sub_group;
DROP FUNCTION action_guard, sub_group_guard, meeting_guard, sub_group_member_guard, sub_group_name_on;
UPDATE schema_migrations SET dirty = false;
COMMIT;
