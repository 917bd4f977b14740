package membership

import (
	"context"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Public reads what anybody may know of the membership: the published views, in the role of the public.
type Public struct{ db pg.DB }

// NewPublic makes the reader over the public's pool.
func NewPublic(db pg.DB) *Public { return &Public{db: db} }

// PublicPartner is a safeguarding partner as shown to the public.
type PublicPartner struct {
	ID              id.Partner
	Slug            string
	Name            string // of the day asked for, or of the last day of a former partner
	StatutoryKind   string
	Areas           []string
	Office          string // that signs on that day; empty if none is recorded
	StartsOn        day.Date
	EndsOn          day.Date
	IsDemonstration bool
}

// PartnersOn are the safeguarding partners around a day.
type PartnersOn struct {
	Current  []PublicPartner
	Former   []PublicPartner // whose time had ended
	Upcoming []PublicPartner // whose time had not begun
}

// Partners lists the safeguarding partners of a day, those before and those to come.
func (p *Public) Partners(ctx context.Context, on day.Date) (PartnersOn, error) {
	all, err := selectPublicPartners(ctx, p.db, on)
	if err != nil {
		return PartnersOn{}, err
	}
	var split PartnersOn
	for _, x := range all {
		switch {
		case x.StartsOn.After(on):
			split.Upcoming = append(split.Upcoming, x)
		case !x.EndsOn.IsZero() && x.EndsOn.Before(on):
			split.Former = append(split.Former, x)
		default:
			split.Current = append(split.Current, x)
		}
	}
	return split, nil
}

// PublicAgency is a relevant agency as shown to the public.
type PublicAgency struct {
	Key             AgencyKey `db:"-"`
	Organisation    id.Organisation
	Agency          id.Agency
	Slug            string
	Name            string // of the day asked for
	Sort            string
	Basis           Basis
	Reason          string
	Groups          []string // of the Schedule, where the wording is confirmed
	Categories      []string // of the Schedule, where the wording is confirmed
	StartsOn        day.Date
	EndsOn          day.Date
	IsDemonstration bool
}

// Agencies lists all relevant agencies that a filter lets through from A to Z, without pages.
func (p *Public) Agencies(ctx context.Context, f AgencyFilter) ([]PublicAgency, error) {
	f.After, f.Before = AgencyKey{}, AgencyKey{}
	n, err := countPublicAgencies(ctx, p.db, f)
	if err != nil {
		return nil, err
	}
	return selectPublicAgencies(ctx, p.db, f, 0, n.gaps)
}

// PublicOrganisation is a body with its dated story as shown to the public.
type PublicOrganisation struct {
	Organisation
	Offices     []DatedOffice      `db:"-"`
	Facts       []PublicFact       `db:"-"`
	Successions []PublicSuccession `db:"-"`
}

// PublicFact is one dated fact about a body, with the day on which it was entered.
type PublicFact struct {
	Kind       FactKind
	Scheme     string // of an identifier
	Words      string
	StartsOn   day.Date
	EndsOn     day.Date
	RecordedOn day.Date
}

// PublicSuccession is what became of a body, or of one that it followed.
type PublicSuccession struct {
	Kind            SuccessionKind
	On              day.Date
	Outlasting      string // functions that the predecessor keeps
	OutlastingUntil day.Date
	Before          bool // the body is a predecessor
	RecordedOn      day.Date
}

// EnteredLate gives the day on which a fact of a kind that begins on a day was entered, if that was later than the day.
func (o PublicOrganisation) EnteredLate(kind FactKind, starts day.Date) day.Date {
	for _, f := range o.Facts {
		if f.Kind == kind && f.StartsOn == starts && !starts.IsZero() && f.RecordedOn.After(starts) {
			return f.RecordedOn
		}
	}
	return day.Date{}
}

// DatedOffice is an office that signs for a body as safeguarding partner, from day to day.
type DatedOffice struct {
	Office   string
	StartsOn day.Date
	EndsOn   day.Date
}

// Organisation reads a body under its name of a day. Fault: NotFound.
func (p *Public) Organisation(ctx context.Context, slug string, on day.Date) (PublicOrganisation, error) {
	return selectPublicOrganisation(ctx, p.db, slug, on)
}

var errNoPublicOrganisation = fault.New(fault.NotFound, "There is no organisation at this address.")
