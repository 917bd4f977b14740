package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// lineFields are the fields of a line, on its own page as they stand here, in the grid with the row behind them.
var lineFields = []formName{{"organisation", "Organisation"}, {"form", "Form"}, {"purpose", "Purpose"}, {"total", "Payer’s total"}, {"split", "Split"},
	{"valuation", "Valuation"}, {"estimated", "Estimated"}, {"conditions", "Conditions"}, {"note", "Note"}, {"decision", "Decision"}}

func lineFieldNames(suffix string) []string {
	var names []string
	for _, n := range lineFields {
		names = append(names, n.name+suffix)
	}
	return names
}

// putLine fills the fields of a line with what is stored.
func putLine(values url.Values, suffix string, l funding.PlanLine) {
	for name, text := range map[string]string{"organisation": l.Slug, "form": string(l.Form), "purpose": l.Purpose, "total": l.Total.Decimal(), "split": funding.SplitText(l.Parts),
		"valuation": l.Valuation, "conditions": l.Conditions, "note": l.Note, "decision": l.DecisionName} {
		values.Set(name+suffix, text)
	}
	values.Del("estimated" + suffix)
	if l.IsEstimated {
		values.Set("estimated"+suffix, "yes")
	}
}

// lineReader reads the fields of one line. What it finds wrong begins with where it stands.
type lineReader struct {
	f      *form.Form
	suffix string // behind the names of its fields
	place  string // "Line 3: " in the grid
}

func (l lineReader) raw(name string) string { return l.f.Raw(name + l.suffix) }

func (l lineReader) fail(name, message string) { l.f.Fail(name+l.suffix, l.place+message) }

// onLine puts a refusal of the service beside the field that it is about, and tells whether it is about one.
func (l lineReader) onLine(refusal *fault.Error) bool {
	name := refusal.Field
	switch {
	case name == "":
		return false
	case name == "amount":
		name = "total"
	case strings.HasPrefix(name, "part"):
		name = "split"
	}
	l.fail(name, refusal.Message)
	return true
}

func (l lineReader) text(name, label string, max int) string {
	return l.f.Text(name+l.suffix, l.place+label, max)
}

// read reads the line but for its decision, for which the register has to be asked.
func (l lineReader) read() funding.LineCommand {
	cmd := funding.LineCommand{Organisation: l.raw("organisation"), Form: funding.Form(l.raw("form")), Purpose: l.raw("purpose"),
		Valuation: l.text("valuation", "The valuation", 500), Estimated: l.f.Checked("estimated" + l.suffix),
		Conditions: l.text("conditions", "The conditions", 2000), Note: l.text("note", "The note", 2000)}
	var err error
	if cmd.Total, err = money.Parse(l.raw("total")); err != nil {
		l.fail("total", err.Error())
	}
	if text := strings.TrimSpace(l.raw("split")); text != "" {
		if cmd.Parts, err = funding.ParseSplit(text); err != nil {
			l.fail("split", err.Error())
		}
	}
	return cmd
}

// decisionsNamed finds records of decision by their numbers or references. A number of several records is not found.
func (s *Server) decisionsNamed(r *http.Request, numbers []string) (map[string]id.Decision, error) {
	found, several := map[string]id.Decision{}, map[string]bool{}
	after := ""
	for len(numbers) > 0 {
		list, err := s.Decisions.List(r.Context(), actorOf(r), decision.Filter{Limit: 500, After: after})
		if err != nil {
			return nil, err
		}
		for _, l := range list.Lines {
			for _, name := range slices.Compact([]string{l.Number, l.Ref}) {
				key := strings.ToLower(name)
				if key == "" || !slices.ContainsFunc(numbers, func(n string) bool { return strings.EqualFold(n, name) }) {
					continue
				}
				several[key] = several[key] || (found[key] != 0 && found[key] != l.ID)
				found[key] = l.ID
			}
		}
		if after = list.Next; after == "" {
			break
		}
	}
	for key := range several {
		if several[key] {
			delete(found, key)
		}
	}
	return found, nil
}

