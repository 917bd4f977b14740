package arrangement_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// desk is the services over a test's database, with the letters that they asked for.
type desk struct {
	db      pg.DB
	letters *arrangementtest.Letters
	service *arrangement.Service
	rounds  *signoff.Service
}

func newDesk(db pg.DB) desk {
	letters := &arrangementtest.Letters{}
	service, rounds := arrangementtest.Services(db, letters)
	return desk{db, letters, service, rounds}
}

// refused fails the test unless the error is a fault of the kind, about the field if one is named.
func refused(t testing.TB, err error, kind fault.Kind, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != kind || f.Field != field {
		t.Fatalf("error = %v, want a refusal of kind %q about field %q", err, kind, field)
	}
	if f.Message == "" {
		t.Errorf("the refusal has no words")
	}
}

func done(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// others are people who may not draft: those who see drafts are refused, to the others there are none.
func others(t testing.TB, db pg.DB) map[fault.Kind]authz.Actor {
	t.Helper()
	return map[fault.Kind]authz.Actor{fault.Forbidden: arrangementtest.WithRole(t, db, authz.Scrutineer),
		fault.NotFound: arrangementtest.WithRole(t, db, authz.Administrator)}
}

func (d desk) read(t testing.TB, m arrangementtest.Made) arrangement.Draft {
	t.Helper()
	read, err := d.service.Draft(context.Background(), m.Support, m.Ref)
	done(t, err)
	return read
}

// actions lists what the version's timeline tells, the oldest first.
func (d desk) actions(t testing.TB, m arrangementtest.Made) []string {
	t.Helper()
	rows, _ := d.db.Query(context.Background(), `SELECT action FROM event WHERE version_id = @version ORDER BY id`, pgx.StrictNamedArgs{"version": m.Version})
	actions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	done(t, err)
	return actions
}

func (d desk) lastAction(t testing.TB, m arrangementtest.Made) string {
	t.Helper()
	actions := d.actions(t, m)
	return actions[len(actions)-1]
}

func headings(d arrangement.Draft) []string {
	var list []string
	for _, s := range d.Sections {
		list = append(list, s.Heading)
	}
	return list
}

func sameOrder(t testing.TB, d arrangement.Draft, want ...string) {
	t.Helper()
	if got := headings(d); !slices.Equal(got, want) {
		t.Errorf("sections = %q, want %q", got, want)
	}
}
