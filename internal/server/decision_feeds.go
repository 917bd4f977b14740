package server

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// feedEntries is how many of the latest records a feed names.
const feedEntries = 50

// atomFeed is a feed as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary"`
}

// showAtom answers with a feed of records.
func (s *Server) showAtom(w http.ResponseWriter, r *http.Request, title, self, page string, lines []decision.Line) error {
	name := s.partnership(r.Context(), true).Name
	feed := atomFeed{ID: s.whole(self), Title: title, Author: atomAuthor{Name: or(name, nameBeforeSettings)},
		Links: []atomLink{{Rel: "self", Href: s.whole(self)}, {Rel: "alternate", Href: s.whole(page)}}}
	latest := time.Time{}
	for _, l := range lines {
		if l.ChangedAt.After(latest) {
			latest = l.ChangedAt
		}
		address := s.whole(route.DecisionTo(l.Body.Slug, l.Ref))
		feed.Entries = append(feed.Entries, atomEntry{ID: address, Title: feedTitle(l), Updated: rfc3339(l.ChangedAt), Link: atomLink{Rel: "alternate", Href: address},
			Summary: l.Heading() + ". " + l.Body.Name + ". " + lineDate(l) + "."})
	}
	if latest.IsZero() {
		latest = s.Now().Truncate(24 * time.Hour) // an empty feed stays the same all day, so that readers need not fetch it again
	}
	feed.Updated = rfc3339(latest)
	body, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return fmt.Errorf("write a feed: %w", err)
	}
	return publicText(w, r, "application/atom+xml; charset=utf-8", xml.Header+string(body)+"\n")
}