// decide sets the decision of a line: the one stored if its name stands there unchanged, or else the record of that number.
func (l lineReader) decide(cmd *funding.LineCommand, stored funding.PlanLine, named map[string]id.Decision) {
	number := strings.TrimSpace(l.raw("decision"))
	switch {
	case number == "":
	case number == stored.DecisionName && stored.Decision != 0:
		cmd.Decision = stored.Decision
	case named[strings.ToLower(number)] != 0:
		cmd.Decision = named[strings.ToLower(number)]
	default:
		l.fail("decision", "No record of decision has this number alone. Enter it as the register has it")
	}
}

// linesStand refuses where the lines of the year cannot be edited: it stands still, or was agreed elsewhere.
func (s *Server) linesStand(w http.ResponseWriter, r *http.Request) (plan funding.Plan, refused bool, err error) {
	plan, refused, err = s.movable(w, r)
	if err != nil || refused || plan.Origin == funding.InPortal {
		return plan, refused, err
	}
	return plan, true, s.refuse(w, r, fault.New(fault.Conflict, "The contributions of this year were agreed elsewhere. Record them instead."),
		ui.Link{Text: "Record a contribution", Path: route.DeskFundingRecord}, wayToYear(plan.Year))
}

// lineOf finds the line that the address names; of a new one it is empty.
func lineOf(r *http.Request, plan funding.Plan) (funding.PlanLine, error) {
	if !strings.HasSuffix(r.URL.Path, "/new") {
		which, err := pathID[id.FundingLine](r, "id")
		if err != nil {
			return funding.PlanLine{}, err
		}
		for _, l := range plan.Proposal {
			if l.ID == which {
				return l, nil
			}
		}
		return funding.PlanLine{}, errNoPage
	}
	return funding.PlanLine{}, nil
}

func (s *Server) getDeskLine(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	l, err := lineOf(r, plan)
	if err != nil {
		return err
	}
	values := url.Values{"revision": {strconv.Itoa(l.Revision)}}
	if l.ID != 0 {
		putLine(values, "", l)
	}
	return s.showDeskLine(w, r, plan, l, form.New(values), "")
}

func (s *Server) showDeskLine(w http.ResponseWriter, r *http.Request, plan funding.Plan, l funding.PlanLine, f *form.Form, notice string) error {
	list, err := s.payerOptions(r)
	if err != nil {
		return err
	}
	at := plan.Year.Path()
	p := page.DeskForm{Heading: or(l.Name, "New line"), Errors: f.Errors(), Notice: notice, Action: route.DeskFundingLineNewTo(at), Button: ui.Button{Text: "Save the line"},
		Fields: []templ.Component{
			ui.Hidden{Name: "revision", Value: strconv.Itoa(l.Revision)},
			ui.Select{Field: f.Field("organisation", "Who gives it?", ""), Options: list},
			formRadios(f),
			ui.Select{Field: f.Field("purpose", "What is it for?", ""), Options: purposeOptions()},
			ui.Input{Field: f.Field("total", "Payer’s total", "What the organisation gives in all, in pounds. For example 1,234.50"), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true},
			ui.Textarea{Field: f.Field("split", "Split of that total (optional)", splitHint), Rows: 2},
			ui.Input{Field: f.Field("valuation", "How was it valued? (in kind only)", "For example “hours at cost” or “usual hire charge”")},
			ui.Checkboxes{Field: f.Field("estimated", "Is the value estimated? (in kind only)", ""), Options: []ui.Option{{Value: "yes", Text: "The value is estimated"}}, Small: true},
			ui.Textarea{Field: f.Field("conditions", "On what does it depend? (optional)", ""), Rows: 2, Max: 2000},
			ui.Textarea{Field: f.Field("note", "Note (optional)", ""), Rows: 2, Max: 2000},
			ui.Input{Field: f.Field("decision", "Decision that authorised it (optional)", "Its number in the register of decisions"), Width: "20", NoSpellcheck: true},
		}}
	if l.ID != 0 {
		p.Action = route.DeskFundingLineTo(at, l.ID)
		p.Rows = []ui.Row{{Key: "Our part", Value: l.Pence.Words() + " of " + l.Total.Words()}}
		if l.IsAgency {
			p.Rows = append(p.Rows, ui.Row{Key: "Agency’s answer", Content: answerCell(l).Content, Value: answerCell(l).Text})
			p.Warning = "If you change the line, the agency is asked again."
		}
		p.Before = []templ.Component{ui.Button{Text: "Take this line out", Path: route.DeskFundingLineRemoveTo(at, l.ID), Kind: ui.Secondary}}
	}
	if notice != "" {
		stored := url.Values{}
		putLine(stored, "", l)
		p.Before = storedRows(stored, r.PostForm, lineFields)
	}
	return s.showYearForm(w, r, plan.Year, p)
}

