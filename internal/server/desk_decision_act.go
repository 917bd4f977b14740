package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// recordAct is one thing that can be done to a record, with a page that asks what it needs.
type recordAct struct {
	heading, intro, warning, press, done, doneText string
	fields                                         []string
	may                                            func(decision.Full) error                  // refuses what can't be done to the record as it is; anybody who edits may unless set
	fill                                           func(decision.Full, url.Values)            // what the form shows first
	ask                                            func(*askedRecord) []templ.Component       // draws the fields
	facts                                          func(*askedRecord) []templ.Component       // stands before the form
	pressed                                        func(*askedRecord) bool                    // a button that only changes the form
	do                                             func(*askedRecord) error                   // reads the fields and does it; what is wrong with them is left in the form
	check                                          func(*askedRecord) (rows []ui.Row)         // set for a weighty act: reads the fields, and gives what the check page shows
	blocked                                        func(*askedRecord) (needs []decision.Need) // what has to be added elsewhere first
	home                                           string                                     // the page to go to afterwards; the record's unless set
}

// askedRecord is one request of an act.
type askedRecord struct {
	s        *Server
	r        *http.Request
	d        decision.Full
	f        *form.Form
	revision int
	failed   error // what kept the page from being drawn
}

// postTitles are the posts that can be chosen, those of the record's body before those of the partnership.
func (a *askedRecord) postTitles() []string {
	list, err := a.s.Decisions.Posts(a.r.Context(), actorOf(a.r))
	if err != nil {
		a.failed = err
	}
	return titlesOf(list, a.d.Organisation)
}

// recordActs are the acts by their place in the address.
var recordActs = map[string]recordAct{
	"identity": identityAct, "key": keyAct, "text": textAct, "dates": datesAct, "openness": opennessAct, "urgency": urgencyAct,
	"to-proposed": toProposedAct, "to-made": toMadeAct, "to-implemented": toImplementedAct, "to-confirmed": toConfirmedAct, "withdraw": withdrawRecordAct,
	"call-in": callInAct, "end-call-in": endCallInAct, "defer": deferAct, "override": overrideAct, "publish": publishAct, "exempt": exemptAct,
	"detach": detachAct, "authorise": authoriseAct, "unlink": unlinkAct, "retract": retractRecordAct,
}

// actOfPart is where a part of a record is changed.
func actOfPart(p decision.Part) string {
	switch p {
	case decision.PartNumber, decision.PartSubject, decision.PartMaker, decision.PartContact:
		return "identity"
	case decision.PartKey, decision.PartKeyReason:
		return "key"
	case decision.PartNoticeOn, decision.PartDueOn, decision.PartMadeOn, decision.PartPublishedOn, decision.PartEffectiveOn, decision.PartImplementedOn, decision.PartDates:
		return "dates"
	case decision.PartExemptCategory, decision.PartPublicInterest:
		return "openness"
	case decision.PartUrgencyReason, decision.PartUrgencyTold, decision.PartUrgencyAgreed, decision.PartCallInWaivedReason:
		return "urgency"
	case decision.PartCallInGrounds:
		return "call-in"
	case decision.PartCallInOutcome:
		return "end-call-in"
	case decision.PartWithdrawnReason:
		return "withdraw"
	}
	return "text"
}

// recordActOf reads the record and the act that the address names, for somebody who may do it.
func (s *Server) recordActOf(r *http.Request) (decision.Full, recordAct, error) {
	act, known := recordActs[chi.URLParam(r, "act")]
	if !known {
		return decision.Full{}, act, errNoPage
	}
	d, err := s.deskDecisionOf(r)
	if err != nil {
		return d, act, err
	}
	if !d.CanEdit {
		return d, act, fault.New(fault.Forbidden, "Only business support and the body's own officers write its records.")
	}
	return d, act, nil
}

func (s *Server) getDeskDecisionAct(w http.ResponseWriter, r *http.Request) error {
	d, act, err := s.recordActOf(r)
	if err != nil {
		return err
	}
	if act.may != nil {
		if err := act.may(d); err != nil {
			return s.refuse(w, r, err, wayToRecord(d))
		}
	}
	values := url.Values{}
	if which := r.URL.Query().Get("which"); which != "" && slices.Contains(act.fields, "which") {
		values.Set("which", which)
	}
	if act.fill != nil {
		act.fill(d, values)
	}
	return s.showRecordAct(w, act, &askedRecord{s: s, r: r, d: d, f: form.New(values), revision: d.Revision}, http.StatusOK, "")
}

func wayToRecord(d decision.Full) ui.Link {
	return ui.Link{Text: "See the record as it is now", Path: deskRecord(d)}
}

func (s *Server) postDeskDecisionAct(w http.ResponseWriter, r *http.Request) error {
	d, act, err := s.recordActOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, append(slices.Clone(act.fields), "revision", "step", "do")...)
	if err != nil {
		return err
	}
	a := &askedRecord{s: s, r: r, d: d, f: f, revision: f.Int("revision", "Revision", "The form did not arrive whole", 1, highestRevision)}
	if f.Errors().Any() {
		return errBadForm
	}
	if a.revision == d.Revision && act.may != nil {
		if err := act.may(d); err != nil {
			return s.refuse(w, r, err, wayToRecord(d))
		}
	}
	if act.pressed != nil && act.pressed(a) || f.Raw("step") == stepChange {
		return s.showRecordAct(w, act, a, http.StatusOK, "")
	}
	if act.check != nil && f.Raw("step") != stepDo {
		rows := act.check(a)
		if f.Errors().Any() {
			return s.showRecordAct(w, act, a, statuses[fault.Invalid], "")
		}
		return s.showRecordCheck(w, act, a, rows)
	}
	return s.doneToRecord(w, act, a, act.do(a))
}

