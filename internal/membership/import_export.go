package membership

import (
	"context"
	"maps"
	"slices"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/sheet"
)

// RegisterTable is a whole register with the columns of its import: imported again, it changes nothing. Faults:
// Forbidden, Invalid (no such register).
func (s *Service) RegisterTable(ctx context.Context, by authz.Actor, of Register) (sheet.Table, error) {
	if !CanEdit(by) {
		return sheet.Table{}, errMayNotEdit
	}
	if other, ok := s.others[of]; ok {
		return other.ImportTable(ctx, by)
	}
	t, err := RegisterTemplate(of)
	if err != nil {
		return t, err
	}
	now, err := selectSnapshot(ctx, s.db, nil, []string{}, day.Of(s.now()))
	if err != nil {
		return t, err
	}
	for _, slug := range slices.Sorted(maps.Keys(now.bodies)) {
		b := now.bodies[slug]
		cells := map[string]string{"slug": slug, "name": b.Name, "kind": b.Kind, "from": b.From.String(), "to": b.To.String(), "note": b.Note}
		maps.Copy(cells, b.Codes)
		if of == RegisterOrganisations {
			t.Rows = append(t.Rows, rowOf(t.Header, cells))
			continue
		}
		for _, m := range b.Terms {
			cells["from"], cells["to"] = m.From.String(), m.To.String()
			cells["basis"], cells["categories"], cells["reason"] = string(m.Basis), paragraphList(m.Categories), m.Reason
			t.Rows = append(t.Rows, rowOf(t.Header, cells))
		}
	}
	return t, nil
}

// RegisterTemplate is an empty file with the columns of a register. Fault: Invalid (no such register).
func RegisterTemplate(of Register) (sheet.Table, error) {
	switch of {
	case RegisterOrganisations:
		return sheet.Template("Organisations", ImportColumns(of)), nil
	case RegisterAgencies:
		return sheet.Template("Relevant agencies", ImportColumns(of)), nil
	case RegisterContributions:
		return sheet.Template("Contributions", ImportColumns(of)), nil
	}
	return sheet.Table{}, errNoRegister
}

func rowOf(header []string, cells map[string]string) []string {
	row := make([]string, len(header))
	for i, h := range header {
		row[i] = cells[h]
	}
	return row
}
