package file_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func add(db pg.DB, by authz.Actor, c file.AddCommand) (made id.File, err error) {
	err = pgx.BeginFunc(context.Background(), db, func(tx pgx.Tx) error {
		made, err = file.Add(context.Background(), tx, by, c)
		return err
	})
	return made, err
}

// large is a PDF of a size, different for each seed.
func large(size int, seed uint64) []byte {
	body := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(body) // never fails
	copy(body, "%PDF-1.4\n")
	return body
}

func count(t *testing.T, db pg.DB, sql string) (n int) {
	t.Helper()
	if err := db.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFileComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	by := authz.Actor{Account: membershiptest.Person(t, db), Name: "Ada"}
	for _, size := range []int{20, 256 << 10, 256<<10 + 1, 3<<20 + 7} {
		body := large(size, 1)
		made, err := add(db, by, file.AddCommand{Title: "Minutes", Language: "cy", Content: filetest.Checked(t, "minutes.pdf", body)})
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{`SET CONSTRAINTS ALL IMMEDIATE`, `SET CONSTRAINTS ALL DEFERRED`} {
			if _, err := db.Exec(context.Background(), sql); err != nil {
				t.Fatalf("%d bytes: %v", size, err)
			}
		}
		c, err := file.Open(context.Background(), db, made)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := c.Send(context.Background(), &out); err != nil || !bytes.Equal(out.Bytes(), body) {
			t.Errorf("%d bytes come out as %d (%v)", size, out.Len(), err)
		}
		sum := sha256.Sum256(body)
		if c.Title != "Minutes" || c.Language != "cy" || c.Name != "minutes.pdf" || c.MediaType != file.PDF || c.Size != int64(size) ||
			!bytes.Equal(c.Digest, sum[:]) || c.AddedBy == "" || c.AddedAt.IsZero() {
			t.Errorf("kept as %+v", c.File)
		}
	}
	if _, err := file.Find(context.Background(), db, 1<<40); !errors.Is(err, fault.NotFound) {
		t.Errorf("a file that is none: %v", err)
	}
}

func TestTheSameBytesAreKeptOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	body := large(1<<20, 2)
	var all sync.WaitGroup
	for _, title := range []string{"One", "Two", "Three", ""} {
		all.Go(func() {
			if _, err := add(db.App, authz.System("test"), file.AddCommand{Title: title, Content: filetest.Checked(t, "a.pdf", body)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, db.App, `SELECT count(*) FROM stored_file WHERE title IN ('One', 'Two', 'Three', 'a.pdf') AND language = 'en'`); n != 4 {
		t.Errorf("%d files, want 4", n)
	}
	if n := count(t, db.App, `SELECT count(*) FROM file_chunk`); n != 4 {
		t.Errorf("%d pieces, want the 4 of one megabyte", n)
	}
}

func TestAnUploadThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	afterwards := errors.New("something else failed")
	err := pgx.BeginFunc(context.Background(), db.App, func(tx pgx.Tx) error {
		if _, err := file.Add(context.Background(), tx, authz.System("test"), file.AddCommand{Content: filetest.Checked(t, "a.pdf", large(1<<20, 3))}); err != nil {
			t.Fatal(err)
		}
		return afterwards
	})
	if !errors.Is(err, afterwards) {
		t.Fatal(err)
	}
	_, err = add(db.App, authz.System("test"), file.AddCommand{Language: "Welsh!", Content: filetest.Checked(t, "a.pdf", large(1<<20, 3))})
	if !errors.Is(err, fault.Invalid) {
		t.Errorf("a language that is none: %v", err)
	}
	if n := count(t, db.App, `SELECT (SELECT count(*) FROM stored_file) + (SELECT count(*) FROM file_content) + (SELECT count(*) FROM file_chunk)`); n != 0 {
		t.Errorf("%d rows stay", n)
	}
}

// changing gives other bytes the second time that it is read.
type changing struct {
	io.ReaderAt
	body []byte
}

func (c *changing) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(c.body).ReadAt(p, at)
}

func TestBytesThatChangeAfterTheyWereCheckedAreRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	body := &changing{body: large(1000, 4)}
	c, err := file.Check("file", "a.pdf", body, 1000)
	if err != nil {
		t.Fatal(err)
	}
	body.body = large(1000, 5)
	if _, err := add(db.App, authz.System("test"), file.AddCommand{Content: c}); err == nil {
		t.Error("kept")
	}
}

// slowest counts the memory in use while many files are under way.
type slowest struct {
	mu   *sync.Mutex
	most *uint64
}

func (s slowest) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	*s.most = max(*s.most, m.HeapAlloc)
	return len(p), nil
}

// Not parallel: it measures the memory of the whole process.
func TestSixteenLargeDownloadsAtOnceTakeLittleMemory(t *testing.T) {
	db := pgtest.Database(t)
	made, err := add(db.App, authz.System("test"), file.AddCommand{Content: filetest.Checked(t, "a.pdf", large(file.MaxSize, 6))})
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	var mu sync.Mutex
	most := before.HeapAlloc
	for range 16 {
		all.Go(func() {
			c, err := file.Open(context.Background(), db.App, made)
			if err != nil {
				t.Error(err)
				return
			}
			if err := c.Send(context.Background(), slowest{&mu, &most}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if more := most - before.HeapAlloc; more > 32<<20 {
		t.Errorf("%d MB more in use, want 32 at most", more>>20)
	}
}
