package main

import (
	"errors"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/pg/pgtest"
)

func TestSeedRefusesADatabaseForRealUse(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t).App
	if err := claimForUse(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := seedInto(t.Context(), db, demo.Bulk{Agencies: 1, Years: 1, Today: day.Must("2026-11-22")}); !errors.Is(err, errHoldsOther) {
		t.Errorf("got %v, want the refusal", err)
	}
}

func TestSeedFillsAnEmptyDatabaseOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t).App
	bulk := demo.Bulk{Agencies: 200, Years: 20, Today: day.Must("2026-11-22")}
	if err := seedInto(t.Context(), db, bulk); err != nil {
		t.Fatal(err)
	}
	if err := seedInto(t.Context(), db, bulk); err == nil {
		t.Error("the same agencies are added twice")
	}
	var agencies, renamed, past int
	err := db.QueryRow(t.Context(), `
		SELECT (SELECT count(DISTINCT organisation_id) FROM agency_membership), (SELECT count(*) FROM organisation_name WHERE ends_on IS NOT NULL),
		       (SELECT count(*) FROM organisation_name_past)`).Scan(&agencies, &renamed, &past)
	if err != nil || agencies != 200 || renamed < 50 || past != renamed {
		t.Errorf("%d agencies, %d names that ended, %d wordings of the past (%v)", agencies, renamed, past, err)
	}
	for _, wrong := range []demo.Bulk{{}, {Agencies: 1}, {Agencies: demo.MostAgencies + 1, Years: 1}} {
		if err := seedInto(t.Context(), db, wrong); err == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
	if _, err := readBulk([]string{"--agencies", "many"}); err == nil {
		t.Error("words are taken for a number")
	}
}
