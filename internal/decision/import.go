package decision

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
)

// The limits of one import.
const (
	MaxImportFile  = 20 << 20 // bytes of all its files
	MaxImportFiles = 50
	MaxImported    = 2_000 // records
)

// CanImport tells whether the actor imports records.
func CanImport(by authz.Actor) bool {
	return by.Can(authz.EditDecision) && by.Can(authz.PublishDecision)
}

// Upload is one file that is uploaded to be imported: CSV, XLSX, JSON, or a saved ModernGov page. Its content says which.
type Upload struct {
	Name string
	Data []byte
}

// ImportFiles are the files of one import.
type ImportFiles struct {
	Body  string // slug of the body for records that do not name theirs; empty: all name it
	Files []Upload
}

// importEntry is what the files say of one record.
type importEntry struct {
	Place   string            `json:"place"` // "Row 5", "page.html"
	Body    string            `json:"body"`
	Ref     string            `json:"ref,omitempty"`
	Stage   Stage             `json:"stage,omitempty"`
	Fields  map[string]string `json:"fields"` // what is not empty, by the names of importFields
	CallIns []ContentCallIn   `json:"call-ins,omitempty"`
	Remarks []Remark          `json:"remarks,omitempty"`
	Flags   []string          `json:"flags,omitempty"` // what was noticed while it was read
	Exempt  map[Part]string   `json:"-"`               // kept apart from all else
	Held    map[string]string `json:"-"`               // fields of a fully exempt record, kept apart too
}

// hold takes the fields whose texts are exempt in a fully exempt record out of what is kept openly.
func (e *importEntry) hold() {
	e.Fields, e.Held = maps.Clone(e.Fields), map[string]string{}
	for _, name := range heldFields() {
		if text := e.Fields[name]; text != "" {
			e.Held[name] = text
			delete(e.Fields, name)
		}
	}
}

// heldFields are the fields whose texts are exempt in a fully exempt record: the subject stays open.
func heldFields() []string {
	names := []string{"preamble"}
	for _, p := range exemptable {
		if p != PartSubject {
			names = append(names, string(p))
		}
	}
	return names
}

// text is what the entry says of a field, wherever it is kept.
func (e importEntry) text(name string) string { return or(e.Fields[name], e.Held[name]) }

// number is the number by which the record is known.
func (e importEntry) number() string {
	if n := e.Fields["number-verified"]; n != "" {
		return n
	}
	return e.Fields["number-printed"]
}

// ImportProblem is something wrong with one record of a file; then nothing of the file is imported.
type ImportProblem struct {
	Place   string // "Row 5"; empty: the file as a whole
	Column  string
	Message string
}

// String says the problem with its place.
func (p ImportProblem) String() string {
	place := strings.Trim(p.Place+", "+p.Column, ", ")
	if place == "" {
		return p.Message
	}
	return place + ": " + p.Message
}

// ImportEffect is what a record of a file does.
type ImportEffect string

// The effects.
const (
	ImportAdds      ImportEffect = "added"
	ImportChanges   ImportEffect = "changed"
	ImportUnchanged ImportEffect = "unchanged"
)

// ImportLine says what one record of a file does or did.
type ImportLine struct {
	Place   string
	Body    string // name
	Number  string
	Subject string
	ID      id.Decision // of the record, where there is one
	Effect  ImportEffect
	Details []string // in words
	Flags   []string // what disagrees, and is accepted
}

// ImportRun is an upload of files, and what became of it.
type ImportRun struct {
	ID           id.DecisionImport
	Files        []ImportedFile
	Added        int
	Changed      int
	Unchanged    int
	Published    bool // what it added was published at once
	PreviewedAt  time.Time
	PreviewedBy  string // name; empty: the command
	AppliedAt    time.Time
	AppliedBy    string
	UndoneAt     time.Time
	UndoneBy     string
	UndoneReason string
}

