package server

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// groupAct is one thing that can be done to a group, a meeting or an action, with a page that asks what it needs.
type groupAct struct {
	heading string
	intro   string
	warning string
	press   string
	done    string
	fields  []string
	upload  bool                                         // one of the fields is a file
	fill    func(*groupAsked)                            // what the fields hold at first, if anything
	ask     func(*groupAsked) ([]templ.Component, error) // draws the fields
	do      func(*groupAsked) error                      // reads them and does it; what is wrong with them is left in the form
}

// groupAsked is one request of an act.
type groupAsked struct {
	s       *Server
	r       *http.Request
	f       *form.Form
	group   group.Group
	meeting group.Meeting // where the address names one
	action  group.Action  // likewise
	back    ui.Link       // where the act came from and leads to
}

// askedOf reads what the address names.
func (s *Server) groupAskedOf(r *http.Request) (*groupAsked, error) {
	a := &groupAsked{s: s, r: r}
	var err error
	switch {
	case chi.URLParam(r, "meeting") != "":
		if a.group, a.meeting, err = s.meetingOf(r); err != nil {
			return nil, err
		}
		a.back = ui.Link{Text: "Meeting of " + a.meeting.On.Long(), Path: route.GroupMeetingTo(a.group.Slug, a.meeting.ID)}
	case chi.URLParam(r, "number") != "":
		if a.action, err = s.actionOf(r); err != nil {
			return nil, err
		}
		a.back = ui.Link{Text: "Action " + strconv.Itoa(a.action.Number), Path: route.GroupActionTo(a.action.Group, a.action.Number)}
		fallthrough
	default:
		if a.group, err = s.Groups.Group(r.Context(), actorOf(r), chi.URLParam(r, "slug")); err != nil {
			return nil, err
		}
		if a.back.Path == "" {
			a.back = ui.Link{Text: a.group.Name, Path: route.DeskGroupTo(a.group.Slug)}
		}
	}
	return a, nil
}

func (s *Server) getGroupAct(act groupAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.groupAskedOf(r)
		if err != nil {
			return err
		}
		a.f = form.New(nil)
		if act.fill != nil {
			act.fill(a)
		}
		return s.showGroupAct(w, act, a, "")
	}
}

func (s *Server) postGroupAct(act groupAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.groupAskedOf(r)
		if err != nil {
			return err
		}
		if a.f, err = formOf(r, act.fields...); err != nil {
			return err
		}
		err = act.do(a)
		if notice, ok := conflict(err); ok {
			s.note(r, err)
			return s.showGroupAct(w, act, a, notice)
		}
		if onForm(a.f, err) || a.f.Errors().Any() {
			return s.showGroupAct(w, act, a, "")
		}
		if err != nil {
			return err
		}
		s.tell(r, act.done, "")
		return redirect(w, r, a.back.Path)
	}
}

