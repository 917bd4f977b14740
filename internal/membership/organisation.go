package membership

import (
	"slices"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// OrganisationKinds lists the kinds of body.
func OrganisationKinds() []string {
	return []string{"local authority", "police", "health", "district council", "education", "criminal justice", "voluntary",
		"predecessor board", "other"}
}

// StatutoryKinds lists the kinds of safeguarding partner.
func StatutoryKinds() []string { return []string{"local authority", "police", "health"} }

// Basis is why an organisation is a relevant agency.
type Basis string

// The bases.
const (
	Chosen     Basis = "chosen"     // by the safeguarding partners
	Designated Basis = "designated" // by law
	Invitee    Basis = "invitee"    // outside the Schedule, asked to take part
)

// Bases lists them.
func Bases() []Basis { return []Basis{Chosen, Designated, Invitee} }

// Standing is what an organisation is to the partnership today.
type Standing string

// The standings that a list of organisations can be narrowed to.
const (
	IsPartner Standing = "partner"
	IsAgency  Standing = "agency"
	IsNeither Standing = "neither"
	IsClosed  Standing = "ended"
)

// Standings lists them.
func Standings() []Standing { return []Standing{IsPartner, IsAgency, IsNeither, IsClosed} }

// OrganisationFilter narrows a list of organisations; zero values mean any.
type OrganisationFilter struct {
	Text     string // part of a name that it has or had
	Kind     string
	Standing Standing
}

// OrganisationLine is one organisation in a list.
type OrganisationLine struct {
	Slug            string
	Name            string // of today
	Kind            string
	StatutoryKind   string // as safeguarding partner of today, else empty
	Agency          bool   // relevant agency of today
	EndsOn          day.Date
	IsDemonstration bool
}

// Organisation is a body with all that is known of it.
type Organisation struct {
	ID              id.Organisation
	Slug            string
	Kind            string
	Name            string // of the day asked for
	StartsOn        day.Date
	EndsOn          day.Date
	Note            string
	IsDemonstration bool
	Names           []DatedName   `db:"-"`
	Partner         []PartnerTerm `db:"-"`
	Agency          []AgencyTerm  `db:"-"`
	Predecessors    []Succession  `db:"-"`
	Successors      []Succession  `db:"-"`
}

// DatedName is a name from day to day; no day means since ever or until further notice.
type DatedName struct {
	Name     string
	StartsOn day.Date
	EndsOn   day.Date
}

// PartnerTerm is a time as safeguarding partner.
type PartnerTerm struct {
	ID             id.Partner
	StatutoryKind  string
	PublishesNames bool
	StartsOn       day.Date
	EndsOn         day.Date
	Areas          []string
}

// AgencyTerm is a time as relevant agency.
type AgencyTerm struct {
	ID              id.Agency
	Basis           Basis
	Reason          string
	IsDemonstration bool
	StartsOn        day.Date
	EndsOn          day.Date
	Categories      []string // of the Schedule; only groups of confirmed wording for the public
	Paragraphs      []int    // of the Schedule; none for the public
}

// Succession is another body that took over, or from which this one took over.
type Succession struct {
	Slug string
	Name string // on the day before for a predecessor, on the day for a successor
	On   day.Date
	Note string
}

// AreaChoice is an area that a partner can share.
type AreaChoice struct {
	ID   id.Area
	Name string
}

var (
	errNoOrganisation  = fault.New(fault.NotFound, "There is no such organisation.")
	errStillMember     = fault.New(fault.Conflict, "The organisation is a safeguarding partner or relevant agency after that day. End that first.")
	errOrganisationEnd = fault.Field("ends", "The last day can only be brought forward")
)

// AddCommand adds an organisation.
type AddCommand struct {
	Slug          string
	Kind          string
	Name          string
	From          day.Date // first day under this name; none: it was always called so
	Note          string
	Demonstration bool // invented for the demonstration
}

func (c AddCommand) check() error {
	switch {
	case c.Name == "":
		return fault.Field("name", "Enter the name of the organisation")
	case c.Slug == "":
		return fault.Field("slug", "Enter the address of its page")
	case c.Slug == "add":
		return fault.Field("slug", "This address is taken by the site itself. Enter a different one")
	case !slices.Contains(OrganisationKinds(), c.Kind):
		return fault.Field("kind", "Choose the kind of organisation")
	}
	return nil
}

// RenameCommand gives an organisation a new name from a day on.
type RenameCommand struct {
	Slug string
	Name string
	From day.Date
}

// closes finds the name that the new one follows, and refuses a rename that would rewrite the past.
func (c RenameCommand) closes(names []DatedName) (open DatedName, err error) {
	if c.Name == "" {
		return DatedName{}, fault.Field("name", "Enter the new name")
	}
	if c.From.IsZero() {
		return DatedName{}, fault.Field("starts", "Enter the first day of the new name")
	}
	i := slices.IndexFunc(names, func(n DatedName) bool { return n.EndsOn.IsZero() })
	if i < 0 {
		return DatedName{}, nil
	}
	open = names[i]
	switch {
	case open.Name == c.Name:
		return DatedName{}, fault.Field("name", "The organisation already has this name")
	case !open.StartsOn.IsZero() && !c.From.After(open.StartsOn):
		return DatedName{}, fault.Field("starts", "The first day must be after "+open.StartsOn.Long()+", when the present name began")
	}
	return open, nil
}

// PartnerCommand makes an organisation a safeguarding partner.
type PartnerCommand struct {
	Slug           string
	Kind           string
	From           day.Date
	To             day.Date // none: until further notice
	Areas          []id.Area
	PublishesNames bool
}

func (c PartnerCommand) check() error {
	switch {
	case !slices.Contains(StatutoryKinds(), c.Kind):
		return fault.Field("statutory-kind", "Choose the kind of safeguarding partner")
	case len(c.Areas) == 0:
		return fault.Field("areas", "Choose at least one area")
	case c.From.IsZero():
		return fault.Field("starts", "Enter the first day as safeguarding partner")
	case !c.To.IsZero() && c.To.Before(c.From):
		return fault.Field("ends", "The last day must not be before the first day")
	}
	return nil
}

// AgencyCommand names an organisation as relevant agency.
type AgencyCommand struct {
	Slug          string
	Basis         Basis
	Categories    []int // paragraphs of the Schedule: none for an invitee, one or more for others
	Reason        string
	From          day.Date
	To            day.Date // none: until further notice
	Demonstration bool     // invented for the demonstration
}

func (c AgencyCommand) check() error {
	switch {
	case !slices.Contains(Bases(), c.Basis):
		return fault.Field("basis", "Choose why the organisation is included")
	case c.From.IsZero():
		return fault.Field("starts", "Enter the first day as relevant agency")
	case !c.To.IsZero() && c.To.Before(c.From):
		return fault.Field("ends", "The last day must not be before the first day")
	}
	return checkBasisAndCategories(c.Basis, c.Categories)
}

// checkEnd says whether a time that began and perhaps ends may end on another day.
func checkEnd(starts, ends, last day.Date) error {
	switch {
	case last.IsZero():
		return fault.Field("ends", "Enter the last day")
	case !starts.IsZero() && last.Before(starts):
		return fault.Field("ends", "The last day must not be before the first day, "+starts.Long())
	case !ends.IsZero() && last.After(ends):
		return errOrganisationEnd
	}
	return nil
}