// ImportedFile is one file of an import.
type ImportedFile struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`   // "CSV or Excel", "JSON", "the page of one decision"
	Digest string `json:"digest"` // SHA-256 of its bytes, in hexadecimal
}

// Name names the files of the import in a few words.
func (r ImportRun) Name() string {
	switch len(r.Files) {
	case 0:
		return "No file"
	case 1:
		return r.Files[0].Name
	}
	return fmt.Sprintf("%s and %d more", r.Files[0].Name, len(r.Files)-1)
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
func (r ImportRun) State() ImportState {
	switch {
	case !r.UndoneAt.IsZero():
		return ImportUndone
	case !r.AppliedAt.IsZero():
		return ImportApplied
	}
	return ImportPreviewed
}

// ImportPreview is what files would do or did, record by record.
type ImportPreview struct {
	ImportRun
	Lines    []ImportLine
	Notices  []string
	Problems []ImportProblem // then nothing can be done
	Stale    bool            // the register has changed since the preview, so that it would do something else
}

// importPlan is all that an import would do. It tells previews apart, so what it holds of exempt text is only which parts have any.
type importPlan struct {
	Steps []importStep `json:"steps"`
}

// importStep is what an import does with one record of a file.
type importStep struct {
	Entry    int               `json:"entry"`
	Effect   ImportEffect      `json:"effect"`
	ID       id.Decision       `json:"id,omitempty"`
	Revision int               `json:"revision,omitempty"`
	Before   map[string]string `json:"before,omitempty"` // of the fields that change
	After    map[string]string `json:"after,omitempty"`
	Exempt   []Part            `json:"exempt,omitempty"` // parts whose exempt passage is written
	draft    Draft
	exempt   map[Part]string
}

func (p importPlan) digest() ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the plan of an import: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// callInColumns are those of the one call-in that a row of a spreadsheet can hold.
var callInColumns = []sheet.Column{
	{Name: "called-in-on", Help: "When it was called in. Read for new records only."},
	{Name: "called-in-by", Help: "By whom, by post or in number."},
	{Name: "call-in-grounds", Help: "The grounds of the call-in."},
	{Name: "call-in-meeting", Help: "The meeting that looked at it."},
	{Name: "call-in-outcome", Help: "How it ended: " + listed(Outcomes()) + "."},
	{Name: "call-in-outcome-on", Help: "When it ended."},
}

// exemptColumn is the column for the exempt passage of a part.
func exemptColumn(p Part) string { return "exempt-" + string(p) }

// ImportColumns are the columns of a spreadsheet of records.
func ImportColumns() []sheet.Column {
	columns := []sheet.Column{
		{Name: "body", Help: "Address of the body whose record it is, or " + PartnershipSlug + ". Empty: the body chosen on the form.", Example: "kent-county-council"},
		{Name: "ref", Help: "The record's own address in the register, where it is there already.", Example: "19-00035"},
		{Name: "stage", Help: "How far it has come: " + listed(Stages()) + ". Needed for a new record.", Example: "made"},
	}
	for _, f := range importFields {
		columns = append(columns, sheet.Column{Name: f.name, Help: f.help, Example: f.example})
	}
	columns = append(columns, callInColumns...)
	for _, p := range exemptable {
		columns = append(columns, sheet.Column{Name: exemptColumn(p), Help: "Exempt passage: " + p.Words() + ". Only for a record that is not open. Never exported."})
	}
	return columns
}

var (
	errMayNotImport   = fault.New(fault.Forbidden, "Only business support imports records of decision.")
	errNoUpload       = fault.Field("file", "Choose a file")
	errTooManyUploads = fault.Field("file", fmt.Sprintf("Choose %d files at most", MaxImportFiles))
	errUploadTooLarge = fault.Field("file", fmt.Sprintf("The files are larger than %d MB together. Import them in parts", MaxImportFile>>20))
	errTooMany        = fault.Field("file", fmt.Sprintf("The files hold more than %d records. Split them", MaxImported))
	errNoRun          = fault.New(fault.NotFound, "There is no such import.")
	errRunStale       = fault.New(fault.Conflict, "The register has changed since the preview, so nothing was done. Upload the files again to see what they would do now.")
	errRunApplied     = fault.New(fault.Conflict, "This import was confirmed already. Nothing was done twice.")
	errRunNothing     = fault.New(fault.Conflict, "The files say only what is recorded already, so there is nothing to import.")
	errRunNotApplied  = fault.New(fault.Conflict, "This import was never confirmed, so there is nothing to undo.")
	errRunUndone      = fault.New(fault.Conflict, "This import was undone already.")
)

// importFieldOf finds a field by its name.
func importFieldOf(name string) (importField, bool) {
	i := slices.IndexFunc(importFields, func(f importField) bool { return f.name == name })
	if i < 0 {
		return importField{}, false
	}
	return importFields[i], true
}
