package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// isCorrection tells whether publishing now corrects what was published of the stage.
func isCorrection(d decision.Full) bool { return d.IsPublished() }

var publishAct = recordAct{
	heading: "Publish the record", press: "Publish", done: "Published", doneText: "Anybody can read it now.",
	fields: []string{"reason", "withhold"},
	may: func(d decision.Full) error {
		switch {
		case !d.CanPublish:
			return fault.New(fault.Forbidden, "Only business support publishes records of decision.")
		case d.IsPublished() && len(d.Unpublished) == 0 && len(d.Files) == 0: // a file that was added since comes out with a publication
			return fault.New(fault.Conflict, "The record is published as it stands. There is nothing new to publish.")
		}
		return nil
	},
	blocked: func(a *askedRecord) []decision.Need {
		if a.d.Origin == decision.Imported {
			return nil
		}
		return missingNeeds(a.d.Needs)
	},
	facts: func(a *askedRecord) []templ.Component {
		rows := []ui.Row{{Key: "Record", Value: deskName(a.d)}, {Key: "Will be shown as", Value: a.d.Heading()}, {Key: "For publication", Value: restrictionWords(a.d.Content)}}
		list := rowsOf(rows)
		for _, f := range a.d.Findings {
			list = append(list, ui.WarningText{Text: f.Text})
		}
		if len(a.d.Unpublished) > 0 {
			list = append(list, changesTable(a.d.Unpublished))
		} else if a.d.IsPublished() {
			list = append(list, ui.WarningText{Text: "The wording stays as it is published. The files are shown as they hang on the record now."})
		}
		return list
	},
	ask: func(a *askedRecord) []templ.Component {
		if !isCorrection(a.d) {
			return nil
		}
		return []templ.Component{
			ui.Textarea{Field: a.f.Field("reason", "Why is what was published corrected?", "Your reason is public, beside the wording before and after"), Rows: 3, Max: 2000},
			ui.Checkboxes{Field: a.f.Field("withhold", "Should the earlier wording have been kept back?", ""), Options: []ui.Option{{Value: "yes",
				Text: "Withhold the earlier wording from the public", Hint: "Only for what should never have been published. That it was corrected stays public"}}}}
	},
	do: func(a *askedRecord) error {
		cmd := decision.PublishCommand{ID: a.d.ID, Revision: a.revision}
		if isCorrection(a.d) {
			cmd.Reason, cmd.Withhold = a.f.RequiredText("reason", "The reason", 2000, "Say why what was published is corrected"), a.f.Checked("withhold")
		}
		if a.f.Errors().Any() {
			return nil
		}
		_, err := a.s.Decisions.Publish(a.r.Context(), actorOf(a.r), cmd)
		return err
	},
}

var retractRecordAct = recordAct{
	heading: "Take the record out", press: "Take it out", done: "The record is taken out", home: route.DeskDecisions,
	intro: "Only for what was entered in error and never published. What was published is corrected or withdrawn.", warning: "It cannot be brought back.", fields: []string{"reason"},
	may: func(d decision.Full) error {
		if len(d.Publications) > 0 {
			return fault.New(fault.Conflict, "What was published stays: correct the record or withdraw it.")
		}
		return nil
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{ui.Textarea{Field: a.f.Field("reason", "Why was it entered in error?", ""), Rows: 3, Max: 2000}}
	},
	do: func(a *askedRecord) error {
		reason := a.f.RequiredText("reason", "The reason", 2000, "Say why the record was entered in error")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.Retract(a.r.Context(), actorOf(a.r), a.d.ID, a.revision, reason)
	},
}

func partOptions(parts []decision.Part) []ui.Option {
	var list []ui.Option
	for _, p := range parts {
		list = append(list, ui.Option{Value: string(p), Text: sentence(p.Words())})
	}
	return list
}

