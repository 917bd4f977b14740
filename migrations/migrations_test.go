package migrations_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/migrations"
)

const childEnv = "PORTAL_MIGRATIONS_CHILD"

// TestMain lets the test binary be the portal that gets killed while it migrates.
func TestMain(m *testing.M) {
	url := os.Getenv(childEnv)
	if url == "" {
		os.Exit(m.Run())
	}
	if err := migrations.UpFrom(context.Background(), url, slowFiles()); err != nil {
		os.Exit(1)
	}
}

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := pgtest.Database(t, pgtest.Empty())

	migrate(t, migrations.Up(ctx, db.URL))
	first := catalogue(t, db.Owner)
	if v, dirty, err := migrations.Version(ctx, db.URL); v != migrations.Latest() || dirty || err != nil {
		t.Errorf("version %d, dirty %t, %v; want %d, clean", v, dirty, err, migrations.Latest())
	}
	if err := pg.SchemaGuard(ctx, db.App, migrations.Latest()); err != nil {
		t.Errorf("the guard refuses the newest schema: %v", err)
	}

	migrate(t, migrations.Down(ctx, db.URL, 0))
	if left := strings.Join(catalogue(t, db.Owner), "\n"); strings.Contains(left, "river") || strings.Count(left, "table ") != 1 {
		t.Errorf("left after going down, besides the version's table:\n%s", left)
	}
	if v, dirty, err := migrations.Version(ctx, db.URL); v != 0 || dirty || err != nil {
		t.Errorf("version %d, dirty %t, %v; want 0, clean", v, dirty, err)
	}

	migrate(t, migrations.Up(ctx, db.URL))
	if diff := cmp.Diff(first, catalogue(t, db.Owner)); diff != "" {
		t.Errorf("the catalogue differs after up, down, up (-first +second):\n%s", diff)
	}
}

