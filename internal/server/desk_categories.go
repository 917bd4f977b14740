package server

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var confidenceWords = map[string]string{"confirmed": "Confirmed", "part-confirmed": "Partly confirmed", "unconfirmed": "Unconfirmed"}

func (s *Server) getDeskCategories(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Members.CategoryLines(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	var p page.DeskCategories
	at := map[string]int{}
	for _, c := range list {
		i, known := at[c.GroupName]
		if !known {
			i = len(p.Groups)
			at[c.GroupName] = i
			p.Groups = append(p.Groups, ui.Table{Caption: c.GroupName, RowHeaders: true,
				Columns: []ui.Column{{Text: "Paragraph and wording"}, {Text: "Confidence"}, {Text: "In force"}, {Text: "Agencies today"}}})
		}
		number := strconv.Itoa(c.Paragraph)
		p.Groups[i].Rows = append(p.Groups[i].Rows, []ui.Cell{{Text: number + ". " + c.Category.Category, Path: route.DeskAgencyCategoryTo(c.Paragraph)},
			{Text: confidenceWords[c.Confidence]}, {Text: inForceWords(c.Category)}, {Text: countOrNone(c.Agencies), Path: route.DeskAgenciesOf("category", number)}})
	}
	return s.show(w, r, http.StatusOK, view{title: "Categories of the Schedule", current: route.DeskAgencies, content: withFiles(p.Content(), route.DeskAgencyCategories, ""),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Relevant agencies", Path: route.DeskAgencies}, {Text: "Categories of the Schedule"}}})
}

func inForceWords(c membership.Category) string {
	if c.StartsOn.IsZero() && c.EndsOn.IsZero() {
		return "First day not known"
	}
	return sentence(term(c.StartsOn, c.EndsOn))
}

func (s *Server) getDeskCategoryAdd(w http.ResponseWriter, r *http.Request) error {
	return s.showCategory(w, r, form.New(nil), membership.CategoryRecord{})
}

func (s *Server) postDeskCategoryAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "paragraph", "group", "category", "confidence", "source", "starts", "ends")
	if err != nil {
		return err
	}
	c := membership.Category{Paragraph: f.Int("paragraph", "Paragraph", "Enter the number of the paragraph", 1, 999)}
	readCategory(f, &c)
	if f.Errors().Any() {
		return s.showCategory(w, r, f, membership.CategoryRecord{})
	}
	err = s.Members.AddCategory(r.Context(), actorOf(r), c)
	if onForm(f, err) {
		return s.showCategory(w, r, f, membership.CategoryRecord{})
	}
	if err != nil {
		return err
	}
	s.tell(r, "Category added", "")
	return redirect(w, r, route.DeskAgencyCategories)
}

func readCategory(f *form.Form, c *membership.Category) {
	c.GroupName = f.Required("group", "Group", "Enter the group")
	c.Category = f.RequiredText("category", "Wording", 300, "Enter the wording")
	c.Confidence = f.Choice("confidence", "Choose how sure the wording is", membership.Confidences()...)
	c.Source = f.Text("source", "Source", 300)
	c.StartsOn = f.Date("starts", "First day", "")
	c.EndsOn = f.Date("ends", "Last day", "")
}

// categoryOf reads the category that the address names.
func (s *Server) categoryOf(r *http.Request) (membership.CategoryRecord, error) {
	n, err := strconv.Atoi(chi.URLParam(r, "paragraph"))
	if err != nil || n < 1 || n > 999 || strconv.Itoa(n) != chi.URLParam(r, "paragraph") {
		return membership.CategoryRecord{}, errNoPage
	}
	return s.Members.Category(r.Context(), actorOf(r), n)
}

func (s *Server) getDeskCategory(w http.ResponseWriter, r *http.Request) error {
	c, err := s.categoryOf(r)
	if err != nil {
		return err
	}
	values := url.Values{"group": {c.GroupName}, "category": {c.Category.Category}, "confidence": {c.Confidence}, "source": {c.Source}}
	form.PutDate(values, "starts", c.StartsOn)
	form.PutDate(values, "ends", c.EndsOn)
	return s.showCategory(w, r, form.New(values), c)
}

func (s *Server) postDeskCategory(w http.ResponseWriter, r *http.Request) error {
	c, err := s.categoryOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "group", "category", "confidence", "source", "starts", "ends")
	if err != nil {
		return err
	}
	changed := membership.Category{Paragraph: c.Paragraph}
	readCategory(f, &changed)
	if f.Errors().Any() {
		return s.showCategory(w, r, f, c)
	}
	err = s.Members.SaveCategory(r.Context(), actorOf(r), changed)
	if onForm(f, err) {
		return s.showCategory(w, r, f, c)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Category saved", "What it said before is kept.")
	return redirect(w, r, route.DeskAgencyCategoryTo(c.Paragraph))
}

// showCategory draws the form of a category; with paragraph zero it is a new one.
func (s *Server) showCategory(w http.ResponseWriter, r *http.Request, f *form.Form, c membership.CategoryRecord) error {
	p := page.DeskCategory{Form: page.DeskForm{Heading: "Add a category", Errors: f.Errors(), Action: route.DeskAgencyCategoryAdd, Cancel: route.DeskAgencyCategories,
		Button: ui.Button{Text: "Add category"}}, Earlier: earlierWordings(c.Earlier)}
	if c.Paragraph != 0 {
		number := strconv.Itoa(c.Paragraph)
		p.Form.Heading, p.Form.Action, p.Form.Button.Text = "Paragraph "+number, route.DeskAgencyCategoryTo(c.Paragraph), "Save category"
		p.Form.Caption = "Categories of the Schedule"
		p.Form.Intro = []string{"What it says now stays on record when you change it. To end it, enter its last day."}
	} else {
		p.Form.Fields = []templ.Component{ui.Input{Field: f.Field("paragraph", "Paragraph", "Its number in the Schedule"), InputMode: "numeric", Width: "3"}}
	}
	var sure []ui.Option
	for _, x := range membership.Confidences() {
		sure = append(sure, ui.Option{Value: x, Text: confidenceWords[x]})
	}
	sure[0].Hint = "Read in the law itself. Only this is shown to the public."
	p.Form.Fields = append(p.Form.Fields,
		ui.Input{Field: f.Field("group", "Group", "For example Education and childcare")},
		ui.Textarea{Field: f.Field("category", "Wording", ""), Rows: 2, Max: 300},
		ui.Radios{Field: f.Field("confidence", "How sure is the wording?", ""), Options: sure},
		ui.Input{Field: f.Field("source", "Source", "Where the wording was read. Needed for confirmed wording")},
		ui.DateInput{Field: f.DateField("starts", "First day in force (optional)", "Leave empty if it is not known")},
		ui.DateInput{Field: f.DateField("ends", "Last day in force (optional)", "Leave empty while it lasts")})
	v := view{title: p.Form.Heading, current: route.DeskAgencies, content: p.Content(), hasErrors: p.Form.Errors.Any(),
		back: &ui.Link{Text: "Categories of the Schedule", Path: route.DeskAgencyCategories}}
	return s.showForm(w, r, v)
}

func earlierWordings(list []membership.CategoryWording) ui.Table {
	t := ui.Table{Caption: "What it said before", RowHeaders: true,
		Columns: []ui.Column{{Text: "Until"}, {Text: "Wording"}, {Text: "Group"}, {Text: "Confidence"}, {Text: "In force"}, {Text: "Source"}}}
	for _, e := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: day.Clock(e.KnownUntil)}, {Text: e.Category.Category}, {Text: e.GroupName}, {Text: confidenceWords[e.Confidence]},
			{Text: inForceWords(e.Category)}, {Text: e.Source}})
	}
	return t
}