// exemptAct shows and changes exempt passages. They stand on this page alone, and that they were read is kept.
var exemptAct = recordAct{
	heading: "Exempt passages", press: "Save the exempt passage", done: "The exempt passage is saved", fields: []string{"part", "body", "reason"},
	warning: "What stands here is never published, searched, exported or sent. Do not repeat it on any other page.",
	may: func(d decision.Full) error {
		switch {
		case !d.CanReadExempt:
			return fault.New(fault.Forbidden, "You have no right to read exempt text.")
		case d.Restriction != decision.PartExempt && d.Restriction != decision.FullyExempt:
			return fault.New(fault.Conflict, "Say first that the record is part exempt or fully exempt.")
		}
		return nil
	},
	facts: func(a *askedRecord) []templ.Component {
		passages, err := a.s.Decisions.ReadExempt(a.r.Context(), actorOf(a.r), a.d.ID)
		if err != nil {
			a.failed = err
			return nil
		}
		rows := make([]ui.Row, 0, len(passages))
		for _, x := range passages {
			rows = append(rows, ui.Row{Key: sentence(x.Part.Words()), Content: typed(x.Body, "")})
		}
		if len(rows) == 0 {
			return []templ.Component{page.Paragraph{Text: "No part has an exempt passage yet."}.Content()}
		}
		return rowsOf(rows)
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{ui.Select{Field: a.f.Field("part", "Part of the record", ""), Options: partOptions(decision.Exemptable()), Empty: "Choose a part"},
			ui.Textarea{Field: a.f.Field("body", "Exempt passage", "It replaces the one that the part has. Leave it empty to take the passage out"), Rows: 8},
			ui.Textarea{Field: a.f.Field("reason", "Why is the passage taken out? (only if it is)", ""), Rows: 2, Max: 2000}}
	},
	do: func(a *askedRecord) error {
		cmd := decision.ExemptCommand{ID: a.d.ID, Revision: a.revision, Part: decision.Part(a.f.Choice("part", "Choose a part of the record", values(partOptions(decision.Exemptable()))...)),
			Body: a.f.Text("body", "The passage", maxPassage), Reason: a.f.Text("reason", "The reason", 2000)}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.SaveExempt(a.r.Context(), actorOf(a.r), cmd)
	},
}

// takeOff asks why a file or a link is taken off.
func takeOff(heading, done string, do func(*askedRecord, decision.RemoveCommand) error) recordAct {
	return recordAct{heading: heading, press: "Take it off", done: done, fields: []string{"which", "reason"},
		ask: func(a *askedRecord) []templ.Component {
			return []templ.Component{ui.Hidden{Name: "which", Value: a.f.Raw("which")}, ui.Textarea{Field: a.f.Field("reason", "Why is it taken off?", ""), Rows: 3, Max: 2000}}
		},
		do: func(a *askedRecord) error {
			cmd := decision.RemoveCommand{ID: a.d.ID, Revision: a.revision, Which: number[int64](a.f.Raw("which")),
				Reason: a.f.RequiredText("reason", "The reason", 2000, "Say why it is taken off the record")}
			if a.f.Errors().Any() {
				return nil
			}
			return do(a, cmd)
		}}
}

var detachAct = takeOff("Take a file off the record", "The file is taken off", func(a *askedRecord, cmd decision.RemoveCommand) error {
	return a.s.Decisions.Detach(a.r.Context(), actorOf(a.r), cmd)
})

var unlinkAct = takeOff("Unlink what the record authorises", "The link is taken off", func(a *askedRecord, cmd decision.RemoveCommand) error {
	return a.s.Decisions.Unlink(a.r.Context(), actorOf(a.r), cmd)
})

// authorisable lists the rounds that the actor sees and the versions that are published, each with its value in the form.
func (a *askedRecord) authorisable() (list []ui.Option, found map[string]decision.AuthoriseCommand, err error) {
	found = map[string]decision.AuthoriseCommand{}
	add := func(value, text string, version id.Version, round id.Round) {
		list = append(list, ui.Option{Value: value, Text: text})
		found[value] = decision.AuthoriseCommand{ID: a.d.ID, Revision: a.revision, Version: version, Round: round}
	}
	rounds, err := a.s.Rounds.Queue(a.r.Context(), actorOf(a.r))
	if err != nil {
		return nil, nil, err
	}
	for _, q := range rounds {
		if q.Paper.Kind == signoff.VersionPaper { // the lines of a financial year name their decisions themselves
			add("round-"+strconv.FormatInt(int64(q.ID), 10), q.Paper.Name+", round "+strconv.Itoa(q.Number), q.Paper.Version(), q.ID)
		}
	}
	documents, err := a.s.Library.Documents(a.r.Context(), "")
	if err != nil {
		return nil, nil, err
	}
	for _, doc := range documents {
		for _, v := range doc.Versions {
			add("version-"+strconv.FormatInt(int64(v.ID), 10), v.Title+", version "+strconv.Itoa(v.Ref.Number)+", any round", v.ID, 0)
		}
	}
	return list, found, nil
}

