package migrations_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// describe lists all that migrations make, one line a thing, as PostgreSQL itself would write it. Things of
// extensions are the extensions' own.
const describe = `
WITH ours AS (
	SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('public', 'published', 'river')
), extra AS (
	SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
SELECT 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') FROM pg_namespace JOIN ours USING (oid, nspname)
UNION ALL
SELECT 'extension ' || extname FROM pg_extension
UNION ALL
SELECT CASE relkind WHEN 'r' THEN 'table ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'kept view ' WHEN 'S' THEN 'sequence ' ELSE relkind::text || ' ' END
       || c.oid::regclass || ' ' || c.relpersistence::text || ' '
       || coalesce((SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(c.relacl) g), '')
       || coalesce(' ' || array_to_string(c.reloptions, ','), '')
       || coalesce(' -- ' || obj_description(c.oid, 'pg_class'), '')
       || CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE '' END
FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
WHERE relkind IN ('r', 'v', 'm', 'S') AND c.oid NOT IN (SELECT objid FROM extra WHERE classid = 'pg_class'::regclass)
UNION ALL
SELECT 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || a.attidentity::text || a.attgenerated::text
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
       || coalesce(' ' || (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(a.attacl) g), '')
       || coalesce(' -- ' || col_description(c.oid, a.attnum), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN ours n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  AND c.oid NOT IN (SELECT objid FROM extra WHERE classid = 'pg_class'::regclass)
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN ours n ON n.oid = k.connamespace WHERE conrelid <> 0
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname IN (SELECT nspname FROM ours)
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours n ON n.oid = c.relnamespace WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid)
       || coalesce((SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(p.proacl) g), '')
       || coalesce(' -- ' || obj_description(p.oid, 'pg_proc'), '')
FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND p.oid NOT IN (SELECT objid FROM extra WHERE classid = 'pg_proc'::regclass)
UNION ALL
SELECT 'type ' || t.oid::regtype || ' '
       || coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
       || coalesce((SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(t.typacl) g), '')
FROM pg_type t JOIN ours n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd') AND t.oid NOT IN (SELECT objid FROM extra WHERE classid = 'pg_type'::regclass)
UNION ALL
SELECT 'policy ' || polrelid::regclass || ' ' || polname FROM pg_policy
ORDER BY 1`

func catalogue(t *testing.T, db pg.DB) []string {
	t.Helper()
	rows, _ := db.Query(t.Context(), describe)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("describe the database: %v", err)
	}
	return lines
}

// ask returns one line for each row of a query with one text column.
func ask(t *testing.T, db pg.DB, sql string) []string {
	t.Helper()
	rows, _ := db.Query(t.Context(), sql)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func none(t *testing.T, what string, found []string) {
	t.Helper()
	if len(found) > 0 {
		t.Errorf("%s:\n%s", what, strings.Join(found, "\n"))
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t).Owner

	none(t, "tables, views and functions without a comment", ask(t, db, `
		SELECT c.oid::regclass::text FROM pg_class c
		WHERE relnamespace IN ('public'::regnamespace, 'published'::regnamespace) AND relkind IN ('r', 'v', 'm')
		  AND obj_description(c.oid, 'pg_class') IS NULL
		UNION ALL
		SELECT p.oid::regprocedure::text FROM pg_proc p
		WHERE pronamespace IN ('public'::regnamespace, 'published'::regnamespace) AND obj_description(p.oid, 'pg_proc') IS NULL
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`))

	// What PostgreSQL makes up ends in _check, _fkey, _key or _excl and repeats the columns, or counts: x_check1. Ours
	// say what they mean; keys may follow PostgreSQL's pattern.
	none(t, "constraints whose name PostgreSQL made up", ask(t, db, `
		SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u', 'p', 'x')
		  AND (conname ~ '_(check|key|fkey|excl|pkey)[0-9]+$' OR conname ~ '_(check|excl)$' OR conname ~ '_id_fkey$')`))

	none(t, "constraints and indexes of a name without its table", ask(t, db, `
		SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype IN ('c', 'f', 'u', 'p', 'x')
		  AND NOT starts_with(conname, conrelid::regclass::text || '_')
		UNION ALL
		SELECT indrelid::regclass || ' ' || indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indexrelid
		WHERE c.relnamespace = 'public'::regnamespace AND NOT starts_with(c.relname, indrelid::regclass::text || '_')`))

	none(t, "tables that the application may delete from or empty", ask(t, db, `
		SELECT c.oid::regclass::text FROM pg_class c
		WHERE relnamespace IN ('public'::regnamespace, 'published'::regnamespace, 'river'::regnamespace) AND relkind = 'r'
		  AND (has_table_privilege('portal_app', c.oid, 'DELETE') OR has_table_privilege('portal_app', c.oid, 'TRUNCATE')
		       OR has_table_privilege('portal_app', c.oid, 'REFERENCES') OR has_table_privilege('portal_app', c.oid, 'TRIGGER'))`))

	none(t, "schemas in which the three roles may create things", ask(t, db, `
		SELECT role || ' ' || nspname FROM pg_namespace, unnest('{portal_app,portal_public,portal_river}'::text[]) role
		WHERE nspname IN ('public', 'published', 'river') AND has_schema_privilege(role, oid, 'CREATE')`))

	none(t, "things that the public side can reach besides the published views", ask(t, db, `
		SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname !~ '^pg_' AND relkind IN ('r', 'v', 'm', 'p', 'f')
		  AND (has_any_column_privilege('portal_public', c.oid, 'INSERT') OR has_any_column_privilege('portal_public', c.oid, 'UPDATE')
		       OR has_table_privilege('portal_public', c.oid, 'DELETE')
		       OR (has_any_column_privilege('portal_public', c.oid, 'SELECT') AND NOT (nspname = 'published' AND relkind = 'v')))`))

	none(t, "dated tables whose recorded_at the database does not stamp", ask(t, db, `
		SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'recorded_at'
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relname ~ '_past$' AND NOT EXISTS (
			SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid IN ('public.stamp_recorded_at'::regproc, 'public.remember'::regproc)
			  AND t.tgtype & 4 <> 0 AND t.tgtype & 2 <> 0 AND t.tgtype & 1 <> 0)`))

	// remember() copies rows by position.
	none(t, "remembering tables whose past has other columns", ask(t, db, `
		SELECT t.tgrelid::regclass::text FROM pg_trigger t WHERE t.tgfoid = 'public.remember'::regproc
		  AND ARRAY(SELECT 'known_until timestamp with time zone' UNION ALL (SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
		            FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum))
		   IS DISTINCT FROM ARRAY(SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
		            WHERE a.attrelid = to_regclass(t.tgrelid::regclass || '_past') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)`))
}
