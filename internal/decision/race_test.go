package decision_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg/pgtest"
)

// Two people who move one record on at once, from the same page: one does, the other is told.
func TestTwoMoveOneRecordAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	ctx := context.Background()
	s := decision.New(db.App, decisiontest.Clock)
	people := []authz.Actor{decisiontest.Support(t, db.App), decisiontest.Support(t, db.App)}
	for _, c := range []struct {
		name string
		to   [2]decision.Stage
	}{
		{"both make it", [2]decision.Stage{decision.Made, decision.Made}},
		{"one makes it, one withdraws it", [2]decision.Stage{decision.Made, decision.Withdrawn}},
	} {
		for range 20 {
			which := decisiontest.Proposed(t, db.App, decision.PartnershipSlug)
			f := decisiontest.Read(t, db.App, which)
			dates := f.Dates
			dates.MadeOn = on("2019-05-20")
			var wg sync.WaitGroup
			var errs [2]error
			for i, by := range people {
				wg.Go(func() {
					cmd := decision.MoveCommand{ID: which, Revision: f.Revision, To: c.to[i], WithdrawnReason: "No longer"}
					if c.to[i] == decision.Made {
						cmd.Dates = &dates
					}
					errs[i] = s.Move(ctx, by, cmd)
				})
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[0], errs[1]), fault.Conflict) {
				t.Fatalf("%s: %v and %v, want one to go through and one conflict", c.name, errs[0], errs[1])
			}
			after := decisiontest.Read(t, db.App, which)
			if won := c.to[map[bool]int{true: 0, false: 1}[errs[0] == nil]]; after.Stage != won || after.Revision != f.Revision+1 {
				t.Fatalf("%s: the record is %s, revision %d", c.name, after.Stage, after.Revision)
			}
		}
	}
}

// Two records of one body never get one number, however close they come.
func TestTwoTakeOneNumberAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	s := decision.New(db.App, decisiontest.Clock)
	by := decisiontest.Support(t, db.App)
	var wg sync.WaitGroup
	var errs [2]error
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = s.Create(context.Background(), by, decision.CreateCommand{Body: decision.PartnershipSlug, Stage: decision.Notice,
				Draft: decisiontest.Draft(func(d *decision.Draft) { d.NumberPrinted = "19/00009" })})
		})
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v and %v, want one of them refused", errs[0], errs[1])
	}
	wants(t, errors.Join(errs[0], errs[1]), fault.Invalid, "number-printed")
}
