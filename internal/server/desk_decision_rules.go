package server

import (
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

func (s *Server) getDeskDecisionRules(w http.ResponseWriter, r *http.Request) error {
	book, err := s.Decisions.Rules(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	add := func(act, text string) []ui.Link {
		return []ui.Link{{Text: text, Path: route.DeskDecisionRuleActTo(act)}}
	}
	p := page.DeskDecision{Heading: "Rules of the register", Subject: "What stages ask for, the periods, the form of numbers and the bank holidays. What was published stays as it was reckoned then.",
		Parts: []page.DeskPart{
			{ID: "requirements", Heading: "What stages ask for", Links: add("requirement", "Add or end a requirement"), Content: []templ.Component{ruleTable("What stages ask for", "Stage and part", book.Requirements, decision.RuleRequirement,
				func(x decision.RuleLine) string {
					return x.Stage.Words() + ": " + x.Part.Words() + map[bool]string{false: " (not asked for)"}[x.IsAsked]
				})}},
			{ID: "periods", Heading: "Periods", Links: add("period", "Add a period"), Content: []templ.Component{ruleTable("Periods", "Period", book.Periods, decision.RulePeriod,
				func(x decision.RuleLine) string { return sentence(string(x.Name)) + ": " + strconv.Itoa(x.Length) })}},
			{ID: "masks", Heading: "Form of numbers", Links: add("mask", "Add a form of numbers"), Content: []templ.Component{ruleTable("Form of numbers", "Form", book.Masks, decision.RuleMask,
				func(x decision.RuleLine) string { return or(string(x.Mask), "Any number") })}},
			{ID: "holidays", Heading: "Bank holidays of England and Wales", Links: add("holiday", "Add a bank holiday"), Content: []templ.Component{holidayTable(book.Holidays)}},
		}}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.DeskDecisionRules, content: p.Content()})
}

func ruleTable(caption, what string, lines []decision.RuleLine, kind decision.RuleKind, words func(decision.RuleLine) string) ui.Table {
	t := ui.Table{Caption: caption, HideCaption: true, RowHeaders: true, Empty: "There is none.",
		Columns: []ui.Column{{Text: what}, {Text: "Of"}, {Text: "Holds"}, {Text: "Source"}, {Text: "Take out"}}}
	for _, x := range lines {
		t.Rows = append(t.Rows, []ui.Cell{{Text: words(x)}, {Text: or(x.Body.Name, "Every body")}, {Text: sentence(term(x.StartsOn, x.EndsOn))},
			{Text: x.Source + " (" + x.Confidence + ")"}, {Text: "Take out rule " + strconv.FormatInt(x.ID, 10), Path: takeOutRule(kind, x.ID)}})
	}
	return t
}

func takeOutRule(kind decision.RuleKind, which int64) string {
	return route.Asking(route.DeskDecisionRuleActTo("take-out"), url.Values{"kind": {string(kind)}, "which": {strconv.FormatInt(which, 10)}}.Encode())
}

func holidayTable(list []decision.HolidayLine) ui.Table {
	t := ui.Table{Caption: "Bank holidays", HideCaption: true, RowHeaders: true, Empty: "There is none.",
		Columns: []ui.Column{{Text: "Day"}, {Text: "Name"}, {Text: "Source"}, {Text: "Take out"}}}
	for _, h := range slices.Backward(list) {
		t.Rows = append(t.Rows, []ui.Cell{{Content: onDay(h.On)}, {Text: h.Name}, {Text: h.Source},
			{Text: "Take out " + h.On.Long(), Path: takeOutRule(decision.RuleHoliday, h.ID)}})
	}
	return t
}

// ruleAct is a form about the rules of the register.
type ruleAct struct {
	heading, press, done string
	fields               []string
	ask                  func(f *form.Form, bodies []ui.Option) []templ.Component
	do                   func(s *Server, r *http.Request, f *form.Form) error
}

var confidences = []ui.Option{{Value: "confirmed", Text: "Confirmed in its source"}, {Value: "part-confirmed", Text: "Confirmed in part"}, {Value: "unconfirmed", Text: "Not confirmed"}}

