package server

import (
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskImportRun(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskImportRun(w, r, "")
}

// showDeskImportRun shows the import that the address names, with a notice of why something was refused just now.
func (s *Server) showDeskImportRun(w http.ResponseWriter, r *http.Request, notice string) error {
	which, err := pathID[id.Import](r, "id")
	if err != nil {
		return err
	}
	i, err := s.Members.Import(r.Context(), actorOf(r), which)
	if err != nil {
		return err
	}
	p := page.DeskImportRun{Caption: "Import into " + registerNames[i.Register], FileName: i.FileName, State: importTag(i.Import), Stale: notice, Notices: i.Notices,
		Rows: importFacts(i.Import), Digest: hex.EncodeToString(i.FileDigest), Problems: problemTable(i.Problems), Heading: "What it did"}
	p.Lines, p.Left = importLines(i.Lines)
	switch i.State() {
	case membership.ImportApplied:
		p.Undo = route.DeskImportUndoTo(i.ID)
	case membership.ImportPreviewed:
		p.Heading = "What it would do"
		n := i.Added + i.Changed
		switch {
		case i.Stale:
			p.Stale = "The records have changed since this preview. Upload the file again to see what it would do now."
		case n == 0:
			p.Unchanged = "The file says only what is known already, so there is nothing to import."
		default:
			p.Apply, p.Button = route.DeskImportApplyTo(i.ID), "Import "+plural(n, "row", "rows")
		}
	case membership.ImportUndone:
	}
	status := http.StatusOK
	if notice != "" {
		status = statuses[fault.Conflict]
	}
	return s.show(w, r, status, view{title: "Import of " + i.FileName, current: route.DeskOrganisations, content: p.Content(),
		breadcrumbs: importCrumbs(i.FileName, ui.Link{Text: "Import", Path: route.DeskImport})})
}

func importFacts(i membership.Import) []ui.Row {
	rows := []ui.Row{
		{Key: "Uploaded", Value: day.Clock(i.PreviewedAt) + " by " + or(i.PreviewedBy, "the command")},
		{Key: "Rows", Value: or(importCounts(i), "None")},
	}
	if !i.AppliedAt.IsZero() {
		rows = append(rows, ui.Row{Key: "Imported", Value: day.Clock(i.AppliedAt) + " by " + or(i.AppliedBy, "the command")})
	}
	if !i.UndoneAt.IsZero() {
		rows = append(rows, ui.Row{Key: "Undone", Value: day.Clock(i.UndoneAt) + " by " + or(i.UndoneBy, "the command")}, ui.Row{Key: "Why", Value: i.UndoneReason})
	}
	return rows
}

// importLines is what a file does, without the rows that do nothing.
func importLines(lines []membership.ImportLine) (t ui.Table, left string) {
	t = ui.Table{Caption: "Row by row", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Row"}, {Text: "Organisation"}, {Text: "Effect"}, {Text: "What exactly"}}}
	unchanged, doing := 0, 0
	for _, l := range lines {
		if l.Effect == membership.ImportUnchanged {
			unchanged++
			continue
		}
		if doing++; doing <= importedRows {
			t.Rows = append(t.Rows, []ui.Cell{{Text: strconv.Itoa(l.Row)}, {Text: l.Name}, {Text: sentence(string(l.Effect))}, {Text: strings.Join(l.Details, "; ")}})
		}
	}
	if doing > importedRows {
		left = "Only the first " + thousands(importedRows) + " of " + thousands(doing) + " rows are listed here. "
	}
	if unchanged > 0 {
		left += sentence(plural(unchanged, "row says", "rows say")) + " what is known already and is not listed."
	}
	return t, strings.TrimSpace(left)
}

func (s *Server) postDeskImportApply(w http.ResponseWriter, r *http.Request) error {
	if _, err := formOf(r); err != nil {
		return err
	}
	which, err := pathID[id.Import](r, "id")
	if err != nil {
		return err
	}
	done, err := s.Members.ApplyImport(r.Context(), actorOf(r), which)
	if errors.Is(err, fault.Conflict) {
		s.note(r, err)
		return s.showDeskImportRun(w, r, fault.Message(err))
	}
	if err != nil {
		return err
	}
	s.tell(r, "The file is imported", sentence(importCounts(done))+".")
	return redirect(w, r, route.DeskImportTo(which))
}

func (s *Server) getDeskImportUndo(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskImportUndo(w, r, form.New(nil), "")
}

func (s *Server) postDeskImportUndo(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.Import](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", 1000, "Enter why the import is undone")
	if f.Errors().Any() {
		return s.showDeskImportUndo(w, r, f, "")
	}
	err = s.Members.UndoImport(r.Context(), actorOf(r), which, reason)
	if errors.Is(err, fault.Conflict) {
		s.note(r, err)
		return s.showDeskImportUndo(w, r, f, fault.Message(err))
	}
	if err != nil {
		return err
	}
	s.tell(r, "The import is undone", "What it added is retracted or taken out, and what it changed says again what it said before.")
	return redirect(w, r, route.DeskImportTo(which))
}

func (s *Server) showDeskImportUndo(w http.ResponseWriter, r *http.Request, f *form.Form, notice string) error {
	which, err := pathID[id.Import](r, "id")
	if err != nil {
		return err
	}
	here := route.DeskImportTo(which)
	u, err := s.Members.CheckUndo(r.Context(), actorOf(r), which)
	if errors.Is(err, fault.Conflict) {
		return s.refuse(w, r, err, ui.Link{Text: "See the import", Path: here})
	}
	if err != nil {
		return err
	}
	p := page.DeskImportUndo{FileName: u.FileName, Notice: notice, Errors: f.Errors(), Obstacles: u.Obstacles, Action: route.DeskImportUndoTo(which), Cancel: here,
		Reason: f.Field("reason", "Why is it undone?", "Kept with every record that is taken back")}
	if n := len(u.Obstacles) - obstaclesTold; n > 0 {
		p.Obstacles, p.More = u.Obstacles[:obstaclesTold], "And "+plural(n, "other.", "others.")
	}
	p.Lines, p.Left = importLines(u.Lines)
	v := view{title: "Undo the import of " + u.FileName, current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(),
		breadcrumbs: importCrumbs("Undo", ui.Link{Text: "Import", Path: route.DeskImport}, ui.Link{Text: u.FileName, Path: here})}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}