func TestEachStepDown(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := pgtest.Database(t, pgtest.Empty())
	var names []string
	for name := range files(t) {
		names = append(names, name)
	}
	slices.Sort(names)
	var after [][]string // the catalogue after each migration
	soFar := fstest.MapFS{}
	for pair := range slices.Chunk(names, 2) {
		for _, name := range pair {
			soFar[name] = &fstest.MapFile{Data: []byte(files(t)[name])}
		}
		migrate(t, migrations.UpFrom(ctx, db.URL, soFar))
		after = append(after, catalogue(t, db.Owner))
	}
	for n := len(after) - 2; n >= 0; n-- {
		migrate(t, migrations.Down(ctx, db.URL, 1))
		if diff := cmp.Diff(after[n], catalogue(t, db.Owner)); diff != "" {
			t.Fatalf("%s does not take back all that it does (-before +after):\n%s", names[2*n+2], diff)
		}
	}
	if err := migrations.Down(ctx, db.URL, 2); err != nil {
		t.Errorf("more steps down than there are: %v; want no error", err)
	}
	if v, dirty, err := migrations.Version(ctx, db.URL); v != 0 || dirty || err != nil {
		t.Errorf("version %d, dirty %t, %v; want 0, clean", v, dirty, err)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^(\d{12})_[a-z0-9_]+\.(up|down)\.sql$`)
	clears := regexp.MustCompile(`UPDATE schema_migrations SET dirty = false;\s*COMMIT;\s*$`)
	pairs := map[string]int{}
	for file, text := range files(t) {
		parts := name.FindStringSubmatch(file)
		if parts == nil {
			t.Errorf("%s: want YYYYMMDDHHMM_name.up.sql or .down.sql", file)
			continue
		}
		if _, err := time.Parse("200601021504", parts[1]); err != nil {
			t.Errorf("%s: its name is no time", file)
		}
		pairs[strings.TrimSuffix(strings.TrimSuffix(file, ".up.sql"), ".down.sql")]++
		if !strings.HasPrefix(text, "BEGIN;\n") || !clears.MatchString(text) {
			t.Errorf("%s: want BEGIN at its head, and at its end the dirty mark cleared and COMMIT", file)
		}
	}
	for pair, n := range pairs {
		if n != 2 {
			t.Errorf("%s: want both up and down", pair)
		}
	}
}

func TestFourAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.Empty())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := migrations.Up(t.Context(), db.URL); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if v, dirty, err := migrations.Version(t.Context(), db.URL); v != migrations.Latest() || dirty || err != nil {
		t.Errorf("version %d, dirty %t, %v; want %d, clean", v, dirty, err, migrations.Latest())
	}
}

// slow is a migration that can be caught in the middle, forwards and back: it waits for an advisory lock which the
// test holds.
const (
	slowLock = 4711
	slowName = "202001010000_slow"
)

func slowFiles() fstest.MapFS {
	return fstest.MapFS{
		"201901010000_before.up.sql":   {Data: []byte("BEGIN; CREATE TABLE before (); UPDATE schema_migrations SET dirty = false; COMMIT;")},
		"201901010000_before.down.sql": {Data: []byte("BEGIN; DROP TABLE before; UPDATE schema_migrations SET dirty = false; COMMIT;")},
		slowName + ".up.sql": {Data: []byte(
			"BEGIN; CREATE TABLE slow (); SELECT pg_advisory_xact_lock(4711); CREATE TABLE slower (); UPDATE schema_migrations SET dirty = false; COMMIT;")},
		slowName + ".down.sql": {Data: []byte(
			"BEGIN; DROP TABLE slow; SELECT pg_advisory_xact_lock(4711); DROP TABLE slower; UPDATE schema_migrations SET dirty = false; COMMIT;")},
	}
}

// caught runs a migration into the lock, lets the test do its worst, and returns how the migration ended.
func caught(t *testing.T, db *pgtest.DB, run func(context.Context) error, worst func(migrator uint32, cancel context.CancelFunc)) error {
	t.Helper()
	ctx := t.Context()
	holder, err := db.Owner.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Release()
	if _, err := holder.Exec(ctx, `SELECT pg_advisory_lock($1)`, slowLock); err != nil {
		t.Fatal(err)
	}
	migrateCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- run(migrateCtx) }()
	worst(waitingMigrator(t, db), cancel)
	select {
	case err = <-ended:
	case <-time.After(60 * time.Second):
		t.Fatal("the migration does not end")
	}
	if _, err := holder.Exec(ctx, `SELECT pg_advisory_unlock($1)`, slowLock); err != nil {
		t.Fatal(err)
	}
	return err
}

func waitingMigrator(t *testing.T, db *pgtest.DB) (pid uint32) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); {
		err := db.Owner.QueryRow(t.Context(), `
			SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
			WHERE a.datname = current_database() AND a.application_name = 'portal migrate'
			  AND l.locktype = 'advisory' AND l.objid = $1 AND NOT l.granted`, slowLock).Scan(&pid)
		if err == nil {
			return pid
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
	}
	t.Fatal("no migration came to wait")
	return 0
}

// terminate ends the backend at work.
func terminate(t *testing.T, db *pgtest.DB) func(uint32, context.CancelFunc) {
	return func(pid uint32, _ context.CancelFunc) {
		if _, err := db.Owner.Exec(t.Context(), `SELECT pg_terminate_backend($1)`, int32(pid)); err != nil {
			t.Fatal(err)
		}
	}
}

// tables counts those that the slow migration and the one before it make: 1 and 2.
func tables(t *testing.T, db *pgtest.DB) (n int) {
	t.Helper()
	err := db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM pg_tables WHERE tablename IN ('before', 'slow', 'slower')`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBackendKilledHalfWay(t *testing.T) {
	t.Parallel()
	t.Run("on the way up", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t, pgtest.Empty())
		fsys := slowFiles()
		err := caught(t, db, func(ctx context.Context) error { return migrations.UpFrom(ctx, db.URL, fsys) }, terminate(t, db))
		if err == nil || tables(t, db) != 1 {
			t.Fatalf("error %v, %d tables; want an error and only the table before", err, tables(t, db))
		}
		v, dirty, err := migrations.Version(t.Context(), db.URL)
		if v != 202001010000 || !dirty || err != nil {
			t.Errorf("version %d, dirty %t, %v; want the slow one, dirty", v, dirty, err)
		}
		old := pg.SchemaGuard(t.Context(), db.Owner, 202001010000)
		if tooOld, ok := errors.AsType[*pg.TooOld](old); !ok || !tooOld.Dirty {
			t.Errorf("the guard says %v; want too old, dirty", old)
		}
		migrate(t, migrations.UpFrom(t.Context(), db.URL, fsys))
		if tables(t, db) != 3 {
			t.Errorf("%d tables; want 3", tables(t, db))
		}
	})
	t.Run("on the way down", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t, pgtest.Empty())
		fsys := slowFiles()
		migrate(t, migrations.UpFrom(t.Context(), db.URL, fsys))
		err := caught(t, db, func(ctx context.Context) error { return migrations.DownFrom(ctx, db.URL, 1, fsys) }, terminate(t, db))
		if err == nil || tables(t, db) != 3 {
			t.Fatalf("error %v, %d tables; want an error and all 3 tables", err, tables(t, db))
		}
		migrate(t, migrations.UpFrom(t.Context(), db.URL, fsys))
		if v, dirty, err := migrations.Version(t.Context(), db.URL); v != 202001010000 || dirty || err != nil || tables(t, db) != 3 {
			t.Errorf("version %d, dirty %t, %v, %d tables; want the slow one, clean, 3", v, dirty, err, tables(t, db))
		}
		migrate(t, migrations.DownFrom(t.Context(), db.URL, 0, fsys))
		if tables(t, db) != 0 {
			t.Errorf("%d tables; want none", tables(t, db))
		}
	})
}