var authoriseAct = recordAct{
	heading: "Link it to what it authorises", press: "Link it", done: "The record is linked", fields: []string{"to"},
	intro: "The decision is then shown beside its body's sign-off of that version.",
	may: func(d decision.Full) error {
		if !d.IsMade() {
			return fault.New(fault.Conflict, "Only a decision that was made authorises anything.")
		}
		return nil
	},
	ask: func(a *askedRecord) []templ.Component {
		list, _, err := a.authorisable()
		if err != nil {
			a.failed = err
		}
		if len(list) == 0 {
			return []templ.Component{page.Paragraph{Text: "There is no version or round to link it to yet."}.Content()}
		}
		return []templ.Component{ui.Select{Field: a.f.Field("to", "Which sign-off does it authorise?", "A round, or a published version whichever the round"), Options: list, Empty: "Choose one"}}
	},
	do: func(a *askedRecord) error {
		list, found, err := a.authorisable()
		if err != nil {
			return err
		}
		cmd := found[a.f.Choice("to", "Choose what the decision authorises", values(list)...)]
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.Authorise(a.r.Context(), actorOf(a.r), cmd)
	},
}

func (s *Server) getDeskDecisionFile(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDecisionOf(r)
	if err != nil {
		return err
	}
	which, err := pathID[int64](r, "file")
	if err != nil {
		return err
	}
	c, err := s.Decisions.OpenFile(r.Context(), actorOf(r), d.ID, which)
	if err != nil {
		return err
	}
	return sendFile(w, r, c)
}

// attachAct is drawn like the other acts; its form takes a file.
var attachAct = recordAct{
	heading: "Attach a file", press: "Attach it", done: "The file is attached", fields: []string{"kind", "title", "exempt", "file"},
	intro: "The public gets it when the record is published next, unless it is exempt.",
	ask: func(a *askedRecord) []templ.Component {
		var kinds []ui.Option
		for _, k := range decision.FileKinds() {
			kinds = append(kinds, ui.Option{Value: string(k), Text: sentence(string(k))})
		}
		list := []templ.Component{ui.Radios{Field: a.f.Field("kind", "What is the file?", ""), Options: kinds},
			ui.Input{Field: a.f.Field("title", "What it is called (optional)", "Public, unless the file is exempt")}}
		if a.d.Restriction != decision.Open && a.d.Restriction != "" && a.d.CanReadExempt {
			list = append(list, ui.Checkboxes{Field: a.f.Field("exempt", "Is it exempt?", ""), Options: []ui.Option{{Value: "yes", Text: "The file is exempt: it is never published"}}})
		}
		return append(list, ui.FileUpload{Field: a.f.SecretField("file", "File", "A PDF, DOCX, XLSX, ODT, PNG, JPEG or CSV of 25 MB at most")})
	},
}

// attachable reads the record of the address for somebody who may attach to it.
func (s *Server) attachable(r *http.Request) (decision.Full, error) {
	d, err := s.deskDecisionOf(r)
	if err == nil && !d.CanEdit {
		err = fault.New(fault.Forbidden, "Only business support and the body's own officers write its records.")
	}
	return d, err
}

func (s *Server) getDeskDecisionAttach(w http.ResponseWriter, r *http.Request) error {
	d, err := s.attachable(r)
	if err != nil {
		return err
	}
	return s.showRecordAct(w, attachAct, &askedRecord{s: s, r: r, d: d, f: form.New(url.Values{}), revision: d.Revision}, http.StatusOK, "")
}

func (s *Server) postDeskDecisionAttach(w http.ResponseWriter, r *http.Request) error {
	d, err := s.attachable(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, append(slices.Clone(attachAct.fields), "revision")...)
	if err != nil {
		return err
	}
	var kinds []string
	for _, k := range decision.FileKinds() {
		kinds = append(kinds, string(k))
	}
	a := &askedRecord{s: s, r: r, d: d, f: f, revision: f.Int("revision", "Revision", "The form did not arrive whole", 1, highestRevision)}
	cmd := decision.AttachCommand{ID: d.ID, Revision: a.revision, Kind: decision.FileKind(f.Choice("kind", "Choose what the file is", kinds...)), IsExempt: f.Checked("exempt")}
	title := f.Line("title", "What it is called")
	sent, chosen, err := uploadedFile(r, "file")
	if err != nil && !onForm(f, err) {
		return err
	}
	if !chosen {
		f.Fail("file", "Choose a file")
	}
	if f.Errors().Any() {
		return s.showRecordAct(w, attachAct, a, statuses[fault.Invalid], "")
	}
	cmd.File = file.AddCommand{Title: title, Content: sent}
	return s.doneToRecord(w, attachAct, a, s.Decisions.Attach(r.Context(), actorOf(r), cmd))
}
