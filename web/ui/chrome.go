// Package ui is the site's component library. Every exported struct is a component that draws itself; what wraps other
// content is a function. Components show what they are given and know no clock, database or request.
package ui

import (
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/web/route"
)

// Chrome is what stands around the content of a page.
type Chrome struct {
	Title       string // of the page alone; the partnership's name is added
	Partnership Partnership
	Nav         []Link // empty means PublicNav
	Current     string // path of the navigation entry that the page belongs to
	SignedIn    *User
	Public      bool // a page of the public side: it offers "Sign in" and knows nobody
	Demo        bool // the demonstration's banner
	Concern     Concern
	Flash       *Flash
	HasErrors   bool
	Canonical   string // whole address, public pages only
	Back        *Link
	Breadcrumbs []Link // the last is the page itself and has no path
	LastChanged string // in words, such as "17 September 2019"
	NoIndex     bool
}

// Partnership names the partnership that the portal serves.
type Partnership struct {
	Name      string
	ShortName string
	LogoText  string // shown in the header instead of the name where set
}

// User is the person signed in.
type User struct {
	Name        string
	RoleLine    string // such as "Lead officer, Kent Police"
	IdleSeconds int    // after which an idle session ends; zero shows no warning
}

// Link is a text and where it leads.
type Link struct {
	Text string
	Path string
}

// Concern is what the partnership says to somebody worried about a child.
type Concern struct {
	Text    string // replaces the standing sentence where set
	Numbers []Number
}

// Number is a telephone number with its label and hours.
type Number struct {
	Label  string
	Number string
	Hours  string
}

// Flash is a message that one page hands to the next.
type Flash struct {
	Heading string
	Text    string
	Success bool
}

// PublicNav is the navigation of the public side.
func PublicNav() []Link {
	return []Link{
		{"Arrangements", route.Arrangements},
		{"Safeguarding partners", route.Partners},
		{"Relevant agencies", route.Agencies},
		{"Decisions", route.Decisions},
		{"Funding", route.Funding},
		{"How arrangements are agreed", route.HowArrangementsAgree},
	}
}

func (c Chrome) nav() []Link {
	if len(c.Nav) == 0 {
		return PublicNav()
	}
	return c.Nav
}

func (c Chrome) fullTitle() string {
	title := c.Partnership.Name
	if c.Title != "" && c.Title != title {
		title = c.Title + " – " + title
	}
	if c.HasErrors {
		title = "Error: " + title
	}
	return title
}

func (c Chrome) headerName() string {
	if c.Partnership.LogoText != "" {
		return c.Partnership.LogoText
	}
	return c.Partnership.Name
}

func (c Chrome) homePath() string {
	if c.SignedIn != nil {
		return route.Home
	}
	return route.Root
}

func (n Number) tel() templ.SafeURL {
	return templ.URL("tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, n.Number))
}

func footerLinks() []Link {
	return []Link{
		{"How arrangements are agreed", route.HowArrangementsAgree},
		{"Accessibility", route.Accessibility},
		{"Privacy", route.Privacy},
		{"Cookies", route.Cookies},
		{"Contact", route.Contact},
	}
}
