package membership

import (
	"context"
	"strconv"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// AgencyPageSize is how many agencies a page of a list shows.
const AgencyPageSize = 100

// AgencyKey is where a page of a list begins or ends: after a name, and among equal names after a body.
type AgencyKey struct {
	Name         string // in small letters
	Organisation id.Organisation
}

// IsZero tells whether there is no key: the first page.
func (k AgencyKey) IsZero() bool { return k == AgencyKey{} }

// String is the key as it stands in an address.
func (k AgencyKey) String() string {
	if k.IsZero() {
		return ""
	}
	return strconv.FormatInt(int64(k.Organisation), 10) + "-" + k.Name
}

// ParseAgencyKey reads a key from an address. What is none is the first page.
func ParseAgencyKey(s string) AgencyKey {
	number, name, found := strings.Cut(s, "-")
	n, err := id.Parse[id.Organisation](number)
	if err != nil || !found {
		return AgencyKey{}
	}
	return AgencyKey{Name: name, Organisation: n}
}

// AgencyFilter narrows the public list of agencies; zero values mean any.
type AgencyFilter struct {
	On     day.Date // whose agencies and names
	Text   string   // part of a name that the body has or had
	Group  string   // of the Schedule
	Letter string   // a to z: how the name of the day begins
	After  AgencyKey
	Before AgencyKey // the page that ends before this
}

func (f AgencyFilter) narrowed() bool { return f.Text != "" || f.Group != "" || f.Letter != "" }

// AgencyPage is a page of the public list.
type AgencyPage struct {
	Agencies []PublicAgency
	Total    int       // that the filter lets through, on all pages
	All      int       // of the day
	Previous AgencyKey // what the page before ends before; none on the first page
	Next     AgencyKey // what the next page begins after; none on the last page
}

// AgencyGroup is a group of the Schedule with how many agencies of a day fall under it.
type AgencyGroup struct {
	Name     string // empty for those under no confirmed category
	Agencies int
}

// AgencyPage reads one page of the relevant agencies of a day, by name.
func (p *Public) AgencyPage(ctx context.Context, f AgencyFilter) (AgencyPage, error) {
	n, err := countPublicAgencies(ctx, p.db, f)
	if err != nil {
		return AgencyPage{}, err
	}
	page := AgencyPage{All: n.all, Total: n.total}
	page.Agencies, err = selectPublicAgencies(ctx, p.db, f, AgencyPageSize+1, n.gaps)
	if err != nil {
		return AgencyPage{}, err
	}
	page.Agencies, page.Previous, page.Next = cut(page.Agencies, f.After, f.Before, func(a PublicAgency) AgencyKey { return a.Key })
	return page, nil
}

// cut takes the one line too many from a page, which tells whether there is another, and gives the keys of its neighbours.
func cut[T any](list []T, after, before AgencyKey, key func(T) AgencyKey) (page []T, previous, next AgencyKey) {
	more := len(list) > AgencyPageSize
	backwards := !before.IsZero()
	if more && backwards {
		list = list[len(list)-AgencyPageSize:]
	} else if more {
		list = list[:AgencyPageSize]
	}
	if len(list) == 0 {
		return list, AgencyKey{}, AgencyKey{}
	}
	if backwards && more || !backwards && !after.IsZero() {
		previous = key(list[0])
	}
	if backwards || more {
		next = key(list[len(list)-1])
	}
	return list, previous, next
}

// AgencyGroups counts the agencies of a day under each group of the Schedule whose wording is confirmed.
func (p *Public) AgencyGroups(ctx context.Context, on day.Date) ([]AgencyGroup, error) {
	return selectAgencyGroups(ctx, p.db, on)
}

// AgencyState is where a body stands as relevant agency.
type AgencyState string

// The states that the desk's list can be narrowed to.
const (
	AgencyCurrent AgencyState = "current"
	AgencyEnded   AgencyState = "ended"
	AgencyComing  AgencyState = "coming"
)

// AgencyStates lists them.
func AgencyStates() []AgencyState { return []AgencyState{AgencyCurrent, AgencyEnded, AgencyComing} }

// AgencyGap is what is missing of an agency.
type AgencyGap string

// The gaps that the desk's list can be narrowed to.
const (
	NoCategory AgencyGap = "category" // though it is no invitee
	NoReader   AgencyGap = "reader"
	NoVersion  AgencyGap = "version" // that is published or in work names it
)

// AgencyGaps lists them.
func AgencyGaps() []AgencyGap { return []AgencyGap{NoCategory, NoReader, NoVersion} }

// DeskAgencyFilter narrows the desk's list of agencies; zero values mean any, and for the state the current ones.
type DeskAgencyFilter struct {
	Text     string // part of a name that the body has or had
	Category int    // paragraph of the Schedule
	Basis    Basis
	State    AgencyState
	Gap      AgencyGap
	After    AgencyKey
	Before   AgencyKey
}

// DeskAgency is a line of the desk's list.
type DeskAgency struct {
	Key             AgencyKey `db:"-"`
	Organisation    id.Organisation
	Agency          id.Agency
	Sort            string
	Slug            string
	Name            string // of today
	Basis           Basis
	Reason          string
	Categories      []string // of the Schedule, with their paragraphs
	StartsOn        day.Date
	EndsOn          day.Date
	Readers         int // of today
	Versions        int // published or in work, that name it
	IsDemonstration bool
}

// DeskAgencyPage is a page of the desk's list.
type DeskAgencyPage struct {
	Agencies []DeskAgency
	Total    int // that the filter lets through, on all pages
	Previous AgencyKey
	Next     AgencyKey
}

// DeskAgencies reads one page of the desk's list of agencies, by name. Fault: Forbidden.
func (s *Service) DeskAgencies(ctx context.Context, by authz.Actor, f DeskAgencyFilter) (DeskAgencyPage, error) {
	if !CanEdit(by) {
		return DeskAgencyPage{}, errMayNotEdit
	}
	today := day.Of(s.now())
	n, err := countDeskAgencies(ctx, s.db, f, today)
	if err != nil {
		return DeskAgencyPage{}, err
	}
	list, err := selectDeskAgencies(ctx, s.db, f, today, AgencyPageSize+1, n.gaps)
	if err != nil {
		return DeskAgencyPage{}, err
	}
	page := DeskAgencyPage{Total: n.total}
	page.Agencies, page.Previous, page.Next = cut(list, f.After, f.Before, func(a DeskAgency) AgencyKey { return a.Key })
	return page, nil
}

// AllDeskAgencies reads all that the filter lets through, for a file. Fault: Forbidden.
func (s *Service) AllDeskAgencies(ctx context.Context, by authz.Actor, f DeskAgencyFilter) ([]DeskAgency, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	f.After, f.Before = AgencyKey{}, AgencyKey{}
	today := day.Of(s.now())
	n, err := countDeskAgencies(ctx, s.db, f, today)
	if err != nil {
		return nil, err
	}
	return selectDeskAgencies(ctx, s.db, f, today, 0, n.gaps)
}