// ruleFields are those that every rule has.
func ruleFields(f *form.Form, bodies []ui.Option) []templ.Component {
	return []templ.Component{ui.Select{Field: f.Field("body", "Whose rule is it?", ""), Options: bodies, Empty: "Every body"},
		ui.DateInput{Field: f.DateField("from", "First day on which it holds (optional)", "It counts by the day on which a decision was made or is due. Empty: it always held")},
		ui.Input{Field: f.Field("source", "Who says so?", "For example an Act, regulations, or the body's constitution")},
		ui.Radios{Field: f.Field("confidence", "How sure is it?", ""), Options: confidences}}
}

var commonRuleFields = []string{"body", "from", "source", "confidence"}

func readRule(f *form.Form, kind decision.RuleKind) decision.RuleCommand {
	return decision.RuleCommand{Kind: kind, Body: f.Line("body", "Body"), From: f.Date("from", "The first day", ""),
		Source: f.RequiredText("source", "The source", 500, "Say who says so"), Confidence: f.Choice("confidence", "Choose how sure it is", values(confidences)...)}
}

func addRule(s *Server, r *http.Request, f *form.Form, cmd decision.RuleCommand) error {
	if f.Errors().Any() {
		return nil
	}
	return s.Decisions.AddRule(r.Context(), actorOf(r), cmd)
}

func stageOptions() []ui.Option {
	var list []ui.Option
	for _, x := range decision.Stages() {
		list = append(list, ui.Option{Value: string(x), Text: x.Words()})
	}
	return list
}

func periodOptions() []ui.Option {
	var list []ui.Option
	for _, x := range decision.Periods() {
		list = append(list, ui.Option{Value: string(x), Text: sentence(string(x))})
	}
	return list
}

