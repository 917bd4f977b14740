package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// chromeLife is how long the partnership's names and numbers are shown before they are read again.
const chromeLife = 5 * time.Second

// chromeCache keeps what every page shows of the partnership, so that an error page needs no database.
type chromeCache struct {
	mu       sync.Mutex
	read     time.Time
	settings membership.Settings
}

// partnership gives the settings to show. When they can't be read the last known ones are shown.
func (s *Server) partnership(ctx context.Context, mayRead bool) membership.Settings {
	s.chrome.mu.Lock()
	defer s.chrome.mu.Unlock()
	now := s.Now()
	if !mayRead || (!s.chrome.read.IsZero() && now.Sub(s.chrome.read) < chromeLife) {
		return s.chrome.settings
	}
	set, err := s.Settings.Public(ctx)
	if err != nil {
		if rec := recordOf(ctx); rec.cause == nil {
			rec.cause = err
		}
		return s.chrome.settings
	}
	s.chrome.settings, s.chrome.read = set, now
	return set
}

// forgetChrome makes the next page read the settings anew.
func (s *Server) forgetChrome() {
	s.chrome.mu.Lock()
	defer s.chrome.mu.Unlock()
	s.chrome.read = time.Time{}
}

const nameBeforeSettings = "Partnership Portal"

func (s *Server) chromeFor(r *http.Request, v view, mayRead bool) ui.Chrome {
	return s.chromeWith(r, v, s.partnership(r.Context(), mayRead))
}

func (s *Server) chromeWith(r *http.Request, v view, set membership.Settings) ui.Chrome {
	rec := recordOf(r.Context())
	c := ui.Chrome{
		Title: v.title, Current: v.current, Public: !rec.session, Demo: s.Demonstration, HasErrors: v.hasErrors,
		Back: v.back, Breadcrumbs: v.breadcrumbs, LastChanged: v.lastChanged, NoIndex: v.noIndex,
		Partnership: ui.Partnership{Name: set.Name, ShortName: set.ShortName, LogoText: set.LogoText},
	}
	if c.Partnership.Name == "" {
		c.Partnership.Name = nameBeforeSettings
	}
	for _, n := range set.Numbers {
		c.Concern.Numbers = append(c.Concern.Numbers, ui.Number{Label: n.Label, Number: n.Number, Hours: n.Hours})
	}
	if v.canonical != "" {
		c.Canonical = s.BaseURL.String() + v.canonical
	}
	if rec.session {
		c.Flash = s.popFlash(r)
	}
	if rec.actor.SignedIn() {
		c.SignedIn = &ui.User{Name: rec.actor.Name, RoleLine: roleLine(rec.actor), IdleSeconds: int(sessionIdle.Seconds())}
		c.Nav = navFor(rec.actor)
	}
	return c
}

// section is a part of the signed-in side: an entry of the navigation and of the home page.
type section struct {
	path string
	name string
	what string // one sentence on the home page
	who  access
}

