package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const longestSource = 2000

// getDeskRecorded asks first for the day of the sign-offs, since its partners have the seats, then for each sign-off.
func (s *Server) getDeskRecorded(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, d.Ref)...)
	}
	query := r.URL.Query()
	f := form.New(query)
	if len(query) > 0 {
		on := f.Date("seats-on", "The day", "Enter the day of the sign-offs")
		if on.After(s.today()) {
			f.Fail("seats-on", "The day of the sign-offs can't lie in the future")
		}
		if !f.Errors().Any() {
			first := url.Values{}
			return s.showDeskRecorded(w, r, d.Ref, form.New(first), on, "", http.StatusOK)
		}
	}
	p := page.DeskRecordedDay{Ref: deskRef(d), Errors: f.Errors(),
		SeatsOn: f.DateField("seats-on", "On which day were the sign-offs made?", "Whoever was a safeguarding partner on this day must have signed. If only the month is known, enter its last day.")}
	v := deskView(p.Ref, "Recorded sign-offs")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.showForm(w, r, v)
}

func (s *Server) showDeskRecorded(w http.ResponseWriter, r *http.Request, ref arrangement.Ref, f *form.Form, on day.Date, changed string, status int) error {
	check, err := s.Arrangements.Check(r.Context(), actorOf(r), ref, on)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	p := page.DeskRecorded{Ref: deskRef(check.Draft), Errors: f.Errors(), Changed: changed, SeatsOn: on.String(), Day: on.Long(),
		Facts: checkFacts(check), Digest: check.Digest, Problems: check.Problems, Warnings: check.Musts, Again: status != http.StatusOK}
	for _, seat := range check.Seats {
		p.Entries = append(p.Entries, recordedEntry(f, seat))
	}
	v := deskView(p.Ref, "Recorded sign-offs")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.show(w, r, status, v)
}

func seatField(name string, seat signoff.Seat) string {
	return fmt.Sprintf("%s-%d", name, seat.Partner)
}

func recordedEntry(f *form.Form, seat signoff.Seat) page.DeskRecordedEntry {
	return page.DeskRecordedEntry{Partner: seat.OrganisationName,
		Office:   f.Field(seatField("office", seat), "Office that signed", "As it was published, for example “Chief Constable”"),
		Officer:  f.Field(seatField("officer", seat), "Name of the officer (optional)", "Leave it empty where it is not known"),
		SignedOn: f.DateField(seatField("signed-on", seat), "Date of the sign-off", ""),
		Source:   f.Field(seatField("source", seat), "Where the sign-off can be read", "For example minutes, a letter or an address on the web. Not needed if you choose a file."),
		File:     f.Field(seatField("file", seat), "File that shows the sign-off (optional)", "A PDF, PNG or JPEG of 10 MB at most"),
	}
}

func (s *Server) postDeskRecorded(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	on, err := day.Parse(r.PostForm.Get("seats-on"))
	if err != nil {
		return errBadForm.Because(err)
	}
	check, err := s.Arrangements.Check(r.Context(), actorOf(r), ref, on)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	f := form.New(r.PostForm)
	cmd := arrangement.RecordedCommand{Ref: ref, Digest: f.Raw("digest"), SeatsOn: on}
	if cmd.Acts, err = readRecorded(r, f, check.Seats); err != nil {
		return err
	}
	if f.Errors().Any() {
		return s.showDeskRecorded(w, r, ref, f, on, "", statuses[fault.Invalid])
	}
	round, err := s.Arrangements.EnterRecorded(r.Context(), actorOf(r), cmd)
	switch {
	case ruled(f, err):
		return s.showDeskRecorded(w, r, ref, f, on, "", statuses[fault.Invalid])
	case errors.Is(err, fault.Conflict):
		s.note(r, err)
		return s.showDeskRecorded(w, r, ref, f, on, fault.Message(err), statuses[fault.Conflict])
	case err != nil:
		return err
	}
	s.tell(r, "The sign-offs are entered", "A second person must confirm them. Those who can are told by letter.")
	return redirect(w, r, route.DeskConfirmRecordedTo(round))
}

