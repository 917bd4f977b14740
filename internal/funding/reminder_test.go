package funding_test

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestUnpaidInvoicesAreToBeRemindedOf(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	fundingtest.LedgerYear(t, db, 2019, 0)
	body := membershiptest.Organisation(t, db)
	invoice := fundingtest.Entry(t, db, func(c *funding.RecordEntryCommand) {
		c.Organisation, c.Kind, c.DueOn, c.Reference = body.Slug, funding.Invoice, day.Must("2019-06-30"), "INV 1"
	})
	paid := fundingtest.Entry(t, db, func(c *funding.RecordEntryCommand) { c.Organisation, c.Pence = body.Slug, 40000 })
	on := func(today string) []funding.Reminder {
		t.Helper()
		list, err := funding.New(db, func() time.Time { return day.Must(today).Starts().Add(time.Hour) }).ToRemindOf(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	for today, stage := range map[string]int{"2019-06-15": -1, "2019-06-16": 0, "2019-06-30": 0, "2019-07-01": 1, "2019-07-29": 1, "2019-07-30": 2, "2019-08-29": 3, "2021-01-01": 3} {
		got := on(today)
		if len(got) != min(stage+1, 1) {
			t.Errorf("on %s %d reminders", today, len(got))
		} else if stage >= 0 && (got[0].Stage != stage || got[0].Body.ID != body.ID || got[0].Invoice.Entry != invoice || got[0].Invoice.Open != 60000) {
			t.Errorf("on %s %+v, want stage %d", today, got[0], stage)
		}
	}
	s := funding.New(db, now)
	if err := s.ReverseEntry(ctx, authz.System("test"), funding.ReverseEntryCommand{ID: paid, Reason: "It bounced"}); err != nil {
		t.Fatal(err)
	}
	fundingtest.Entry(t, db, func(c *funding.RecordEntryCommand) { c.Organisation = body.Slug })
	if got := on("2019-08-01"); len(got) != 0 {
		t.Errorf("a paid invoice is reminded of: %+v", got)
	}
	if sent, err := s.Reminders(ctx, authz.System("test"), 2019); err != nil || len(sent) != 0 {
		t.Errorf("letters %+v (%v)", sent, err)
	}
	_, err := s.Reminders(ctx, authz.Actor{}, 2019)
	refusedAt(t, err, fault.Forbidden, "")
}
