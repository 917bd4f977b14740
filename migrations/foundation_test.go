package migrations_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/pg/pgtest"
)

// refused checks that the database refused, by which state and, where there is one, by which constraint.
func refused(t *testing.T, err error, code, constraint string) {
	t.Helper()
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); !ok || pgErr.Code != code || pgErr.ConstraintName != constraint {
		t.Errorf("got %v; want %s by %q", err, code, constraint)
	}
}

func TestLondonDay(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	for at, want := range map[string]string{
		"2019-09-16 22:59:59+00": "2019-09-16",
		"2019-09-16 23:00:00+00": "2019-09-17", // British Summer Time
		"2019-12-31 23:59:59+00": "2019-12-31",
		"2020-01-01 00:00:00+00": "2020-01-01",
		"2019-10-27 00:30:00+00": "2019-10-27",
	} {
		var got string
		if err := db.QueryRow(t.Context(), `SELECT london_day($1::text::timestamptz)::text`, at).Scan(&got); err != nil || got != want {
			t.Errorf("%s is the day %s, %v; want %s", at, got, err, want)
		}
	}
}

func TestRecordedAt(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t).Owner
	ctx := t.Context()
	if _, err := db.Exec(ctx, `
		CREATE TABLE thing (name text, recorded_at timestamptz NOT NULL);
		CREATE TRIGGER thing_recorded BEFORE INSERT OR UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at()`); err != nil {
		t.Fatal(err)
	}
	var first, second time.Time
	if err := db.QueryRow(ctx, `INSERT INTO thing VALUES ('a', '1999-01-01') RETURNING recorded_at`).Scan(&first); err != nil {
		t.Fatal(err)
	}
	if age := time.Since(first); age < -time.Minute || age > time.Minute {
		t.Errorf("recorded at %s; want now", first)
	}
	if err := db.QueryRow(ctx, `UPDATE thing SET name = 'b', recorded_at = '2000-01-01' RETURNING recorded_at`).Scan(&second); err != nil || !second.Equal(first) {
		t.Errorf("after a change recorded at %s, %v; want still %s", second, err, first)
	}
}

func TestInsertOnly(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	ctx := t.Context()
	if _, err := db.App.Exec(ctx, `INSERT INTO installation (is_demonstration) VALUES (true)`); err != nil {
		t.Fatal(err)
	}
	_, err := db.App.Exec(ctx, `INSERT INTO installation (id, is_demonstration) VALUES (2, true)`)
	refused(t, err, "23514", "installation_one_row")
	for _, change := range []string{`UPDATE installation SET is_demonstration = false`, `DELETE FROM installation`, `TRUNCATE installation`} {
		_, err := db.App.Exec(ctx, change)
		refused(t, err, "42501", "")
		_, err = db.Owner.Exec(ctx, change)
		refused(t, err, "23001", "installation_insert_only")
	}
	_, err = db.Public.Exec(ctx, `SELECT FROM public.installation`)
	refused(t, err, "42501", "")
	_, err = db.App.Exec(ctx, `CREATE TABLE mine ()`)
	refused(t, err, "42501", "")
}