func feedTitle(l decision.Line) string {
	return strings.TrimSpace(l.Number + " " + l.Subject + " (" + strings.ToLower(stageTag(l.Stage, l.WasMade).Text) + ")")
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (s *Server) getDecisionsAtom(w http.ResponseWriter, r *http.Request) error {
	f := decisionFilter(r.URL.Query())
	f.After, f.Limit = "", feedEntries
	query := filterQuery(f, "")
	if f.Sort == decision.Usual { // a feed tells what is new, in a search too
		f.Sort = decision.Newest
	}
	found, err := s.Register.List(r.Context(), f, s.today())
	if err != nil {
		return err
	}
	return s.showAtom(w, r, "Decisions", route.Asking(route.DecisionsAtom, query), route.Asking(route.Decisions, query), found.Lines)
}

// decisionList is a page of the register as programs read it.
type decisionList struct {
	Schema    string             `json:"schema"` // decision-list/1
	Decisions []decisionListLine `json:"decisions"`
	Next      string             `json:"next,omitempty"` // address of what follows
}

type decisionListLine struct {
	Address     string               `json:"address"`
	Record      string               `json:"record"` // address of the whole record as JSON
	Body        string               `json:"body"`
	Number      string               `json:"number,omitempty"`
	Subject     string               `json:"subject"`
	Maker       string               `json:"maker,omitempty"`
	Stage       decision.Stage       `json:"stage"`
	Made        bool                 `json:"made"` // whether there is a decision: a proposal never says true
	Key         decision.KeyState    `json:"key,omitempty"`
	Restriction decision.Restriction `json:"restriction"`
	ListedOn    day.Date             `json:"listed-on"`
	ChangedAt   string               `json:"changed-at"`
}

func (s *Server) getDecisionsJSON(w http.ResponseWriter, r *http.Request) error {
	f := decisionFilter(r.URL.Query())
	f.Limit = 500
	found, err := s.Register.List(r.Context(), f, s.today())
	if err != nil {
		return err
	}
	list := decisionList{Schema: "decision-list/1", Decisions: []decisionListLine{}}
	for _, l := range found.Lines {
		list.Decisions = append(list.Decisions, decisionListLine{Address: s.whole(route.DecisionTo(l.Body.Slug, l.Ref)), Record: s.whole(route.DecisionJSONTo(l.Body.Slug, l.Ref)),
			Body: l.Body.Name, Number: l.Number, Subject: l.Subject, Maker: l.Maker, Stage: l.Stage, Made: l.IsMade(), Key: l.Key, Restriction: l.Restriction,
			ListedOn: l.ListedOn, ChangedAt: rfc3339(l.ChangedAt)})
	}
	if found.Next != "" {
		list.Next = s.whole(route.Asking(route.DecisionsJSON, filterQuery(f, found.Next)))
	}
	return publicJSON(w, r, list)
}

func (s *Server) getForwardPlan(r *http.Request, today day.Date) (view, error) {
	coming, err := s.Register.ForwardPlan(r.Context(), today)
	if err != nil {
		return view{}, err
	}
	p := page.ForwardPlan{}
	for _, c := range coming {
		p.Items = append(p.Items, comingDecision(c))
	}
	if len(coming) > 0 {
		p.Files.Path = route.ForwardPlan
	}
	return view{title: "Forward plan", current: route.Decisions, canonical: route.ForwardPlan, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Decisions", Path: route.Decisions}, {Text: "Forward plan"}}}, nil
}

func comingDecision(c decision.Coming) page.ComingDecision {
	x := page.ComingDecision{Subject: c.Subject, Path: route.DecisionTo(c.Body.Slug, c.Ref), Stage: stageTag(c.Stage, c.WasMade), Demo: c.IsDemonstration,
		Note: planNote(c), Rows: []ui.Row{{Key: "Decision due", Value: or(c.DueOn.Words(), "Not known")}, {Key: "Decision maker", Value: or(c.Maker, "Not recorded") + ", " + c.Body.Name},
			{Key: "Number", Value: or(c.Number, "None yet")}, {Key: "Notice given", Value: noticeWords(c)}, {Key: "Why it is a key decision", Value: or(c.Content.KeyReason, "Not recorded")}}}
	if c.Content.Contact != "" {
		x.Rows = append(x.Rows, ui.Row{Key: "Contact", Value: c.Content.Contact})
	}
	return x
}

func planNote(c decision.Coming) string {
	switch {
	case c.Overdue:
		return "The day on which it was due has passed."
	case c.ShortNotice && c.Content.Route != decision.Ordinary:
		return "Shorter notice than usual: " + string(c.Content.Route) + "."
	case c.ShortNotice:
		return "Due before its period of notice has run."
	}
	return ""
}

func noticeWords(c decision.Coming) string {
	if c.NoticeOn.IsZero() {
		return "Not recorded"
	}
	words := c.NoticeOn.Words()
	if c.ClearDays >= 0 {
		words += ", " + plural(c.ClearDays, "clear day", "clear days") + " before"
	}
	return words
}

func (s *Server) forwardPlanTable(r *http.Request) (string, sheet.Table, error) {
	coming, err := s.Register.ForwardPlan(r.Context(), s.today())
	t := sheet.Table{Title: "Forward plan", Header: []string{"Number", "Subject", "Body", "Decision maker", "Stage", "Notice", "Clear days", "Due", "Why it is a key decision", "Note", "Address"}}
	for _, c := range coming {
		clearDays := ""
		if c.ClearDays >= 0 {
			clearDays = fmt.Sprint(c.ClearDays)
		}
		t.Rows = append(t.Rows, []string{c.Number, c.Subject, c.Body.Name, c.Maker, string(c.Stage), c.NoticeOn.Words(), clearDays, c.DueOn.Words(), c.Content.KeyReason, planNote(c),
			s.whole(route.DecisionTo(c.Body.Slug, c.Ref))})
	}
	return tableName("forward-plan", s.today()), t, err
}

func (s *Server) getForwardPlanAtom(w http.ResponseWriter, r *http.Request) error {
	coming, err := s.Register.ForwardPlan(r.Context(), s.today())
	if err != nil {
		return err
	}
	lines := make([]decision.Line, len(coming))
	for i, c := range coming {
		lines[i] = c.Line
	}
	return s.showAtom(w, r, "Forward plan: key decisions to come", route.ForwardPlanAtom, route.ForwardPlan, lines)
}

// getForwardPlanICS answers with a calendar (RFC 5545): one whole-day entry for each decision that is due on a known day.
func (s *Server) getForwardPlanICS(w http.ResponseWriter, r *http.Request) error {
	coming, err := s.Register.ForwardPlan(r.Context(), s.today())
	if err != nil {
		return err
	}
	var b strings.Builder
	line := func(text string) { b.WriteString(foldICS(text)) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Partnership Portal//Forward plan//EN")
	line("NAME:Forward plan")
	for _, c := range coming {
		if c.DueOn.IsZero() || c.DueOn.Precision != day.Exact {
			continue
		}
		address := s.whole(route.DecisionTo(c.Body.Slug, c.Ref))
		line("BEGIN:VEVENT")
		line("UID:" + escapeICS(address))
		line("DTSTAMP:" + c.ChangedAt.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE:" + strings.ReplaceAll(c.DueOn.Date.String(), "-", ""))
		line("DTEND;VALUE=DATE:" + strings.ReplaceAll(c.DueOn.Date.Add(1).String(), "-", ""))
		line("SUMMARY:" + escapeICS("Decision due: "+c.Subject))
		line("DESCRIPTION:" + escapeICS(c.Body.Name+". "+or(c.Maker, "Decision maker not recorded")+". No decision has been made."))
		line("URL:" + address)
		line("TRANSP:TRANSPARENT")
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	w.Header().Set("Content-Disposition", `attachment; filename="forward-plan.ics"`)
	return publicText(w, r, "text/calendar; charset=utf-8", b.String())
}

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

func escapeICS(text string) string { return icsEscapes.Replace(text) }

// foldICS breaks a line of a calendar after 75 bytes, never inside a character.
func foldICS(text string) string {
	var b strings.Builder
	width := 0
	for _, c := range text {
		n := len(string(c))
		if width+n > 74 {
			b.WriteString("\r\n ")
			width = 1
		}
		b.WriteRune(c)
		width += n
	}
	return b.String() + "\r\n"
}
