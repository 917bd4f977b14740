package signoff

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/authz"
)

var update = flag.Bool("update", false, "write the golden files")

func fixedRandomness() randomness {
	var r randomness
	for i := range r.salt {
		r.salt[i], r.nonce[i] = byte(i), byte(255-i)
	}
	for i := range r.id {
		r.id[i] = byte(16 * i)
	}
	return r
}

// The bytes of a statement are read in ten years by whoever checks it: a change of the layout needs a new schema name,
// not a new golden file.
func TestTheLayoutOfAStatementStandsStill(t *testing.T) {
	t.Parallel()
	version := Round{ID: 7, Number: 2, Digest: make([]byte, 32),
		Paper: Paper{PaperRef: OfVersion(9), Subject: "arrangements", Slug: "kent", Number: 3, Title: `Arrangements "2026" <draft> & more`}}
	seat := Seat{OrganisationSlug: "kent-police", StatutoryKind: "police"}
	at := time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.FixedZone("BST", 3600))
	year := version
	year.Paper = Paper{PaperRef: OfYear(2027), Subject: AnnualBudget, Slug: "2027-28", Number: 2027, Title: "Contributions and budget for 2027/28"}
	for name, st := range map[string]Statement{
		"year-sign": {Kind: Sign, Office: "Chief Constable", Capacity: authz.Lead, Organisation: "Kent Police", OfficerName: "Åsa Ó Briain"},
		"sign":      {Kind: Sign, Office: "Chief Constable", Capacity: authz.Lead, Organisation: "Kent Police", OfficerName: "Åsa Ó Briain"},
		"decline": {Kind: Decline, Reason: "Section 4 says nothing of Medway.\nSee our letter.", Office: "Deputy Chief Constable", Capacity: authz.Delegate,
			ActingFor: "Chief Constable", Organisation: "Kent Police", OfficerName: "Åsa Ó Briain"},
	} {
		t.Run("to "+name, func(t *testing.T) {
			t.Parallel()
			round := version
			if strings.HasPrefix(name, "year") {
				round = year
			}
			written, err := st.write(round, seat, at, fixedRandomness())
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "signoff-statement-1-"+name+".json")
			if *update {
				if err := os.WriteFile(golden, written.Body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(written.Body)); diff != "" {
				t.Errorf("the layout has changed (-want +got):\n%s", diff)
			}
			if !json.Valid(written.Body) {
				t.Error("the statement is no JSON")
			}
			if written.ID != "00102030-4050-6070-8090-a0b0c0d0e0f0" || !written.IssuedAt.Equal(at) || written.ExpiresAt.Sub(written.IssuedAt) != StatementLife {
				t.Errorf("statement %s from %s to %s", written.ID, written.IssuedAt, written.ExpiresAt)
			}
		})
	}
}