const splitHint = "Shares of whole numbers, with ours marked: Children's = 3 (ours); Adults' = 2. Empty if all of it is for this partnership."

func (s *Server) postDeskLine(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	l, err := lineOf(r, plan)
	if err != nil {
		return err
	}
	f, err := formOf(r, append([]string{"revision"}, lineFieldNames("")...)...)
	if err != nil {
		return err
	}
	reader := lineReader{f: f}
	cmd := reader.read()
	cmd.Year, cmd.ID, cmd.Revision = plan.Year, l.ID, revisionOf(f)
	named, err := s.decisionsNamed(r, typedDecisions(reader))
	if err != nil {
		return err
	}
	reader.decide(&cmd, l, named)
	if f.Errors().Any() {
		return s.showDeskLine(w, r, plan, l, f, "")
	}
	_, err = s.Years.SaveLine(r.Context(), actorOf(r), cmd)
	if refusal, ok := errors.AsType[*fault.Error](err); ok && refusal.Kind == fault.Invalid && reader.onLine(refusal) {
		return s.showDeskLine(w, r, plan, l, f, "")
	}
	if notice := s.changedNotice(r, err); notice != "" {
		return s.showDeskLine(w, r, plan, l, f, notice)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Line saved", fmt.Sprintf("Our part is %s of %s.", funding.OurPart(cmd.Total, cmd.Parts).Words(), cmd.Total.Words()))
	return redirect(w, r, route.DeskFundingYearTo(plan.Year.Path()))
}

func typedDecisions(readers ...lineReader) []string {
	var numbers []string
	for _, l := range readers {
		if n := strings.TrimSpace(l.raw("decision")); n != "" {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func (s *Server) getDeskLineRemove(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	l, err := lineOf(r, plan)
	if err != nil {
		return err
	}
	p := page.DeskConfirm{Caption: "Financial year " + plan.Year.String(), Heading: "Take out the line of " + l.Name + "?", Action: route.DeskFundingLineRemoveTo(plan.Year.Path(), l.ID),
		Text: []string{l.Pence.Words() + ", " + string(l.Form) + ", for " + l.Purpose + "."}, Revision: l.Revision, Button: "Take it out",
		Cancel: ui.Link{Text: "Keep it", Path: route.DeskFundingLineTo(plan.Year.Path(), l.ID)}}
	return s.show(w, r, http.StatusOK, yearView(plan.Year, "Take out a line", p.Content()))
}

func (s *Server) postDeskLineRemove(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	which, err := pathID[id.FundingLine](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "revision")
	if err != nil {
		return err
	}
	if err := s.Years.RemoveLine(r.Context(), actorOf(r), year, which, revisionOf(f)); err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the line", Path: route.DeskFundingLineTo(year.Path(), which)}, wayToYear(year))
	}
	s.tell(r, "Line taken out", "It is no longer part of "+year.String()+".")
	return redirect(w, r, route.DeskFundingYearTo(year.Path()))
}
