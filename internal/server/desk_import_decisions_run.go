package server

import (
	"errors"
	"net/http"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskImportDecisionsRun(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskImportDecisionsRun(w, r, "")
}

// showDeskImportDecisionsRun shows the import that the address names, with a notice of why something was refused just now.
func (s *Server) showDeskImportDecisionsRun(w http.ResponseWriter, r *http.Request, notice string) error {
	which, err := pathID[id.DecisionImport](r, "id")
	if err != nil {
		return err
	}
	i, err := s.Decisions.ImportRun(r.Context(), actorOf(r), which)
	if err != nil {
		return err
	}
	p := page.DeskImportDecisionsRun{FileName: i.Name(), State: recordImportTag(i.ImportRun), Stale: notice, Notices: i.Notices, Rows: recordImportFacts(i.ImportRun),
		Files: recordFiles(i.Files), Problems: recordProblems(i.Problems), Heading: "What it did"}
	addresses, err := s.lineAddresses(r, i.Lines)
	if err != nil {
		return err
	}
	p.Lines, p.Left, p.Flagged = recordLines(i.Lines, addresses)
	switch i.State() {
	case decision.ImportApplied:
		p.Undo = route.DeskImportDecisionsUndoTo(i.ID)
	case decision.ImportPreviewed:
		p.Heading = "What it would do"
		n := i.Added + i.Changed
		switch {
		case i.Stale:
			p.Stale = or(notice, "The register has changed since this preview. Upload the files again to see what they would do now.")
		case n == 0:
			p.Unchanged = "The files say only what is recorded already, so there is nothing to import."
		default:
			p.Apply, p.Button = route.DeskImportDecisionsApplyTo(i.ID), "Import "+plural(n, "record", "records")
			if i.Added > 0 {
				p.Publish = ui.Checkboxes{Field: form.New(nil).Field("publish", "Should the public see them at once?", ""), Small: true,
					Options: []ui.Option{{Value: "yes", Text: "Publish the records that are added", Hint: "Otherwise each is published on its own page."}}}
			}
		}
	case decision.ImportUndone:
	}
	status := http.StatusOK
	if notice != "" {
		status = statuses[fault.Conflict]
	}
	return s.show(w, r, status, view{title: "Import of " + i.Name(), current: route.DeskOrganisations, content: p.Content(), breadcrumbs: recordImportCrumbs(i.Name())})
}

func recordImportCrumbs(here string, between ...ui.Link) []ui.Link {
	links := []ui.Link{{Text: "Import", Path: route.DeskImport}, {Text: "Records of decision", Path: route.DeskImportDecisions}}
	return importCrumbs(here, append(links, between...)...)
}

func recordImportFacts(i decision.ImportRun) []ui.Row {
	rows := []ui.Row{
		{Key: "Uploaded", Value: day.Clock(i.PreviewedAt) + " by " + or(i.PreviewedBy, "the command")},
		{Key: "Records", Value: or(recordCounts(i), "None")},
	}
	if !i.AppliedAt.IsZero() {
		published := "No: each on its own page"
		if i.Published {
			published = "Yes, with the import"
		}
		rows = append(rows, ui.Row{Key: "Imported", Value: day.Clock(i.AppliedAt) + " by " + or(i.AppliedBy, "the command")}, ui.Row{Key: "Published at once", Value: published})
	}
	if !i.UndoneAt.IsZero() {
		rows = append(rows, ui.Row{Key: "Undone", Value: day.Clock(i.UndoneAt) + " by " + or(i.UndoneBy, "the command")}, ui.Row{Key: "Why", Value: i.UndoneReason})
	}
	return rows
}

func recordFiles(files []decision.ImportedFile) ui.Table {
	t := ui.Table{Caption: "Files of the import", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Name"}, {Text: "Read as"}, {Text: "Fingerprint (SHA-256)"}}}
	for _, f := range files {
		t.Rows = append(t.Rows, []ui.Cell{{Text: f.Name}, {Text: sentence(f.Kind)}, {Text: inGroups(f.Digest)}})
	}
	return t
}

// inGroups puts a space after every eight figures, so that a long digest can be broken.
func inGroups(digest string) string {
	var b strings.Builder
	for i := 0; i < len(digest); i += 8 {
		b.WriteString(digest[i:min(i+8, len(digest))] + " ")
	}
	return strings.TrimSpace(b.String())
}

// lineAddresses finds the records that lines of an import are about.
func (s *Server) lineAddresses(r *http.Request, lines []decision.ImportLine) (map[id.Decision]decision.Address, error) {
	var list []id.Decision
	for _, l := range lines {
		if l.ID != 0 {
			list = append(list, l.ID)
		}
	}
	return s.Decisions.Addresses(r.Context(), actorOf(r), list)
}

// recordLines is what files do, without the records of which nothing is to be said.
func recordLines(lines []decision.ImportLine, addresses map[id.Decision]decision.Address) (t ui.Table, left, flagged string) {
	t = ui.Table{Caption: "Record by record", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Where"}, {Text: "Record"}, {Text: "Effect"}, {Text: "What exactly"}, {Text: "To look at"}}}
	silent, telling, flags := 0, 0, 0
	for _, l := range lines {
		if len(l.Flags) > 0 {
			flags++
		} else if l.Effect == decision.ImportUnchanged {
			silent++
			continue
		}
		if telling++; telling > importedRows {
			continue
		}
		record := strings.TrimSpace(l.Number + " " + l.Subject)
		if l.Body != "" {
			record += " (" + l.Body + ")"
		}
		path := ""
		if a, known := addresses[l.ID]; known {
			path = route.DeskDecisionTo(a.Slug, a.Ref)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: l.Place}, {Text: record, Path: path}, {Text: sentence(string(l.Effect))}, {Text: strings.Join(l.Details, "; ")},
			{Text: strings.Join(l.Flags, " ")}})
	}
	if telling > importedRows {
		left = "Only the first " + thousands(importedRows) + " of " + thousands(telling) + " records are listed here. "
	}
	if silent > 0 {
		left += sentence(plural(silent, "record says", "records say")) + " what is known already and is not listed."
	}
	if flags > 0 {
		flagged = plural(flags, "record is flagged.", "records are flagged.") + " What disagrees is taken over as stated. Look at the last column."
	}
	return t, strings.TrimSpace(left), flagged
}

func (s *Server) postDeskImportDecisionsApply(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "publish")
	if err != nil {
		return err
	}
	which, err := pathID[id.DecisionImport](r, "id")
	if err != nil {
		return err
	}
	done, err := s.Decisions.ApplyRun(r.Context(), actorOf(r), decision.ApplyRunCommand{ID: which, Publish: f.Checked("publish")})
	if errors.Is(err, fault.Conflict) {
		s.note(r, err)
		return s.showDeskImportDecisionsRun(w, r, fault.Message(err))
	}
	if err != nil {
		return err
	}
	s.tell(r, "The records are imported", sentence(recordCounts(done))+".")
	return redirect(w, r, route.DeskImportDecisionsTo(which))
}