func (s *Server) showGroupAct(w http.ResponseWriter, act groupAct, a *groupAsked, notice string) error {
	fields, err := act.ask(a)
	if err != nil {
		return err
	}
	p := page.DeskForm{Caption: a.group.Name, Heading: act.heading, Warning: act.warning, Notice: notice, Errors: a.f.Errors(), Fields: fields,
		Action: a.r.URL.Path, Button: ui.Button{Text: act.press}, Cancel: a.back.Path, Upload: act.upload}
	if act.intro != "" {
		p.Intro = []string{act.intro}
	}
	v := view{title: act.heading + ", " + a.group.Name, current: route.DeskGroups, content: p.Content(), hasErrors: p.Errors.Any(), back: &a.back}
	if notice != "" {
		return s.show(w, a.r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, a.r, v)
}

// askBody draws what asks for an organisation: one of the members of a day, or another by its name.
func (a *groupAsked) askBody(field, label string, on day.Date) []templ.Component {
	return []templ.Component{
		ui.Select{Field: a.f.Field(field, label, ""), Options: memberOptions(a.group, on)},
		ui.Input{Field: a.f.Field(field+"-other", "Another organisation", "Its name as recorded, or the address of its page. Only if it is not in the list.")},
	}
}

// readBody reads what askBody asked for.
func (a *groupAsked) readBody(field, missing string) string {
	chosen, typed := a.f.Raw(field), a.f.Line(field+"-other", "Organisation")
	switch {
	case chosen == "" && typed == "":
		a.f.Fail(field, missing)
	case chosen != "" && typed != "":
		a.f.Fail(field, "Either choose an organisation from the list or name another one, not both")
	}
	return chosen + typed
}

// doBody runs what found an organisation by its name, and puts a refusal beside the field in which it was named.
func (a *groupAsked) doBody(field string, do func() error) error {
	err := do()
	f, ok := asFault(err)
	if ok && f.Field == field && a.f.Raw(field+"-other") != "" {
		return fault.Field(field+"-other", f.Message)
	}
	return err
}

func (a *groupAsked) member() (int64, error) { return pathID[int64](a.r, "member") }

// askFile draws what asks for a stored file.
func (a *groupAsked) askFile() []templ.Component {
	return []templ.Component{
		ui.FileUpload{Field: a.f.Field("file", "File", "A PDF, DOCX, XLSX, ODT, PNG, JPEG or CSV of 25 MB at most"), Accept: file.Accept},
		ui.Input{Field: a.f.Field("title", "Title (optional)", "What people call it. Without one it is called by the name of the file.")},
		ui.Select{Field: a.f.Field("language", "Language", ""), Options: languageOptions},
	}
}

// languageOptions are the languages that papers are likely to be in.
var languageOptions = []ui.Option{{Value: "en", Text: "English"}, {Value: "cy", Text: "Welsh"}, {Value: "pl", Text: "Polish"}, {Value: "ro", Text: "Romanian"},
	{Value: "pa", Text: "Panjabi"}, {Value: "ur", Text: "Urdu"}, {Value: "bn", Text: "Bengali"}, {Value: "ne", Text: "Nepali"}, {Value: "uk", Text: "Ukrainian"},
	{Value: "ar", Text: "Arabic"}, {Value: "so", Text: "Somali"}}

// readFile reads what askFile asked for.
func (a *groupAsked) readFile() (file.AddCommand, error) {
	known := make([]string, len(languageOptions))
	for i, o := range languageOptions {
		known[i] = o.Value
	}
	c := file.AddCommand{Title: a.f.Line("title", "Title"), Language: a.f.Choice("language", "Choose the language", known...)}
	sent, chosen, err := uploadedFile(a.r, "file")
	switch {
	case onForm(a.f, err):
	case err != nil:
		return c, err
	case !chosen:
		a.f.Fail("file", "Choose a file")
	}
	c.Content = sent
	return c, nil
}

// reason asks for the one field of an act that needs no more than a reason.
func reason(label, hint string) func(*groupAsked) ([]templ.Component, error) {
	return func(a *groupAsked) ([]templ.Component, error) {
		return []templ.Component{ui.Textarea{Field: a.f.Field("reason", label, hint), Rows: 3, Max: longestNote}}, nil
	}
}

// giving does an act that needs a reason.
func giving(missing string, do func(a *groupAsked, reason string) error) func(*groupAsked) error {
	return func(a *groupAsked) error {
		text := a.f.RequiredText("reason", "The reason", longestNote, missing)
		if a.f.Errors().Any() {
			return nil
		}
		err := do(a, text)
		if f, ok := asFault(err); ok && f.Field == "note" {
			return fault.Field("reason", f.Message)
		}
		return err
	}
}

func nothing(*groupAsked) ([]templ.Component, error) { return nil, nil }

func (a *groupAsked) withdrawn() (id.File, error) { return pathID[id.File](a.r, "file") }