// readRecorded reads one sign-off for each seat.
func readRecorded(r *http.Request, f *form.Form, seats []signoff.Seat) ([]signoff.RecordedAct, error) {
	fields := []string{"digest", "seats-on"}
	for _, seat := range seats {
		for _, name := range []string{"office", "officer", "signed-on", "source", "file"} {
			fields = append(fields, seatField(name, seat))
		}
	}
	if err := f.Only(fields...); err != nil {
		return nil, errBadForm.Because(err)
	}
	var acts []signoff.RecordedAct
	for _, seat := range seats {
		act := signoff.RecordedAct{Partner: seat.Partner,
			Office:      f.Required(seatField("office", seat), "The office", "Enter the office that signed for "+seat.OrganisationName),
			OfficerName: f.Line(seatField("officer", seat), "The name"),
			SignedOn:    f.DateWithPrecision(seatField("signed-on", seat), "The date of the sign-off", "Enter when "+seat.OrganisationName+" signed"),
			Source:      f.Text(seatField("source", seat), "The source", longestSource)}
		file, chosen, err := uploadedEvidence(r, seatField("file", seat))
		switch {
		case onForm(f, err):
		case err != nil:
			return nil, err
		case chosen:
			act.Evidence = &file
		case act.Source == "":
			f.Fail(seatField("source", seat), "Enter where the sign-off of "+seat.OrganisationName+" can be read, or choose a file")
		}
		acts = append(acts, act)
	}
	return acts, nil
}

func (s *Server) getDeskConfirmRecorded(w http.ResponseWriter, r *http.Request) error {
	return s.showConfirmRecorded(w, r, form.New(nil))
}

func (s *Server) showConfirmRecorded(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	if round.Origin != signoff.Recorded {
		return fault.New(fault.NotFound, "This round holds no sign-offs made elsewhere.")
	}
	wayOn := ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)}
	if round.Outcome != signoff.Open {
		return s.refuse(w, r, fault.New(fault.Conflict, "There is nothing to confirm any more: the round is "+round.State()+"."), wayOn)
	}
	content, err := arrangement.ReadContent(round.Content)
	if err != nil {
		return err
	}
	by := actorOf(r)
	p := page.DeskConfirmRecorded{Ref: paperRef(round.Paper), Round: int64(round.ID), Errors: f.Errors(), Digest: round.DigestHex(),
		Facts: append(textFacts(content.Title, content.GuidanceEdition, content.EffectiveFrom, content.Areas),
			ui.Row{Key: "Entered by", Value: or(round.OpenedName, "the portal") + " on " + day.Clock(round.OpenedAt)},
			ui.Row{Key: "Partners of the day", Value: round.SeatsOn.Long()}),
		CanConfirm: round.CanConfirmRecorded(by), Reason: f.Field("reason", "Why do you reject them?", "Everybody concerned is told, with your reason."),
		Why: "Only business support, or somebody who holds a seat in this round today, can confirm these sign-offs."}
	if round.OpenedBy == by.Account {
		p.Why = "You entered these sign-offs, so somebody else must confirm them. That is another member of business support, or a lead officer or delegate of one of these partners."
	}
	for _, seat := range round.Seats {
		p.Acts = append(p.Acts, recordedAct(round, seat))
	}
	v := roundView(round, "Confirm", p.Content())
	v.hasErrors = p.Errors.Any()
	return s.showForm(w, r, v)
}

func recordedAct(round signoff.Round, seat signoff.Seat) page.DeskRecordedAct {
	drawn := page.DeskRecordedAct{Partner: seat.OrganisationName}
	a := seat.Act
	if a == nil {
		return drawn
	}
	drawn.Partner = a.OrganisationName
	drawn.Rows = []ui.Row{{Key: "Office", Value: a.Office}, {Key: "Officer", Value: or(a.OfficerName, "not known")},
		{Key: "Signed", Content: ui.TimeOf(a.SignedOn)}, {Key: "Where it can be read", Value: or(a.Source, "in the file")}}
	if a.EvidenceFile != 0 {
		drawn.Rows = append(drawn.Rows, ui.Row{Key: "File", Value: a.EvidenceName, Actions: []ui.Action{{Text: "Download",
			Path: route.SignOffEvidenceTo(round.ID, a.EvidenceFile), About: a.EvidenceName}}})
	}
	return drawn
}

func (s *Server) postDeskConfirmRecorded(w http.ResponseWriter, r *http.Request) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "do", "reason")
	if err != nil {
		return err
	}
	wayOn := ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)}
	if f.Raw("do") == "confirm" {
		if err := s.Rounds.ConfirmRecorded(r.Context(), actorOf(r), round.ID); err != nil {
			return s.refuse(w, r, err, wayOn)
		}
		s.tell(r, "The sign-offs are confirmed", "The text is fully signed. Business support can publish it.")
		return redirect(w, r, wayOn.Path)
	}
	reason := f.RequiredText("reason", "The reason", longestReason, "Enter why you reject these sign-offs")
	if f.Errors().Any() {
		return s.showConfirmRecorded(w, r, f)
	}
	err = s.Rounds.Recall(r.Context(), actorOf(r), round.ID, reason)
	if ruled(f, err) {
		return s.showConfirmRecorded(w, r, f)
	}
	if err != nil {
		return s.refuse(w, r, err, wayOn)
	}
	s.tell(r, "The sign-offs are rejected", "The text is a draft again.")
	return redirect(w, r, wayOn.Path)
}
