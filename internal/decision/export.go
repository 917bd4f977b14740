package decision

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

// exportedAtOnce is how many records an export reads in one go.
const exportedAtOnce = 500

// Export gives the records of a filter that the actor reads, in the columns of the import, up to a number. What it gives
// changes nothing when it is imported. Exempt passages are never in it; a text that is too long for a cell of a
// spreadsheet is left out of it whole. Faults: Forbidden, Invalid, NotFound (the body).
func (s *Service) Export(ctx context.Context, by authz.Actor, f Filter, most int) (sheet.Table, error) {
	t := sheet.Table{Title: "Records of decision"}
	for _, c := range ImportColumns() {
		if !strings.HasPrefix(c.Name, exemptColumn("")) || c.Name == string(PartExemptCategory) {
			t.Header = append(t.Header, c.Name)
		}
	}
	f.After, f.Limit = "", exportedAtOnce
	for len(t.Rows) < most {
		page, err := s.List(ctx, by, f)
		if err != nil {
			return t, err
		}
		rows, err := exportRows(ctx, s.db, page.Lines, day.Of(s.now()))
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, rows...)
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	return t, nil
}

// exportRows reads the records of lines, in their order.
func exportRows(ctx context.Context, db pg.DB, lines []Line, today day.Date) ([][]string, error) {
	ids := make([]id.Decision, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	rows, _ := db.Query(ctx, selectRecords+` WHERE d.id = ANY (@ids::bigint[]) AND d.retracted_at IS NULL`, pgx.StrictNamedArgs{"ids": ids, "today": today})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[recordRow])
	if err != nil {
		return nil, fmt.Errorf("read records to export: %w", err)
	}
	calledIn, err := selectLastCallIns(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[id.Decision]recordRow, len(found))
	for _, w := range found {
		byID[id.Decision(w.ID)] = w
	}
	list := make([][]string, 0, len(lines))
	for _, which := range ids {
		if w, ok := byID[which]; ok {
			list = append(list, exportRow(w, calledIn[which]))
		}
	}
	return list, nil
}

func exportRow(w recordRow, c callInRow) []string {
	draft := w.record().Draft
	row := []string{w.Slug, w.Ref, w.Stage}
	for _, f := range importFields {
		text := f.get(&draft)
		if utf8.RuneCountInString(text) > sheet.MaxCell {
			text = ""
		}
		row = append(row, text)
	}
	return append(row, dayText(approx(c.CalledOn, &c.CalledPrecision)), c.CalledBy, c.Grounds, c.Meeting, c.Outcome, dayText(approx(c.OutcomeOn, c.OutcomePrecision)))
}

// selectLastCallIns reads the latest call-in of each record that was ever called in.
func selectLastCallIns(ctx context.Context, db pg.DB, ids []id.Decision) (map[id.Decision]callInRow, error) {
	type row struct {
		DecisionID id.Decision
		callInRow
	}
	rows, _ := db.Query(ctx, `
		SELECT DISTINCT ON (decision_id) decision_id, id, called_on, called_precision, called_by, grounds, meeting, meeting_on, meeting_precision, outcome,
		       outcome_on, outcome_precision, note
		FROM decision_call_in WHERE decision_id = ANY ($1::bigint[]) ORDER BY decision_id, id DESC`, ids)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read call-ins to export: %w", err)
	}
	last := make(map[id.Decision]callInRow, len(found))
	for _, w := range found {
		last[w.DecisionID] = w.callInRow
	}
	return last, nil
}

// asInFile is a text as it comes back from a file.
func asInFile(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// Address is where a record stands in the register.
type Address struct {
	ID   id.Decision
	Slug string // of its body
	Ref  string
}

// Addresses finds where records stand that the actor reads. One that was taken out is not in the answer. Fault: Forbidden.
func (s *Service) Addresses(ctx context.Context, by authz.Actor, list []id.Decision) (map[id.Decision]Address, error) {
	if !CanReadAny(by) {
		return nil, errMayNotRead
	}
	from := deskSource(by)
	rows, _ := s.db.Query(ctx, `
		SELECT d.id, coalesce(o.slug, @partnership) AS slug, d.ref FROM decision d LEFT JOIN organisation o ON o.id = d.organisation_id
		WHERE d.id = ANY (@ids::bigint[]) AND d.retracted_at IS NULL AND (@all OR coalesce(d.organisation_id, 0) = ANY (@bodies::bigint[]))`,
		pgx.StrictNamedArgs{"ids": list, "partnership": PartnershipSlug, "all": from.all, "bodies": from.bodies})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Address])
	if err != nil {
		return nil, fmt.Errorf("find the addresses of records: %w", err)
	}
	addresses := make(map[id.Decision]Address, len(found))
	for _, a := range found {
		addresses[a.ID] = a
	}
	return addresses, nil
}
