package decision

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"partnershipportal/internal/decision/moderngov"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/sheet"
)

// importReader reads files into entries, and gathers what is wrong with single records.
type importReader struct {
	body     string
	files    []ImportedFile
	entries  []importEntry
	notices  []string
	problems []ImportProblem
	pages    []int // for each entry, how much its kind of page says; 0 for other files
}

// readImport reads the files of an import. Fault: Invalid, on the field "file" (a file as a whole can't be read).
func readImport(up ImportFiles) (*importReader, error) {
	size := 0
	for _, f := range up.Files {
		size += len(f.Data)
	}
	switch {
	case len(up.Files) == 0:
		return nil, errNoUpload
	case len(up.Files) > MaxImportFiles:
		return nil, errTooManyUploads
	case size > MaxImportFile:
		return nil, errUploadTooLarge
	}
	r := &importReader{body: up.Body}
	for _, f := range up.Files {
		f.Name = fileName(f.Name)
		if err := r.file(f); err != nil {
			return nil, inFile(f.Name, len(up.Files), err)
		}
		if len(r.entries) > MaxImported {
			return nil, errTooMany
		}
	}
	r.fuller()
	return r, nil
}

// inFile says of which file a fault is, where there are several.
func inFile(name string, files int, err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && files > 1 {
		return fault.Field("file", name+": "+f.Message).Because(f.Cause)
	}
	return err
}

// fileName is the name without folders, as short as a line.
func fileName(name string) string {
	name = strings.TrimSpace(strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), "?"))
	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[len(runes)-200:])
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}

func (r *importReader) file(f Upload) (err error) {
	sum := sha256.Sum256(f.Data)
	done := ImportedFile{Name: f.Name, Digest: hex.EncodeToString(sum[:])}
	start := bytes.TrimPrefix(bytes.TrimSpace(f.Data[:min(len(f.Data), 512)]), []byte("\xef\xbb\xbf"))
	switch lower := strings.ToLower(path.Ext(f.Name)); {
	case bytes.HasPrefix(start, []byte("[")), bytes.HasPrefix(start, []byte("{")):
		done.Kind, err = "JSON", r.json(f)
	case bytes.HasPrefix(start, []byte("<")), slices.Contains([]string{".htm", ".html", ".aspx", ".mht", ".mhtml"}, lower):
		var kind moderngov.Kind
		kind, err = r.page(f)
		done.Kind = kind.Words()
	default:
		done.Kind, err = "CSV or Excel", r.sheet(f)
	}
	r.files = append(r.files, done)
	return err
}

func (r *importReader) fail(place, column, message string) {
	r.problems = append(r.problems, ImportProblem{Place: place, Column: column, Message: message})
}

func (r *importReader) add(e importEntry, page int) {
	if e.Body == "" {
		e.Body = r.body
	}
	r.entries, r.pages = append(r.entries, e), append(r.pages, page)
}

// sheet reads the rows of a spreadsheet.
func (r *importReader) sheet(f Upload) error {
	s, problems, err := sheet.Read(f.Data, ImportColumns())
	if err != nil {
		return err
	}
	r.notices = append(r.notices, s.Notices...)
	for _, p := range problems {
		r.fail(rowPlace(p.Row), p.Column, p.Message)
	}
	if len(problems) > 0 {
		return nil
	}
	for _, row := range s.Rows {
		e := importEntry{Place: rowPlace(row.Number), Body: row.Get("body"), Ref: row.Get("ref"), Stage: Stage(strings.ToLower(row.Get("stage"))),
			Fields: map[string]string{}, Exempt: map[Part]string{}}
		for _, field := range importFields {
			if text := row.Get(field.name); text != "" {
				e.Fields[field.name] = text
			}
		}
		for _, p := range exemptable {
			if text := row.Get(exemptColumn(p)); text != "" {
				e.Exempt[p] = text
			}
		}
		e.CallIns = r.callIn(e.Place, row)
		r.add(e, 0)
	}
	return nil
}

func rowPlace(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Row %d", n)
}

// callIn reads the one call-in that a row can hold.
func (r *importReader) callIn(place string, row sheet.Row) []ContentCallIn {
	c := ContentCallIn{CalledBy: row.Get("called-in-by"), Grounds: row.Get("call-in-grounds"), Meeting: row.Get("call-in-meeting"),
		Outcome: Outcome(strings.ToLower(row.Get("call-in-outcome")))}
	c.CalledOn, c.OutcomeOn = r.callInDay(place, row, "called-in-on"), r.callInDay(place, row, "call-in-outcome-on")
	if c == (ContentCallIn{}) {
		return nil
	}
	return []ContentCallIn{c}
}

func (r *importReader) callInDay(place string, row sheet.Row, column string) Stated {
	text := row.Get(column)
	if text == "" {
		return Stated{}
	}
	a, rest, ok := moderngov.ReadDate(text)
	if !ok || rest != "" {
		r.fail(place, column, "Write the day like 2019-09-17 or 17/09/2019")
		return Stated{}
	}
	return stated(a)
}

// fuller leaves out what a list says of a decision whose own page is among the files too.
func (r *importReader) fuller() {
	best := map[string]int{}
	for i, e := range r.entries {
		for _, key := range pageKeys(e) {
			if r.pages[i] > best[key] {
				best[key] = r.pages[i]
			}
		}
	}
	var kept []importEntry
	for i, e := range r.entries {
		less := r.pages[i] > 0 && slices.ContainsFunc(pageKeys(e), func(key string) bool { return best[key] > r.pages[i] })
		if less {
			r.notices = append(r.notices, fmt.Sprintf("%s: “%s” has a page of its own among the files, which says more. This entry was left out.", e.Place, shortText(e.Fields["subject"])))
			continue
		}
		kept = append(kept, e)
	}
	r.entries = kept
}

// pageKeys are that by which pages about the same decision know each other.
func pageKeys(e importEntry) []string {
	var keys []string
	if n := e.number(); n != "" {
		keys = append(keys, "number "+strings.ToUpper(n))
	}
	if u := e.Fields["source-url"]; u != "" {
		keys = append(keys, "address "+u)
	}
	return keys
}
