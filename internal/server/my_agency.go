package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getMyAgency(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Members.MyAgencies(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	pledges, err := s.myPledges(r)
	if err != nil {
		return err
	}
	var p page.MyAgency
	for _, e := range list {
		pledged, known := pledges[e.Slug]
		if !known {
			pledged = pledgeTable()
		}
		p.Entries = append(p.Entries, myEntry(e, pledged, len(list) > 1))
	}
	return s.show(w, r, http.StatusOK, view{title: "My agency", current: route.MyAgency, content: p.Content()})
}

var schemeWords = map[string]string{"gss": "ONS area code", "ods": "NHS organisation code", "urn": "School number (URN)", "ukprn": "Learning provider number (UKPRN)",
	"charity": "Charity number", "company": "Company number"}

// myEntry is one agency's entry; among several, its tables are announced with its name.
func myEntry(e membership.AgencyEntry, pledged ui.Table, several bool) page.MyAgencyEntry {
	codes := make([]string, len(e.Identifiers))
	for i, x := range e.Identifiers {
		codes[i] = or(schemeWords[x.Scheme], x.Scheme) + " " + x.Value
	}
	p := page.MyAgencyEntry{Name: e.Name, PublicPath: route.OrganisationTo(e.Slug), Propose: route.MyAgencyCorrectionFor(e.Slug), Names: nameTable(e.Organisation),
		Rows: []ui.Row{{Key: "Kind", Value: sentence(e.Kind)}, {Key: "Address", Value: or(e.Address, "None is recorded")},
			{Key: "Codes in registers", Value: or(strings.Join(codes, ", "), "None is recorded")}},
		Terms: myTerms(e), Posts: myPosts(e.Posts), Readers: readerTable(e.Readers, ""), Versions: publicNamedTable(e.NamedIn), Corrections: myCorrections(e.Corrections), Pledges: pledged}
	p.Names.HideCaption = false
	if several {
		for _, t := range []*ui.Table{&p.Names, &p.Terms, &p.Posts, &p.Readers, &p.Versions, &p.Corrections, &p.Pledges} {
			t.Caption += " of " + e.Name
		}
	}
	return p
}

func myTerms(e membership.AgencyEntry) ui.Table {
	t := ui.Table{Caption: "As relevant agency", RowHeaders: true, Empty: "It is not and was not a relevant agency.",
		Columns: []ui.Column{{Text: "When"}, {Text: "Why it is included"}, {Text: "Categories of the Schedule"}, {Text: "Reason"}}}
	for _, a := range e.Agency {
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(term(a.StartsOn, a.EndsOn))}, {Text: basisWords(a.Basis)},
			{Text: or(strings.Join(a.Categories, "; "), "None")}, {Text: or(a.Reason, "None given")}})
	}
	return t
}

func myPosts(list []membership.EntryPost) ui.Table {
	t := ui.Table{Caption: "Contact posts", RowHeaders: true, Empty: "No contact post is recorded.",
		Columns: []ui.Column{{Text: "Post"}, {Text: "E-mail"}, {Text: "Telephone"}}}
	for _, x := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.Title}, {Text: or(x.Email, "None")}, {Text: or(x.Phone, "None")}})
	}
	return t
}

func myCorrections(list []membership.Correction) ui.Table {
	t := ui.Table{Caption: "Corrections proposed", RowHeaders: true, Empty: "No correction was proposed yet.",
		Columns: []ui.Column{{Text: "About"}, {Text: "What is wrong"}, {Text: "What it should say"}, {Text: "Proposed"}, {Text: "State"}, {Text: "Answer"}}}
	for _, c := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: correctionWords[c.Field]}, {Text: c.Words}, {Text: or(c.Suggested, "Not given")},
			{Text: c.Proposer + ", " + day.Of(c.ProposedAt).Long()}, {Text: correctionState(c)}, {Text: or(c.Answer, "None")}})
	}
	return t
}

