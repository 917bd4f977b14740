package decision_test

import (
	"encoding/csv"
	"os"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
)

// usual are the rules of a council, without the register's own data, so that a test of a rule needs no database.
func usual() decision.Rules {
	var list []day.Holiday
	for _, iso := range []string{"2018-12-25", "2018-12-26", "2019-01-01", "2019-12-25", "2019-12-26", "2020-01-01", "2021-04-02",
		"2023-08-28", "2025-01-01", "2025-04-18", "2022-06-02", "2022-06-03", "2022-09-19", "2024-08-26"} {
		list = append(list, day.Holiday{On: day.Must(iso), Name: "Holiday"})
	}
	q := func(s decision.Stage, parts ...decision.Part) (out []decision.Requirement) {
		for _, p := range parts {
			out = append(out, decision.Requirement{Stage: s, Part: p, Source: "test", Confidence: "confirmed"})
		}
		return out
	}
	var all []decision.Requirement
	all = append(all, q(decision.Notice, decision.PartSubject, decision.PartMaker, decision.PartKey, decision.PartKeyReason, decision.PartNoticeOn, decision.PartDueOn)...)
	all = append(all, q(decision.Proposed, decision.PartSubject, decision.PartMaker, decision.PartKey, decision.PartLimbs, decision.PartReasons)...)
	all = append(all, q(decision.Made, decision.PartSubject, decision.PartMaker, decision.PartKey, decision.PartKeyReason, decision.PartLimbs, decision.PartReasons,
		decision.PartAlternatives, decision.PartInterests, decision.PartMadeOn, decision.PartExemptCategory, decision.PartPublicInterest,
		decision.PartUrgencyReason, decision.PartUrgencyTold, decision.PartUrgencyAgreed, decision.PartCallInWaivedReason)...)
	all = append(all, q(decision.CalledIn, decision.PartCallInGrounds)...)
	all = append(all, q(decision.Confirmed, decision.PartCallInOutcome)...)
	all = append(all, q(decision.Implemented, decision.PartImplementedOn)...)
	all = append(all, q(decision.Withdrawn, decision.PartWithdrawnReason)...)
	return decision.Rules{Requirements: all, Mask: decision.DefaultMask, Holidays: day.NewHolidays(list), Lengths: map[decision.Period]int{
		decision.NoticeClearDays: 28, decision.ExceptionClearDays: 5, decision.CallInWorkingDays: 5, decision.RecordYears: 6, decision.PapersYears: 4}}
}

// vectors reads a table of facts from public registers, without its head.
func vectors(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 6 {
		t.Fatalf("%s: %d rows (%v)", name, len(rows), err)
	}
	return rows[1:]
}

func on(iso string) day.Approx { return day.On(day.Must(iso)) }

// made is a key decision that was made, with all that it needs.
func made(alter ...func(*decision.Record)) decision.Record {
	r := decision.Record{Stage: decision.Made, Origin: decision.Entered, WasMade: true, Draft: decision.Draft{
		Identity: decision.Identity{NumberPrinted: "19/00035", Subject: "Proposed arrangements", MakerTitle: "Cabinet Member"},
		Key:      decision.Key{Key: decision.KeyYes, Reason: "It affects every division."},
		Text: decision.Text{Limbs: []decision.Limb{{Letter: "a", Text: "Agree the arrangements."}}, Reasons: "The law asks for it.",
			Alternatives: "None", Interests: "None declared"},
		Dates:    decision.Dates{NoticeOn: on("2019-04-01"), MadeOn: on("2019-05-20"), PublishedOn: on("2019-05-20")},
		Openness: decision.Openness{Restriction: decision.Open},
		Urgency:  decision.Urgency{CallInApplies: true},
	}}
	for _, f := range alter {
		f(&r)
	}
	return r
}

// codes are the codes of what was found, in order.
func codes(found []decision.Finding) (list []string) {
	for _, f := range found {
		list = append(list, f.Code)
	}
	return list
}
