package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
)

// ledger is what the clients know: which statements they pressed for, and for which of those a receipt came back.
type ledger struct {
	mu           sync.Mutex
	submitted    map[string]bool
	acknowledged map[string]bool
	unknown      int // presses without an answer; each is pressed again until it has one
	pressed      chan struct{}
}

func newLedger() *ledger {
	return &ledger{submitted: map[string]bool{}, acknowledged: map[string]bool{}, pressed: make(chan struct{}, 1)}
}

// submit notes a press before it is sent.
func (l *ledger) submit(statement string) {
	l.mu.Lock()
	l.submitted[statement] = true
	l.mu.Unlock()
	select {
	case l.pressed <- struct{}{}:
	default: // whoever wants to kill during a press has been told already
	}
}

func (l *ledger) acknowledge(statement string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged[statement] = true
}

func (l *ledger) unanswered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unknown++
}

func (l *ledger) counts() (acknowledged, unknown int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged), l.unknown
}

// foundAct is an act in the database with what it must agree with.
type foundAct struct {
	Round     int64
	Seat      int64
	Account   int64
	Statement string
	SameBytes bool // act, statement and round name one digest, and it is that of the round's bytes
	Event     int64
}

// foundRound is a round in the database with the number of its seats.
type foundRound struct {
	ID         int64
	Outcome    string
	Seats      int64
	Completion int64 // how often it was told that it was complete
}

// found is what the database holds after the storm.
type found struct {
	Acts   []foundAct
	Rounds []foundRound
}

// judge compares what the clients know with what the database holds. No complaint means that nothing acknowledged is
// lost, nothing is there that was never submitted, nothing is there twice, and every round ended as its acts say.
func judge(submitted, acknowledged map[string]bool, db found) []string {
	var complaints []string
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	there, seats, people, signed := map[string]bool{}, map[[2]int64]bool{}, map[[2]int64]bool{}, map[int64]int64{}
	for _, a := range db.Acts {
		if !submitted[a.Statement] {
			complain("GHOST: %s was never submitted", a.Statement)
		}
		if there[a.Statement] || seats[[2]int64{a.Round, a.Seat}] || people[[2]int64{a.Round, a.Account}] {
			complain("DOUBLE: %s in round %d", a.Statement, a.Round)
		}
		there[a.Statement], seats[[2]int64{a.Round, a.Seat}], people[[2]int64{a.Round, a.Account}] = true, true, true
		signed[a.Round]++
		if !a.SameBytes {
			complain("BYTES: %s stands on other bytes than it names", a.Statement)
		}
		if a.Event != 1 {
			complain("EVENT: %s is told %d times", a.Statement, a.Event)
		}
	}
	for _, statement := range slices.Sorted(maps.Keys(acknowledged)) {
		if !there[statement] {
			complain("LOST: %s was acknowledged", statement)
		}
	}
	for _, r := range db.Rounds {
		outcome, completions := "open", int64(0)
		if signed[r.ID] == r.Seats {
			outcome, completions = "complete", 1
		}
		if r.Outcome != outcome || r.Completion != completions {
			complain("OUTCOME: round %d with %d of %d signatures is %s, told %d times", r.ID, signed[r.ID], r.Seats, r.Outcome, r.Completion)
		}
	}
	return complaints
}

