package arrangementtest_test

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func TestFactoriesMakeEachState(t *testing.T) {
	t.Parallel()
	for want, make := range map[arrangement.State]func(testing.TB, pg.DB, ...arrangementtest.Alter) arrangementtest.Made{
		arrangement.StateDraft:                arrangementtest.Draft,
		arrangement.StateAwaitingSignOff:      arrangementtest.OutForSignOff,
		arrangement.StateAwaitingConfirmation: arrangementtest.AwaitingConfirmation,
		arrangement.StateSignedOff:            arrangementtest.SignedOff,
		arrangement.StateInForce:              arrangementtest.Published,
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			db := pgtest.Tx(t)
			m := make(t, db)
			service, _ := arrangementtest.Services(db, m.Sent)
			d, err := service.Draft(context.Background(), m.Support, m.Ref)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.State(day.Of(time.Now())); got != want {
				t.Errorf("state = %s, want %s", got, want)
			}
		})
	}
}

func TestFactoriesMayCommit(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t).App // where deferred constraints are checked
	arrangementtest.Published(t, db)
	m := arrangementtest.OutForSignOff(t, db)
	arrangementtest.Decline(t, db, m, m.Officers[0], "Not yet")
	arrangementtest.PublishedRecorded(t, db)
}