// sections are in the order of the navigation.
var sections = []section{
	{route.Desk, "Desk", "What is waiting: drafts, rounds of sign-off, and what can be published.", can(authz.ReadDrafts)},
	{route.DeskAttention, "Attention", "What is wrong with the membership, or soon will be, and where to mend it.", can(authz.ReadAttention)},
	{route.SignOff, "Sign-off", "Texts that are put to the safeguarding partners, and who has signed them.", can(authz.ReadRound)},
	{route.Delegation, "Delegation", "Who may sign in the lead officer’s place, for which days and papers.", can(authz.NameDelegate)},
	{route.DeskAppointments, "Appointments", "Who may sign for a safeguarding partner, proposed by one person and confirmed by another.", seesAppointments},
	{route.DeskOrganisations, "Organisations", "The safeguarding partners, the relevant agencies and their predecessors.", can(authz.EditMembership)},
	{route.DeskAgencies, "Agencies", "The relevant agencies by name, category and state, and what is missing of each.", can(authz.EditMembership)},
	{route.MyAgency, "My agency", "What is kept of your organisation, and corrections that you propose.", can(authz.ProposeCorrection)},
	{route.DeskFunding, "Funding", "The shared fund by financial year: who gives what, the budget, and what each year wants next.", can(authz.ReadFunding)},
	{route.Years, "Funding", "The shared fund by financial year, also what the public does not see yet.", can(authz.ReadFundingYears)},
	{route.DeskLedgers, "Ledger and bank", "What was invoiced, received and spent for each financial year, and the bank’s statement.", can(authz.ReadFundingYears)},
	{route.DeskDecisions, "Decisions", "Records of decision: enter, move to the next stage, publish, and what falls due.", can(authz.ReadDecisions)},
	{route.DeskDecisionRules, "Register rules", "What the stages of a decision ask for, periods, the form of numbers and bank holidays.", can(authz.EditDecisionRules)},
	{route.DeskGroups, "Groups", "The groups of the partnership: members, meetings, papers, minutes and actions.", can(authz.EditGroups)},
	{route.GroupWork, "Groups", "Meetings, papers and actions of the groups in which you take part.", can(authz.FollowGroups)},
	{route.DeskPosts, "Posts", "The posts of the bodies and of the partnership, who holds them, and how they are reached.", can(authz.EditMembership)},
	{route.DeskMessages, "Messages", "The letters that the portal has written, and what became of them.", can(authz.ReadLetters)},
	{route.AdminUsers, "Users", "Invite people, give and end roles, suspend accounts.", can(authz.AdministerAccount)},
	{route.AdminGuidance, "Guidance", "Editions of the statutory guidance and what each asks of the arrangements.", can(authz.EditGuidance)},
	{route.AdminSettings, "Settings", "The partnership's name, areas, contact and telephone numbers.", can(authz.EditSettings)},
}

// homeOnly are reached from the home page and the desk: the navigation of business support would take two lines.
var homeOnly = map[string]bool{route.DeskAttention: true, route.DeskPosts: true, route.DeskMessages: true, route.DeskLedgers: true}

func sectionsFor(by authz.Actor) []section {
	var mine []section
	for _, sec := range sections {
		if sec.path == route.Years && by.Can(authz.ReadFunding) {
			continue // who sees the desk's years needs no second way to them
		}
		if sec.who.allows(by) {
			mine = append(mine, sec)
		}
	}
	return mine
}

func navFor(by authz.Actor) []ui.Link {
	nav := []ui.Link{{Text: "Home", Path: route.Home}}
	for _, sec := range sectionsFor(by) {
		if homeOnly[sec.path] {
			continue
		}
		nav = append(nav, ui.Link{Text: sec.name, Path: sec.path})
	}
	return append(nav, ui.Link{Text: "Arrangements", Path: route.Arrangements})
}

var roleNames = map[authz.Role]string{
	authz.AgencyStaff:     "Agency staff",
	authz.LeadOfficer:     "Lead officer",
	authz.Office:          "Private office",
	authz.BusinessSupport: "Business support",
	authz.Scrutineer:      "Independent scrutineer",
	authz.Administrator:   "Administrator",
}

// roleLine names the offices and roles of the actor, as under their name in the header.
func roleLine(by authz.Actor) string {
	var names []string
	for _, seat := range by.Seats {
		names = append(names, seat.Office)
	}
	for _, role := range authz.Roles() {
		if role != authz.LeadOfficer && by.Has(role) {
			names = append(names, roleNames[role])
		}
	}
	return strings.Join(names, ", ")
}

// flash is a message for the next page.
type flash struct {
	Heading string
	Text    string
	Success bool
}

// tell hands a message to the next page: something was done.
func (s *Server) tell(r *http.Request, heading, text string) {
	s.putFlash(r, flash{Heading: heading, Text: text, Success: true})
}

func (s *Server) putFlash(r *http.Request, f flash) {
	text, err := json.Marshal(f)
	if err != nil {
		return // three plain fields always marshal
	}
	s.sessions.Put(r.Context(), keyFlash, string(text))
}

func (s *Server) popFlash(r *http.Request) *ui.Flash {
	text := s.sessions.PopString(r.Context(), keyFlash)
	var f flash
	if text == "" || json.Unmarshal([]byte(text), &f) != nil {
		return nil
	}
	return &ui.Flash{Heading: f.Heading, Text: f.Text, Success: f.Success}
}