// myEntryOf finds the agency that a correction is about: the one named, or the only one.
func myEntryOf(list []membership.AgencyEntry, slug string) (membership.AgencyEntry, error) {
	i := slices.IndexFunc(list, func(e membership.AgencyEntry) bool { return e.Slug == slug })
	switch {
	case i >= 0:
		return list[i], nil
	case slug == "" && len(list) == 1:
		return list[0], nil
	}
	return membership.AgencyEntry{}, errNoPage
}

func (s *Server) getMyAgencyCorrection(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Members.MyAgencies(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	e, err := myEntryOf(list, r.URL.Query().Get("agency"))
	if err != nil {
		return err
	}
	return s.showMyCorrection(w, r, e, form.New(url.Values{}))
}

func (s *Server) showMyCorrection(w http.ResponseWriter, r *http.Request, e membership.AgencyEntry, f *form.Form) error {
	about := []ui.Option{{Text: "Choose what is wrong"}}
	for _, x := range membership.CorrectionFields() {
		if strings.HasPrefix(x, "post-") && len(e.Posts) == 0 {
			continue
		}
		about = append(about, ui.Option{Value: x, Text: correctionWords[x]})
	}
	p := page.DeskForm{Caption: e.Name, Heading: "Propose a correction", Errors: f.Errors(), Action: route.MyAgencyCorrection, Cancel: route.MyAgency,
		Button: ui.Button{Text: "Send the proposal"}, Intro: []string{"Business support accepts it or declines it with a reason. You are told by letter."},
		Fields: []templ.Component{ui.Hidden{Name: "agency", Value: e.Slug}, ui.Select{Field: f.Field("field", "What is wrong?", ""), Options: about}}}
	if len(e.Posts) > 0 {
		posts := []ui.Option{{Text: "None"}}
		for _, x := range e.Posts {
			posts = append(posts, ui.Option{Value: strconv.FormatInt(x.ID, 10), Text: x.Title})
		}
		p.Fields = append(p.Fields, ui.Select{Field: f.Field("post", "Contact post", "Only if a detail of a contact post is wrong"), Options: posts})
	}
	p.Fields = append(p.Fields, ui.Textarea{Field: f.Field("words", "Say what is wrong", "In your own words"), Rows: 4, Max: 2000},
		ui.Textarea{Field: f.Field("suggested", "What should it say? (optional)", "Needed for details of a contact post"), Rows: 2, Max: 2000})
	return s.showForm(w, r, view{title: p.Heading + ": " + e.Name, current: route.MyAgency, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "My agency", Path: route.MyAgency}})
}

func (s *Server) postMyAgencyCorrection(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Members.MyAgencies(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	f, err := formOf(r, "agency", "field", "post", "words", "suggested")
	if err != nil {
		return err
	}
	e, err := myEntryOf(list, f.Raw("agency"))
	if err != nil {
		return err
	}
	posts := []string{""}
	for _, x := range e.Posts {
		posts = append(posts, strconv.FormatInt(x.ID, 10))
	}
	cmd := membership.CorrectionCommand{Organisation: e.ID, Field: f.Choice("field", "Choose what is wrong", membership.CorrectionFields()...)}
	if f.Raw("post") != "" {
		chosen := slices.Index(posts, f.Choice("post", "Choose a contact post of your organisation", posts...))
		if chosen > 0 {
			cmd.Post = e.Posts[chosen-1].ID
		}
	}
	cmd.Words = f.RequiredText("words", "What is wrong", 2000, "Enter what is wrong")
	cmd.Suggested = f.Text("suggested", "What it should say", 2000)
	if f.Errors().Any() {
		return s.showMyCorrection(w, r, e, f)
	}
	_, err = s.Members.ProposeCorrection(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showMyCorrection(w, r, e, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Proposal sent", "Business support is told. The answer will stand on this page.")
	return redirect(w, r, route.MyAgency)
}