// look reads what the database holds.
func look(ctx context.Context, db pg.DB) (found, error) {
	var f found
	rows, _ := db.Query(ctx, `
		SELECT a.round_id AS round, a.seat_id AS seat, a.account_id AS account, a.statement_id::text AS statement,
		       a.digest = s.digest AND a.digest = r.digest AND r.digest = sha256(r.content)
		       AND convert_from(s.body, 'UTF8')::jsonb->>'digest' = 'sha256:' || encode(r.digest, 'hex') AS same_bytes,
		       (SELECT count(*) FROM event e WHERE e.action = 'round.signed' AND e.subject_id = a.round_id AND e.account_id = a.account_id) AS event
		FROM act a JOIN statement s ON s.id = a.statement_id JOIN round r ON r.id = a.round_id`)
	var err error
	if f.Acts, err = pgx.CollectRows(rows, pgx.RowToStructByName[foundAct]); err != nil {
		return found{}, err
	}
	rows, _ = db.Query(ctx, `
		SELECT r.id, r.outcome, (SELECT count(*) FROM seat s WHERE s.round_id = r.id) AS seats,
		       (SELECT count(*) FROM event e WHERE e.action = 'round.completed' AND e.subject_id = r.id) AS completion
		FROM round r`)
	f.Rounds, err = pgx.CollectRows(rows, pgx.RowToStructByName[foundRound])
	return f, err
}

// A checker that sees nothing passes everything: each fault planted here must turn it red.
func TestTheCrashCheckerSeesPlantedFaults(t *testing.T) {
	t.Parallel()
	act := func(round, seat, account int64, statement string) foundAct {
		return foundAct{Round: round, Seat: seat, Account: account, Statement: statement, SameBytes: true, Event: 1}
	}
	sound := func() found {
		return found{Acts: []foundAct{act(1, 1, 1, "a"), act(1, 2, 2, "b"), act(2, 3, 1, "c")},
			Rounds: []foundRound{{ID: 1, Outcome: "complete", Seats: 2, Completion: 1}, {ID: 2, Outcome: "open", Seats: 2}}}
	}
	submitted, acknowledged := map[string]bool{"a": true, "b": true, "c": true, "d": true}, map[string]bool{"a": true, "b": true}
	for name, c := range map[string]struct {
		plant func(*found)
		want  []string
	}{
		"nothing": {func(*found) {}, nil},
		"an unanswered press that stands": {func(f *found) {
			f.Acts = append(f.Acts, act(2, 4, 2, "d"))
			f.Rounds[1] = foundRound{2, "complete", 2, 1}
		}, nil},
		"an acknowledged act is lost":      {func(f *found) { f.Acts[1] = act(1, 2, 2, "d") }, []string{"LOST: b was acknowledged"}},
		"an act that nobody submitted":     {func(f *found) { f.Acts[2].Statement = "x" }, []string{"GHOST: x was never submitted"}},
		"two acts on one seat":             {func(f *found) { f.Acts[2] = act(1, 2, 3, "c") }, []string{"DOUBLE: c in round 1", "OUTCOME: round 1 with 3 of 2 signatures is complete, told 1 times"}},
		"one statement acted on twice":     {func(f *found) { f.Acts[2].Statement = "b" }, []string{"DOUBLE: b in round 2"}},
		"one person for two partners":      {func(f *found) { f.Acts[1].Account = 1 }, []string{"DOUBLE: b in round 1"}},
		"an act on other bytes":            {func(f *found) { f.Acts[0].SameBytes = false }, []string{"BYTES: a stands on other bytes than it names"}},
		"an act without its event":         {func(f *found) { f.Acts[0].Event = 0 }, []string{"EVENT: a is told 0 times"}},
		"a round that was never ended":     {func(f *found) { f.Rounds[0] = foundRound{1, "open", 2, 0} }, []string{"OUTCOME: round 1 with 2 of 2 signatures is open, told 0 times"}},
		"a round that ended too soon":      {func(f *found) { f.Rounds[1].Outcome = "complete" }, []string{"OUTCOME: round 2 with 1 of 2 signatures is complete, told 0 times"}},
		"a round that was complete twice":  {func(f *found) { f.Rounds[0].Completion = 2 }, []string{"OUTCOME: round 1 with 2 of 2 signatures is complete, told 2 times"}},
		"everything that was acknowledged": {func(f *found) { *f = found{} }, []string{"LOST: a was acknowledged", "LOST: b was acknowledged"}},
	} {
		db := sound()
		c.plant(&db)
		if diff := cmp.Diff(c.want, judge(submitted, acknowledged, db)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