// doneToRecord answers an act by what became of it.
func (s *Server) doneToRecord(w http.ResponseWriter, act recordAct, a *askedRecord, err error) error {
	if err == nil && a.f.Errors().Any() {
		return s.showRecordAct(w, act, a, statuses[fault.Invalid], "")
	}
	if refusal, ok := errors.AsType[*fault.Error](err); ok {
		switch {
		case refusal.Kind == fault.Conflict:
			return s.showRecordConflict(w, act, a, err)
		case refusal.Kind == fault.Invalid && slices.Contains(act.fields, fieldOfPart(refusal.Field)):
			a.f.Fail(fieldOfPart(refusal.Field), refusal.Message)
			return s.showRecordAct(w, act, a, statuses[fault.Invalid], "")
		case refusal.Kind == fault.Invalid:
			return s.showRecordAct(w, act, a, statuses[fault.Invalid], refusal.Message)
		}
	}
	if err != nil {
		return err
	}
	s.tell(a.r, act.done, act.doneText)
	if act.home != "" {
		return redirect(w, a.r, act.home)
	}
	now, err := s.Decisions.Read(a.r.Context(), actorOf(a.r), a.d.ID) // its number, and so its address, may be another now
	if err != nil {
		return err
	}
	return redirect(w, a.r, deskRecord(now))
}

// fieldOfPart is the field of a form at which a fault of the register is shown.
func fieldOfPart(field string) string {
	switch decision.Part(field) {
	case decision.PartNumber:
		return "number-printed"
	case decision.PartLimbs:
		return "limb-1"
	}
	return field
}

// showRecordConflict shows the form again with what was typed. Where somebody else was quicker it shows what stands now,
// and a second press replaces it.
func (s *Server) showRecordConflict(w http.ResponseWriter, act recordAct, a *askedRecord, refused error) error {
	s.note(a.r, refused)
	now, err := s.Decisions.Read(a.r.Context(), actorOf(a.r), a.d.ID)
	if err != nil {
		return err
	}
	notice := fault.Message(refused)
	if now.Revision != a.revision {
		notice = "Somebody changed this record since you opened it. What you typed is kept below, beside what is stored now. Send the form again to put yours in its place."
	}
	a.d, a.revision = now, now.Revision
	return s.showRecordAct(w, act, a, statuses[fault.Conflict], notice, storedBeside(act, a)...)
}

func (s *Server) showRecordAct(w http.ResponseWriter, act recordAct, a *askedRecord, status int, notice string, beside ...templ.Component) error {
	here := deskRecord(a.d)
	p := page.DeskForm{Caption: deskCaption(a.d), Heading: act.heading, Warning: act.warning, Notice: notice, Errors: a.f.Errors(),
		Action: a.r.URL.Path, Button: ui.Button{Text: act.press}, Cancel: here, Upload: slices.Contains(act.fields, "file")}
	if act.intro != "" {
		p.Intro = []string{act.intro}
	}
	v := view{title: act.heading + ": " + deskCaption(a.d), current: route.DeskDecisions, hasErrors: p.Errors.Any(), back: &ui.Link{Text: "The record", Path: here}}
	if act.blocked != nil {
		if needs := act.blocked(a); len(needs) > 0 {
			v.content = page.DeskRecordBlocked{Caption: p.Caption, Heading: p.Heading, Tasks: ui.TaskList{ID: "need", Items: recordParts{a.d}.tasks(needs)}, Back: here}.Content()
			return s.show(w, a.r, status, v)
		}
	}
	p.Fields = append(act.ask(a), ui.Hidden{Name: "revision", Value: strconv.Itoa(a.revision)})
	if act.check != nil {
		p.Button.Text = "Continue"
	}
	if act.facts != nil {
		p.Before = act.facts(a)
	}
	p.Before = append(p.Before, beside...)
	if notice != "" && status == statuses[fault.Conflict] {
		p.Before = append(p.Before, page.Points{Items: []ui.Link{wayToRecord(a.d)}}.Content())
	}
	if a.failed != nil {
		return a.failed
	}
	v.content = p.Content()
	return s.show(w, a.r, status, v)
}

func (s *Server) showRecordCheck(w http.ResponseWriter, act recordAct, a *askedRecord, rows []ui.Row) error {
	p := page.DeskCheck{Caption: deskCaption(a.d), Heading: "Check before you go on", Rows: rows, Warning: act.warning, Action: a.r.URL.Path,
		Button: act.press, Carried: carryForm(a.r), Cancel: deskRecord(a.d)}
	return s.show(w, a.r, http.StatusOK, view{title: p.Heading + ": " + p.Caption, current: route.DeskDecisions, content: p.Content()})
}

// save writes groups of the record, unless a field is wrong.
func (a *askedRecord) save(c decision.Changes) error {
	if a.f.Errors().Any() {
		return nil
	}
	return a.s.Decisions.Save(a.r.Context(), actorOf(a.r), decision.SaveCommand{ID: a.d.ID, Revision: a.revision, Changes: c})
}
