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
	for _, wrong := range []demo.Bulk{{}, {Years: 1}, {Agencies: 1}, {Agencies: demo.MostAgencies + 1, Years: 1}, {Decisions: -1, Years: 1}, {Decisions: demo.MostDecisions + 1, Years: 1}, {Versions: demo.MostVersions + 1, Years: 1}} {
		if err := seedInto(t.Context(), db, wrong); err == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
	if _, err := readBulk([]string{"--agencies", "many"}); err == nil {
		t.Error("words are taken for a number")
	}
}

func TestSeedFillsTheRegisterOfDecisions(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	bulk := demo.Bulk{Decisions: 1200, Years: 20, Today: day.Must("2026-11-22")}
	if err := seedInto(t.Context(), db.App, bulk); err != nil {
		t.Fatal(err)
	}
	if err := seedInto(t.Context(), db.App, bulk); err == nil {
		t.Error("the same records are added twice")
	}
	for _, c := range []struct {
		what, sql   string
		least, most int
	}{
		{"records", `SELECT count(*) FROM decision WHERE is_demonstration`, 1200, 1200},
		{"published records", `SELECT count(*) FROM published.decision`, 1100, 1199},
		{"corrections", `SELECT count(*) FROM published.decision_correction WHERE is_correction`, 20, 30},
		{"bodies, with the partnership", `SELECT count(DISTINCT organisation_id) FROM published.decision`, 7, 7},
		{"years", `SELECT count(DISTINCT extract(year FROM made_on)) FROM decision`, 20, 21},
		{"stages", `SELECT count(DISTINCT stage) FROM decision`, 7, 7},
		{"decision makers", `SELECT count(DISTINCT maker_title) FROM decision`, 18, 20},
		{"restrictions", `SELECT count(DISTINCT restriction) FROM decision`, 3, 3},
		{"exempt passages", `SELECT count(*) FROM decision_exempt`, 55, 65},
		{"key decisions to come", `SELECT count(*) FROM published.decision WHERE stage IN ('notice', 'proposed') AND key_decision = 'yes'`, 100, 120},
		{"records with the word of every record", withWord(demo.WordOfEvery), 1200, 1200},
		{"records with the word of a hundredth", withWord(demo.WordOfAHundredth), 12, 12},
		{"records with the word of the oldest", withWord(demo.WordOfTheOldest), 1, 2},
		{"records with the rare word", withWord(demo.WordRare), 5, 5},
		{"words of exempt passages", `SELECT count(*) FROM decision_search WHERE words::text LIKE '%withheld%'`, 0, 0},
	} {
		var n int
		if err := db.Owner.QueryRow(t.Context(), c.sql).Scan(&n); err != nil || n < c.least || n > c.most {
			t.Errorf("%d %s (%v), want %d to %d", n, c.what, err, c.least, c.most)
		}
	}
}

// withWord counts the records whose open text has a word.
func withWord(word string) string {
	return `SELECT count(*) FROM decision WHERE to_tsvector('english', reasons) @@ to_tsquery('english', '` + word + `')`
}

func TestSeedPublishesVersionsThatEveryPartnerSigned(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	if err := seedInto(t.Context(), db.App, demo.Bulk{Versions: 43, Years: 20, Today: day.Must("2026-11-22")}); err != nil {
		t.Fatal(err)
	}
	var documents, versions, signed, texts int
	err := db.Public.QueryRow(t.Context(), `SELECT count(DISTINCT document_id), count(*) FROM published.version`).Scan(&documents, &versions)
	if err == nil {
		err = db.Owner.QueryRow(t.Context(), `
			SELECT count(*), count(DISTINCT r.digest) FROM version v JOIN round r ON r.id = v.publishing_round_id WHERE r.outcome = 'complete'
			AND (SELECT count(*) FROM act a WHERE a.round_id = r.id) = 3`).Scan(&signed, &texts)
	}
	if err != nil || documents != 2 || versions != 43 || signed != 43 || texts != 43 {
		t.Errorf("%d documents, %d versions, %d of them signed by three, %d texts (%v)", documents, versions, signed, texts, err)
	}
}