var ruleActs = map[string]ruleAct{
	"requirement": {heading: "What a stage asks for", press: "Add it", done: "The rule is added", fields: append([]string{"stage", "part", "asked"}, commonRuleFields...),
		ask: func(f *form.Form, bodies []ui.Option) []templ.Component {
			return append([]templ.Component{ui.Select{Field: f.Field("stage", "Stage", ""), Options: stageOptions(), Empty: "Choose a stage"},
				ui.Select{Field: f.Field("part", "Part", ""), Options: overridableParts(), Empty: "Choose a part"},
				ui.Radios{Field: f.Field("asked", "Does the stage ask for it?", ""), Options: []ui.Option{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No, not any more"}}}}, ruleFields(f, bodies)...)
		},
		do: func(s *Server, r *http.Request, f *form.Form) error {
			cmd := readRule(f, decision.RuleRequirement)
			cmd.Stage, cmd.Part = decision.Stage(f.Choice("stage", "Choose a stage", values(stageOptions())...)), decision.Part(f.Choice("part", "Choose a part of the record", values(overridableParts())...))
			cmd.IsAsked = f.Choice("asked", "Choose whether the stage asks for it", "yes", "no") == "yes"
			return addRule(s, r, f, cmd)
		}},
	"period": {heading: "A period", press: "Add it", done: "The period is added", fields: append([]string{"period", "length"}, commonRuleFields...),
		ask: func(f *form.Form, bodies []ui.Option) []templ.Component {
			return append([]templ.Component{ui.Select{Field: f.Field("period", "Period", ""), Options: periodOptions(), Empty: "Choose a period"},
				ui.Input{Field: f.Field("length", "Length", "In days or years as its name says. 0: it does not apply"), Width: "4", InputMode: "numeric"}}, ruleFields(f, bodies)...)
		},
		do: func(s *Server, r *http.Request, f *form.Form) error {
			cmd := readRule(f, decision.RulePeriod)
			cmd.Period, cmd.Length = decision.Period(f.Choice("period", "Choose a period", values(periodOptions())...)), f.Int("length", "Length", "Enter a length", 0, 200)
			return addRule(s, r, f, cmd)
		}},
	"mask": {heading: "Form of numbers", press: "Add it", done: "The form is added", fields: append([]string{"mask"}, commonRuleFields...),
		ask: func(f *form.Form, bodies []ui.Option) []templ.Component {
			return append([]templ.Component{ui.Input{Field: f.Field("mask", "Form", "Y stands for a figure of the year, N for any other. For example YY/NNNNN. Empty: any number"), Width: "20", NoSpellcheck: true}}, ruleFields(f, bodies)...)
		},
		do: func(s *Server, r *http.Request, f *form.Form) error {
			cmd := readRule(f, decision.RuleMask)
			cmd.Mask = decision.Mask(f.Text("mask", "The form", 40))
			return addRule(s, r, f, cmd)
		}},
	"holiday": {heading: "A bank holiday", press: "Add it", done: "The bank holiday is added", fields: []string{"on", "name", "source"},
		ask: func(f *form.Form, _ []ui.Option) []templ.Component {
			return []templ.Component{ui.DateInput{Field: f.DateField("on", "Day", "")}, ui.Input{Field: f.Field("name", "What it is called", "")},
				ui.Input{Field: f.Field("source", "What makes it a bank holiday?", "For example a royal proclamation")}}
		},
		do: func(s *Server, r *http.Request, f *form.Form) error {
			cmd := decision.HolidayCommand{On: f.Date("on", "The day", "Enter the day of the bank holiday"), Name: f.Text("name", "The name", 120), Source: f.Text("source", "The source", 500)}
			if f.Errors().Any() {
				return nil
			}
			return s.Decisions.AddHoliday(r.Context(), actorOf(r), cmd)
		}},
	"take-out": {heading: "Take out a rule", press: "Take it out", done: "The rule is taken out", fields: []string{"kind", "which", "reason"},
		ask: func(f *form.Form, _ []ui.Option) []templ.Component {
			return []templ.Component{ui.Hidden{Name: "kind", Value: f.Raw("kind")}, ui.Hidden{Name: "which", Value: f.Raw("which")},
				page.Paragraph{Text: "Only for what was entered in error. A rule that changed is followed by a new one from a day on."}.Content(),
				ui.Textarea{Field: f.Field("reason", "Why is it taken out?", ""), Rows: 3, Max: 2000}}
		},
		do: func(s *Server, r *http.Request, f *form.Form) error {
			reason := f.RequiredText("reason", "The reason", 2000, "Say why it is taken out")
			if f.Errors().Any() {
				return nil
			}
			return s.Decisions.RetractRule(r.Context(), actorOf(r), decision.RuleKind(f.Raw("kind")), number[int64](f.Raw("which")), reason)
		}},
}

func (s *Server) getDeskDecisionRuleAct(w http.ResponseWriter, r *http.Request) error {
	act, known := ruleActs[chi.URLParam(r, "act")]
	if !known {
		return errNoPage
	}
	v := url.Values{}
	if slices.Contains(act.fields, "which") {
		v.Set("kind", r.URL.Query().Get("kind"))
		v.Set("which", r.URL.Query().Get("which"))
	}
	return s.showRuleAct(w, r, act, form.New(v), http.StatusOK, "")
}

func (s *Server) postDeskDecisionRuleAct(w http.ResponseWriter, r *http.Request) error {
	act, known := ruleActs[chi.URLParam(r, "act")]
	if !known {
		return errNoPage
	}
	f, err := formOf(r, act.fields...)
	if err != nil {
		return err
	}
	err = act.do(s, r, f)
	if notice, ok := conflict(err); ok {
		return s.showRuleAct(w, r, act, f, statuses[fault.Conflict], notice)
	}
	if ruled(f, err) || err == nil && f.Errors().Any() {
		return s.showRuleAct(w, r, act, f, statuses[fault.Invalid], "")
	}
	if err != nil {
		return err
	}
	s.tell(r, act.done, "")
	return redirect(w, r, route.DeskDecisionRules)
}

func (s *Server) showRuleAct(w http.ResponseWriter, r *http.Request, act ruleAct, f *form.Form, status int, notice string) error {
	bodies, err := s.Decisions.RuleBodies(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	var list []ui.Option
	for _, b := range bodies {
		list = append(list, ui.Option{Value: b.Slug, Text: b.Name})
	}
	p := page.DeskForm{Caption: "Rules of the register", Heading: act.heading, Notice: notice, Errors: f.Errors(), Fields: act.ask(f, list), Action: r.URL.Path,
		Button: ui.Button{Text: act.press}, Cancel: route.DeskDecisionRules}
	return s.show(w, r, status, view{title: act.heading + ": " + p.Caption, current: route.DeskDecisionRules, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: p.Caption, Path: route.DeskDecisionRules}})
}