func TestPortalKilledHalfWay(t *testing.T) {
	t.Parallel()
	t.Run("with kill -9", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t, pgtest.Empty())
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childEnv+"="+db.URL)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		err := caught(t, db, func(context.Context) error { return child.Wait() }, func(uint32, context.CancelFunc) {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		})
		if err == nil {
			t.Error("the portal ended well; want it killed")
		}
		// Its backend knows nothing of that yet: it goes on, and only then gives the migration lock up.
		migrate(t, migrations.UpFrom(t.Context(), db.URL, slowFiles()))
		if v, dirty, err := migrations.Version(t.Context(), db.URL); v != 202001010000 || dirty || err != nil || tables(t, db) != 3 {
			t.Errorf("version %d, dirty %t, %v, %d tables; want the slow one, clean, 3", v, dirty, err, tables(t, db))
		}
	})
	t.Run("when told to stop", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t, pgtest.Empty())
		fsys := slowFiles()
		err := caught(t, db, func(ctx context.Context) error { return migrations.UpFrom(ctx, db.URL, fsys) },
			func(_ uint32, cancel context.CancelFunc) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v; want cancelled", err)
		}
		migrate(t, migrations.UpFrom(t.Context(), db.URL, fsys))
		if v, dirty, err := migrations.Version(t.Context(), db.URL); v != 202001010000 || dirty || err != nil || tables(t, db) != 3 {
			t.Errorf("version %d, dirty %t, %v, %d tables; want the slow one, clean, 3", v, dirty, err, tables(t, db))
		}
	})
}

func TestBrokenMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.Empty())
	fsys := slowFiles()
	fsys[slowName+".up.sql"] = &fstest.MapFile{Data: []byte("BEGIN; CREATE TABLE slow (); SELECT 1/0; UPDATE schema_migrations SET dirty = false; COMMIT;")}
	err := migrations.UpFrom(t.Context(), db.URL, fsys)
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); !ok || pgErr.Code != "22012" {
		t.Errorf("error %v; want division by zero", err)
	}
	if v, dirty, err := migrations.Version(t.Context(), db.URL); v != 201901010000 || dirty || err != nil {
		t.Errorf("version %d, dirty %t, %v; want the one before, clean", v, dirty, err)
	}
	migrate(t, migrations.UpFrom(t.Context(), db.URL, slowFiles()))
}

func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	if _, err := db.Owner.Exec(t.Context(), `UPDATE schema_migrations SET version = 209901010000`); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), db.URL); err != nil {
		t.Errorf("up by an older program: %v; want nothing to do", err)
	}
	if err := migrations.Down(t.Context(), db.URL, 1); err == nil {
		t.Error("down by an older program: want an error")
	}
	if err := pg.SchemaGuard(t.Context(), db.App, migrations.Latest()); err != nil {
		t.Errorf("the guard refuses a newer schema: %v", err)
	}
}

func migrate(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(migrations.FS(), "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}
