package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// pledgePages are those on which staff of an agency answer what it is to give.
func (s *Server) pledgePages(in innerRoutes) {
	who := can(authz.ConfirmPledge)
	in.get(route.MyPledge, who, s.getMyPledge)
	in.post(route.MyPledge, who, smallForm, s.postMyPledge)
}

// myPledges are the pledges of each agency of the actor, by its slug.
func (s *Server) myPledges(r *http.Request) (map[string]ui.Table, error) {
	by := actorOf(r)
	tables := map[string]ui.Table{}
	if !by.Can(authz.ConfirmPledge) {
		return tables, nil
	}
	list, err := s.Years.Pledges(r.Context(), by)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		t, known := tables[x.Slug]
		if !known {
			t = pledgeTable()
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.Year.String() + ", " + x.Purpose, Path: route.MyPledgeTo(x.ID)}, {Text: sentence(string(x.Form)) + estimatedMark(x.IsEstimated)},
			{Text: x.Pence.String()}, {Text: pledgeStatus(x)}, myAnswer(x)})
		tables[x.Slug] = t
	}
	return tables, nil
}

func pledgeTable() ui.Table {
	return ui.Table{Caption: "Contributions to the shared fund", RowHeaders: true, Empty: "Nothing is proposed of your organisation.",
		Columns: []ui.Column{{Text: "Year and purpose"}, {Text: "Form"}, {Text: "Amount", Numeric: true}, {Text: "Status"}, {Text: "Your answer"}}}
}

func pledgeStatus(x funding.Pledge) string {
	if x.IsAgreed {
		return "Agreed by the safeguarding partners"
	}
	return "Proposed"
}

func myAnswer(x funding.Pledge) ui.Cell {
	if x.Answer == "" {
		return ui.Cell{Text: "Not yet confirmed"}
	}
	return answerCell(x.PlanLine)
}

func (s *Server) myPledge(r *http.Request) (funding.Pledge, error) {
	which, err := pathID[id.FundingLine](r, "id")
	if err != nil {
		return funding.Pledge{}, err
	}
	list, err := s.Years.Pledges(r.Context(), actorOf(r))
	if err != nil {
		return funding.Pledge{}, err
	}
	for _, x := range list {
		if x.ID == which {
			return x, nil
		}
	}
	return funding.Pledge{}, errNoPage
}

func (s *Server) getMyPledge(w http.ResponseWriter, r *http.Request) error {
	x, err := s.myPledge(r)
	if err != nil {
		return err
	}
	return s.showMyPledge(w, r, x, form.New(url.Values{"answer": {string(x.Answer)}, "words": {x.AnswerWords}}), "")
}

func (s *Server) showMyPledge(w http.ResponseWriter, r *http.Request, x funding.Pledge, f *form.Form, notice string) error {
	amount := "Amount"
	if x.Form == funding.InKind {
		amount = "Value"
	}
	rows := []ui.Row{{Key: "Financial year", Value: x.Year.String()}, {Key: "Form", Value: sentence(string(x.Form)) + estimatedMark(x.IsEstimated)}, {Key: amount, Value: x.Pence.Words()},
		{Key: "Purpose", Value: sentence(x.Purpose)}, {Key: "Particulars", Content: planParticulars(x.PlanLine).Content()}, {Key: "Status", Value: pledgeStatus(x)}}
	v := view{title: "Your contribution for " + x.Year.String(), current: route.MyAgency, back: &ui.Link{Text: "My agency", Path: route.MyAgency}}
	if x.IsAgreed {
		answer := myAnswer(x)
		v.content = page.PledgeRead{Caption: x.Name, Heading: v.title, Rows: append(rows, ui.Row{Key: "Your answer", Value: answer.Text, Content: answer.Content})}.Content()
		return s.show(w, r, http.StatusOK, v)
	}
	p := page.DeskForm{Caption: x.Name, Heading: v.title, Errors: f.Errors(), Notice: notice, Rows: rows, Action: route.MyPledgeTo(x.ID), Cancel: route.MyAgency, Button: ui.Button{Text: "Send the answer"},
		Intro: []string{"This is what your organisation is asked to give. You can change your answer until the year is agreed. If the line changes, you are asked again."},
		Fields: []templ.Component{ui.Hidden{Name: "revision", Value: strconv.Itoa(x.Revision)},
			ui.Radios{Field: f.Field("answer", "Is this what your organisation will give?", ""), Options: []ui.Option{
				{Value: string(funding.Confirmed), Text: "Yes, we confirm it"}, {Value: string(funding.Queried), Text: "No, or not as it stands", Hint: "Business support reads what you write"}}},
			ui.Textarea{Field: f.Field("words", "What is to be changed or explained?", "Needed if you do not confirm it"), Rows: 4, Max: 2000}}}
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

func (s *Server) postMyPledge(w http.ResponseWriter, r *http.Request) error {
	x, err := s.myPledge(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "revision", "answer", "words")
	if err != nil {
		return err
	}
	cmd := funding.PledgeCommand{Line: x.ID, Revision: revisionOf(f),
		Answer: funding.Answer(f.Choice("answer", "Choose whether you confirm the contribution", string(funding.Confirmed), string(funding.Queried))), Words: f.Text("words", "The words", 2000)}
	if f.Errors().Any() {
		return s.showMyPledge(w, r, x, f, "")
	}
	err = s.Years.AnswerPledge(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showMyPledge(w, r, x, f, "")
	}
	if errors.Is(err, fault.Conflict) {
		return s.showMyPledge(w, r, x, f, s.changedNotice(r, err))
	}
	if err != nil {
		return err
	}
	s.tell(r, "Answer sent", map[funding.Answer]string{funding.Confirmed: "Your organisation confirms the contribution.", funding.Queried: "Business support sees what you wrote."}[cmd.Answer])
	return redirect(w, r, route.MyAgency)
}

// fundingTasks are what the shared fund wants of the actor: pledges to confirm, queries to answer, a year to go on with.
func (s *Server) fundingTasks(r *http.Request, by authz.Actor) ([]page.HomeTask, error) {
	var tasks []page.HomeTask
	if by.Can(authz.ConfirmPledge) {
		list, err := s.Years.Pledges(r.Context(), by)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			if x.Answer == "" && !x.IsAgreed {
				tasks = append(tasks, page.HomeTask{Text: "Confirm or query what " + x.Name + " is to give for " + x.Year.String(), Path: route.MyPledgeTo(x.ID)})
			}
		}
	}
	if !funding.CanPlan(by) {
		return tasks, nil
	}
	years, err := s.Years.List(r.Context(), by)
	if err != nil {
		return nil, err
	}
	for _, h := range years {
		add := func(wanted bool, text string) {
			if wanted {
				tasks = append(tasks, page.HomeTask{Text: text + " " + h.Year.String(), Path: route.DeskFundingYearTo(h.Year.Path())})
			}
		}
		step := h.Next(s.today())
		add(h.Status() == funding.Proposed && h.Queried > 0, "Look at "+plural(h.Queried, "query", "queries")+" of agencies on")
		add(h.Declined && step == funding.StepOpen, "Revise what the partners sent back:")
		add(step == funding.StepReview, "Record the review of")
		add(step == funding.StepClose, "Close the financial year")
	}
	return tasks, nil
}