func (s *Server) getDeskImportDecisionsUndo(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskImportDecisionsUndo(w, r, form.New(nil), "")
}

func (s *Server) postDeskImportDecisionsUndo(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.DecisionImport](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", 900, "Enter why the import is undone")
	if f.Errors().Any() {
		return s.showDeskImportDecisionsUndo(w, r, f, "")
	}
	err = s.Decisions.UndoRun(r.Context(), actorOf(r), which, reason)
	if errors.Is(err, fault.Conflict) {
		s.note(r, err)
		return s.showDeskImportDecisionsUndo(w, r, f, fault.Message(err))
	}
	if err != nil {
		return err
	}
	s.tell(r, "The import is undone", "What it added is retracted, or withdrawn where it was published. What it changed says again what it said before.")
	return redirect(w, r, route.DeskImportDecisionsTo(which))
}

func (s *Server) showDeskImportDecisionsUndo(w http.ResponseWriter, r *http.Request, f *form.Form, notice string) error {
	which, err := pathID[id.DecisionImport](r, "id")
	if err != nil {
		return err
	}
	here := route.DeskImportDecisionsTo(which)
	u, err := s.Decisions.CheckUndoRun(r.Context(), actorOf(r), which)
	if errors.Is(err, fault.Conflict) {
		return s.refuse(w, r, err, ui.Link{Text: "See the import", Path: here})
	}
	if err != nil {
		return err
	}
	p := page.DeskImportUndo{FileName: u.Name(), Notice: notice, Errors: f.Errors(), Obstacles: u.Obstacles, Action: route.DeskImportDecisionsUndoTo(which), Cancel: here,
		Reason: f.Field("reason", "Why is it undone?", "Kept with every record that is taken back, and public where a record is withdrawn")}
	if n := len(u.Obstacles) - obstaclesTold; n > 0 {
		p.Obstacles, p.More = u.Obstacles[:obstaclesTold], "And "+plural(n, "other.", "others.")
	}
	addresses, err := s.lineAddresses(r, u.Lines)
	if err != nil {
		return err
	}
	p.Lines, p.Left, _ = recordLines(u.Lines, addresses)
	if u.Published {
		p.Left = strings.TrimSpace(p.Left + " Records that have been published are not retracted, but withdrawn.")
	}
	v := view{title: "Undo the import of " + u.Name(), current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(),
		breadcrumbs: recordImportCrumbs("Undo", ui.Link{Text: u.Name(), Path: here})}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}
