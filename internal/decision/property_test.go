package decision_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// edits does one thing after another to one record, allowed or not, and remembers what must stay.
type edits struct {
	db        pg.DB
	s         *decision.Service
	which     id.Decision
	made      bool // the model's own word: a move to made went through
	published json.RawMessage
	kept      []decision.Correction
	counts    map[string]int
}

func (e *edits) read(t *rapid.T) decision.Full {
	f, err := e.s.Read(context.Background(), authz.System("test"), e.which)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// try makes a change with whatever comes out of the hat; only faults are let pass.
func (e *edits) try(t *rapid.T) {
	ctx, by := context.Background(), authz.System("test")
	f := e.read(t)
	d := f.Draft
	if rapid.Bool().Draw(t, "some part changes") {
		d.Subject = rapid.SampledFrom([]string{"New arrangements", "Other arrangements", " "}).Draw(t, "subject")
		d.Reasons = rapid.SampledFrom([]string{"", "Because", "Since"}).Draw(t, "reasons")
		d.NumberPrinted = rapid.SampledFrom([]string{"", "19/00001", "10/00001"}).Draw(t, "number")
		d.MadeOn = rapid.SampledFrom([]day.Approx{{}, on("2019-05-20"), on("2018-05-20")}).Draw(t, "made")
		d.EffectiveOn = rapid.SampledFrom([]day.Approx{{}, on("2019-05-29")}).Draw(t, "effective")
		d.Later = rapid.SampledFrom([][]decision.Part{nil, {decision.PartConsultation}, {decision.PartReasons}}).Draw(t, "later")
	}
	revision := f.Revision - rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(t, "seen before")
	var err error
	deed := rapid.SampledFrom([]string{"save", "move", "move", "publish", "publish", "call in", "call in", "end", "override", "defer"}).Draw(t, "deed")
	switch deed {
	case "save":
		err = e.s.Save(ctx, by, decision.SaveCommand{ID: e.which, Revision: revision, Changes: decisiontest.Whole(d)})
	case "move":
		to := rapid.SampledFrom(append(f.Stage.Next(), decision.Stages()...)).Draw(t, "to")
		if err = e.s.Move(ctx, by, decision.MoveCommand{ID: e.which, Revision: revision, To: to, Changes: decisiontest.Whole(d), WithdrawnReason: "No longer"}); err == nil {
			e.made = e.made || to == decision.Made
		}
	case "publish":
		if _, err = e.s.Publish(ctx, by, decision.PublishCommand{ID: e.which, Revision: revision, Reason: "A slip"}); err == nil {
			e.corrected(t)
		}
	case "call in":
		err = e.s.CallIn(ctx, by, decision.CallInCommand{ID: e.which, Revision: revision, CallIn: decision.CallIn{CalledOn: on("2019-05-23"), CalledBy: "Members", Grounds: "Haste"}})
	case "end":
		err = e.s.EndCallIn(ctx, by, decision.CallInEndCommand{ID: e.which, Revision: revision, Outcome: decision.ReferredBack, OutcomeOn: on("2019-06-12"), Confirm: rapid.Bool().Draw(t, "confirm")})
	case "override":
		err = e.s.Override(ctx, by, decision.OverrideCommand{ID: e.which, Revision: revision, Stage: rapid.SampledFrom(decision.Stages()).Draw(t, "stage"), Part: decision.PartReasons, Reason: "None given"})
	case "defer":
		err = e.s.Defer(ctx, by, decision.DeferCommand{ID: e.which, Revision: revision, On: on("2019-05-01"), NewDue: on("2019-06-20"), Reason: "More to ask"})
	}
	if err == nil {
		e.counts[deed]++
	} else if _, ok := errors.AsType[*fault.Error](err); !ok {
		t.Fatalf("%s: %v", deed, err)
	}
	if err == nil && revision != f.Revision {
		t.Fatalf("%s went through on a record that was seen before it changed", deed)
	}
}

// corrected wants every difference between two publications written down.
func (e *edits) corrected(t *rapid.T) {
	var now json.RawMessage
	if err := e.db.QueryRow(context.Background(), `SELECT content FROM decision_publication WHERE decision_id = $1 ORDER BY number DESC LIMIT 1`, e.which).Scan(&now); err != nil {
		t.Fatal(err)
	}
	before, after := map[string]any{}, map[string]any{}
	if e.published != nil {
		if err := errors.Join(json.Unmarshal(e.published, &before), json.Unmarshal(now, &after)); err != nil {
			t.Fatal(err)
		}
	}
	e.published = now
	list := e.read(t).Corrections
	for _, field := range []string{"subject", "reasons", "number-printed", "made-on", "to-be-added", "call-ins", "deferrals", "withdrawn-reason"} {
		if fmt.Sprint(before[field]) == fmt.Sprint(after[field]) {
			continue
		}
		found := false
		for _, c := range list[min(len(list), len(e.kept)):] {
			var b, a any
			_, _ = json.Unmarshal(c.Before, &b), json.Unmarshal(c.After, &a) // nothing stays nothing
			found = found || c.Field == field && fmt.Sprint(b) == fmt.Sprint(before[field]) && fmt.Sprint(a) == fmt.Sprint(after[field])
		}
		if !found {
			t.Fatalf("that %s changed from %v to %v is lost", field, before[field], after[field])
		}
	}
}

// holds checks what must be true after each deed.
func (e *edits) holds(t *rapid.T) {
	f := e.read(t)
	if f.WasMade != e.made {
		t.Fatalf("made is %v, want %v", f.WasMade, e.made)
	}
	if !e.made && (strings.HasPrefix(f.Heading(), "Record of decision") || f.IsMade() || !f.MadeOn.IsZero() || !f.EffectiveOn.IsZero() || f.Computed.Effective != (day.Date{})) {
		t.Fatalf("what was not made is shown as made: %q %+v", f.Heading(), f.Dates)
	}
	if len(f.Corrections) < len(e.kept) {
		t.Fatalf("%d corrections of %d are left", len(f.Corrections), len(e.kept))
	}
	for i, c := range e.kept {
		if fmt.Sprint(f.Corrections[i]) != fmt.Sprint(c) {
			t.Fatalf("correction %d became %v, was %v", i, f.Corrections[i], c)
		}
	}
	e.kept = f.Corrections
	if e.published == nil {
		return
	}
	var c decision.Content
	if err := json.Unmarshal(e.published, &c); err != nil {
		t.Fatal(err)
	}
	if made := !c.Stage.Before() && c.Stage != decision.Withdrawn; c.Made != made || made && !e.made || !made && strings.HasPrefix(c.Heading, "Record of decision") && !e.made {
		t.Fatalf("published as %q at %s, made %v; made indeed: %v", c.Heading, c.Stage, c.Made, e.made)
	}
}

// No sequence of edits shows a proposed record as made, or loses a correction.
func TestNoSequenceOfEditsDeceives(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	counts := map[string]int{}
	check := func(t *rapid.T) {
		tx, err := db.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback(context.Background()) }() // the next Begin would tell
		e := &edits{db: tx, s: decision.New(tx, decisiontest.Clock), counts: counts}
		e.which, err = e.s.Create(context.Background(), authz.System("test"), decision.CreateCommand{Body: decision.PartnershipSlug, Stage: decision.Notice, Draft: decisiontest.Draft()})
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 2).Draw(t, "stages ahead") { // so that the later stages are reached often enough
			f := e.read(t)
			d, next := f.Draft, f.Stage.Next()[0]
			if next == decision.Made {
				decisiontest.Made(&d)
			}
			if err := e.s.Move(context.Background(), authz.System("test"), decision.MoveCommand{ID: e.which, Revision: f.Revision, To: next, Changes: decisiontest.Whole(d)}); err != nil {
				t.Fatal(err)
			}
			e.made = next == decision.Made
		}
		if e.made && rapid.Bool().Draw(t, "called in ahead") {
			if err := e.s.CallIn(context.Background(), authz.System("test"), decision.CallInCommand{ID: e.which, Revision: e.read(t).Revision,
				CallIn: decision.CallIn{CalledOn: on("2019-05-23"), CalledBy: "Members", Grounds: "Haste"}}); err != nil {
				t.Fatal(err)
			}
			counts["call in"]++
		}
		for range rapid.IntRange(1, 18).Draw(t, "deeds") {
			e.try(t)
			e.holds(t)
		}
	}
	deeds := []string{"save", "move", "publish", "call in", "end", "override", "defer"}
	for range 10 { // more sequences where chance left a deed out
		rapid.Check(t, check)
		if !slices.ContainsFunc(deeds, func(deed string) bool { return counts[deed] < 2 }) {
			break
		}
	}
	t.Log(counts)
	for _, deed := range deeds {
		if counts[deed] < 2 {
			t.Errorf("%s went through %d times: too few to tell anything", deed, counts[deed])
		}
	}
}
