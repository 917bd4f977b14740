package membership

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
)

// Register is a list of the partnership that a spreadsheet can be imported into.
type Register string

// The registers.
const (
	RegisterOrganisations Register = "organisations"
	RegisterAgencies      Register = "agencies"
)

// Registers lists them.
func Registers() []Register {
	return []Register{RegisterAgencies, RegisterContributions, RegisterOrganisations}
}

// ImportColumns are the columns of a register's file. An export has the same.
func ImportColumns(of Register) []sheet.Column {
	if of == RegisterContributions {
		return contributionColumns()
	}
	body := []sheet.Column{
		{Name: "slug", Help: "Address of its page: lower-case letters, figures and hyphens. Empty: made from the name.", Example: "hill-school"},
		{Name: "name", Help: "Its name of today. A body that is known under another name is renamed on its own page.", Example: "Hill School"},
		{Name: "kind", Help: "Kind of body: " + strings.Join(OrganisationKinds(), ", ") + ". Needed for a new body.", Example: "education"},
	}
	from := sheet.Column{Name: "from", Kind: sheet.Day, Help: "First day of its existence, if known.", Example: "2012-09-01"}
	to := sheet.Column{Name: "to", Kind: sheet.Day, Help: "Last day of its existence. Empty while it lasts."}
	var own []sheet.Column
	if of == RegisterAgencies {
		from = sheet.Column{Name: "from", Kind: sheet.Day, Required: true, Help: "First day as relevant agency.", Example: "2019-09-17"}
		to = sheet.Column{Name: "to", Kind: sheet.Day, Help: "Last day as relevant agency. Empty while it lasts."}
		own = []sheet.Column{
			{Name: "basis", Required: true, Help: "Why it is included: chosen, designated or invitee.", Example: "chosen"},
			{Name: "categories", Help: "Categories of the Schedule: paragraph numbers or names, with ; between them. None for an invitee.", Example: "4; 25"},
			{Name: "reason", Help: "Why it was chosen. Shown to the public."},
		}
	}
	columns := slices.Concat(body, own, []sheet.Column{from, to})
	for _, s := range codeSchemes {
		columns = append(columns, sheet.Column{Name: s.scheme, Help: s.help + " Only added: an empty cell takes nothing away.", Example: s.example})
	}
	return append(columns, sheet.Column{Name: "note", Help: "A note on the organisation's public page."})
}

// bodyState is what a file can say of an organisation.
type bodyState struct {
	Slug string   `json:"slug"`
	Name string   `json:"name"`
	Kind string   `json:"kind"`
	From day.Date `json:"from"`
	To   day.Date `json:"to"`
	Note string   `json:"note"`
}

// termState is what a file can say of a time as relevant agency.
type termState struct {
	Slug       string   `json:"slug"`
	Basis      Basis    `json:"basis"`
	Categories []int    `json:"categories"`
	Reason     string   `json:"reason"`
	From       day.Date `json:"from"`
	To         day.Date `json:"to"`
}

func (t termState) same(u termState) bool {
	return t.Slug == u.Slug && t.Basis == u.Basis && slices.Equal(t.Categories, u.Categories) && t.Reason == u.Reason && t.From == u.From && t.To == u.To
}

// codeState is a code of an organisation in a public register.
type codeState struct {
	Slug   string `json:"slug"`
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// planned is one thing that an import would do: add what has no Before, change the rest.
type planned[T any] struct {
	Row    int   `json:"row"`
	ID     int64 `json:"id,omitempty"` // of what is changed
	Before *T    `json:"before,omitempty"`
	After  T     `json:"after"`
}

// importPlan is all that an import would do.
type importPlan struct {
	Bodies []planned[bodyState] `json:"bodies"`
	Codes  []planned[codeState] `json:"codes"`
	Terms  []planned[termState] `json:"terms"`
}

// digest tells plans apart.
func (p importPlan) digest() ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the plan of an import: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// ImportEffect is what a row of a file does.
type ImportEffect string

// The effects.
const (
	ImportAdds      ImportEffect = "added"
	ImportChanges   ImportEffect = "changed"
	ImportUnchanged ImportEffect = "unchanged"
)

// ImportLine says what one row of a file does or did.
type ImportLine struct {
	Row     int
	Slug    string
	Name    string
	Effect  ImportEffect
	Details []string // in words
}

// ImportCommand is a file for a register.
type ImportCommand struct {
	Register Register
	FileName string
	Data     []byte
}

// Import is a file that was uploaded, and what became of it.
type Import struct {
	ID           id.Import
	Register     Register
	FileName     string
	FileDigest   []byte
	Added        int
	Changed      int
	Unchanged    int
	PreviewedAt  time.Time
	PreviewedBy  string // name; empty: the command
	AppliedAt    time.Time
	AppliedBy    string
	UndoneAt     time.Time
	UndoneBy     string
	UndoneReason string
}

// ImportState is where an import stands.
type ImportState string

// The states of an import.
const (
	ImportPreviewed ImportState = "previewed"
	ImportApplied   ImportState = "applied"
	ImportUndone    ImportState = "undone"
)

// State is where the import stands.
func (i Import) State() ImportState {
	switch {
	case !i.UndoneAt.IsZero():
		return ImportUndone
	case !i.AppliedAt.IsZero():
		return ImportApplied
	}
	return ImportPreviewed
}

// ImportPreview is what a file would do, row by row.
type ImportPreview struct {
	Import
	Lines    []ImportLine
	Notices  []string
	Problems []sheet.Problem // rows that are wrong; then nothing can be done
	Stale    bool            // the registers have changed since the preview, so that it would do something else
}

func (p *ImportPreview) count() {
	p.Added, p.Changed, p.Unchanged = 0, 0, 0
	for _, l := range p.Lines {
		switch l.Effect {
		case ImportAdds:
			p.Added++
		case ImportChanges:
			p.Changed++
		case ImportUnchanged:
			p.Unchanged++
		}
	}
}

var (
	errNoImport      = fault.New(fault.NotFound, "There is no such import.")
	errNoRegister    = fault.Field("register", "Choose what the file lists")
	errImportStale   = fault.New(fault.Conflict, "The records have changed since the preview, so nothing was done. Upload the file again to see what it would do now.")
	errImportApplied = fault.New(fault.Conflict, "This import was confirmed already. Nothing was done twice.")
	errImportNothing = fault.New(fault.Conflict, "The file says only what is known already, so there is nothing to import.")
	errNotApplied    = fault.New(fault.Conflict, "This import was never confirmed, so there is nothing to undo.")
	errImportUndone  = fault.New(fault.Conflict, "This import was undone already.")
)
