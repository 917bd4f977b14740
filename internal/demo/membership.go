package demo

import (
	"context"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
)

const (
	council = "kent-county-council"
	police  = "kent-police"
	ccgs    = "kent-ccgs"
	icb     = "nhs-kent-and-medway"
	kscb    = "kent-safeguarding-children-board"
	kscmp   = "kent-safeguarding-children-multi-agency-partnership"
)

var (
	duty       = day.Must("2018-06-29") // section 16E of the Children Act 2004 in force
	boards     = day.Must("2019-09-17") // the arrangements in effect
	icbsBegin  = day.Must("2022-07-01")
	officesNow = day.Must("2024-01-01") // invented: since when today's lead officers hold their office
)

func (l *loader) loadOrganisations(ctx context.Context) error {
	for _, o := range []membership.AddCommand{
		{Slug: council, Kind: "local authority", Name: "Kent County Council"},
		{Slug: police, Kind: "police", Name: "Kent Police"},
		{Slug: ccgs, Kind: "health", Name: "Kent CCGs", Note: "The clinical commissioning groups of Kent, which acted together. NHS Kent and Medway took their place on 1 July 2022."},
		{Slug: icb, Kind: "health", Name: "NHS Kent and Medway", From: icbsBegin, Note: "The integrated care board."},
		{Slug: kscb, Kind: "predecessor board", Name: "Kent Safeguarding Children Board",
			Note: "In force until 16 September 2019. Afterwards it met only to sign off serious case reviews that it had commissioned."},
		{Slug: kscmp, Kind: "other", Name: "Kent Safeguarding Children Multi-Agency Partnership", From: boards, Note: "The safeguarding partners of Kent together."},
	} {
		if _, err := l.members.AddOrganisation(ctx, l.portal(), o); err != nil {
			return err
		}
	}
	areas, err := l.members.Areas(ctx, l.portal())
	if err != nil {
		return err
	}
	kent := []id.Area{areas[0].ID}
	for _, p := range []membership.PartnerCommand{
		{Slug: council, Kind: "local authority", From: duty, Areas: kent, PublishesNames: false},
		{Slug: police, Kind: "police", From: duty, Areas: kent, PublishesNames: true},
		{Slug: ccgs, Kind: "health", From: duty, Areas: kent},
	} {
		if _, err := l.members.MakePartner(ctx, l.portal(), p); err != nil {
			return err
		}
	}
	for _, x := range []membership.SucceedCommand{
		{Kind: membership.Takeover, On: icbsBegin, Predecessors: []string{ccgs}, Successors: []string{icb}, Follows: membership.AllFollows,
			Note: "Integrated care boards took the place of clinical commissioning groups in England."},
		{Kind: membership.Takeover, On: boards, Predecessors: []string{kscb}, Successors: []string{kscmp},
			Outlasting: "Signing off the serious case reviews that it commissioned"},
	} {
		if _, err := l.members.RecordSuccession(ctx, l.portal(), x); err != nil {
			return err
		}
	}
	return nil
}

// agencies are bodies of the kinds that Kent's arrangements work with. Their membership is invented: who was named, and
// from when, was not obtained.
var agencies = []struct {
	slug, kind, name string
	categories       []int
}{
	{"ashford-borough-council", "district council", "Ashford Borough Council", []int{25}},
	{"canterbury-city-council", "district council", "Canterbury City Council", []int{25}},
	{"dartford-borough-council", "district council", "Dartford Borough Council", []int{25}},
	{"dover-district-council", "district council", "Dover District Council", []int{25}},
	{"folkestone-and-hythe-district-council", "district council", "Folkestone and Hythe District Council", []int{25}},
	{"gravesham-borough-council", "district council", "Gravesham Borough Council", []int{25}},
	{"maidstone-borough-council", "district council", "Maidstone Borough Council", []int{25}},
	{"sevenoaks-district-council", "district council", "Sevenoaks District Council", []int{25}},
	{"swale-borough-council", "district council", "Swale Borough Council", []int{25}},
	{"thanet-district-council", "district council", "Thanet District Council", []int{25}},
	{"tonbridge-and-malling-borough-council", "district council", "Tonbridge and Malling Borough Council", []int{25}},
	{"tunbridge-wells-borough-council", "district council", "Tunbridge Wells Borough Council", []int{25}},
	{"kent-schools-forum", "education", "Schools of Kent", []int{1, 4, 5}},
	{"kent-colleges", "education", "Colleges of Kent", []int{10}},
	{"kent-early-years", "education", "Early years settings of Kent", []int{13}},
	{"kent-health-trusts", "health", "Health trusts of Kent", []int{16, 17}},
	{"kent-probation", "criminal justice", "Probation in Kent", []int{28}},
	{"kent-youth-justice", "criminal justice", "Youth justice in Kent", []int{27}},
}

func (l *loader) loadAgencies(ctx context.Context) error {
	for _, a := range agencies {
		if _, err := l.members.AddOrganisation(ctx, l.portal(), membership.AddCommand{Slug: a.slug, Kind: a.kind, Name: a.name, Demonstration: true}); err != nil {
			return err
		}
		_, err := l.members.NameAgency(ctx, l.portal(), membership.AgencyCommand{Slug: a.slug, Basis: membership.Chosen, Categories: a.categories,
			From: boards, Reason: "Works with children and families in Kent.", Demonstration: true})
		if err != nil {
			return err
		}
	}
	_, err := l.members.AddOrganisation(ctx, l.portal(), membership.AddCommand{Slug: "medway-safeguarding-children-partnership", Kind: "other",
		Name: "Medway Safeguarding Children Partnership", Demonstration: true})
	if err != nil {
		return err
	}
	_, err = l.members.NameAgency(ctx, l.portal(), membership.AgencyCommand{Slug: "medway-safeguarding-children-partnership", Basis: membership.Invitee,
		From: boards, Reason: "Joint work across the border with Medway.", Demonstration: true})
	return err
}

// loadAppointments gives today's lead officers and one delegate their seats: business support proposes, the
// administrator confirms. The terms are invented.
func (l *loader) loadAppointments(ctx context.Context) error {
	support, err := l.as(ctx, "support@kscmp.example")
	if err != nil {
		return err
	}
	admin, err := l.as(ctx, "admin@kscmp.example")
	if err != nil {
		return err
	}
	choices, err := l.members.PartnerChoices(ctx, support)
	if err != nil {
		return err
	}
	partners := map[string]id.Partner{}
	for _, c := range choices {
		partners[c.Name] = c.ID
	}
	const invented = "Demonstration data: no instrument was obtained."
	for _, a := range []membership.ProposeCommand{
		{Account: l.people["lead@kent-county-council.example"], Partner: partners["Kent County Council"], Office: "Chief Executive", Capacity: authz.Lead, StartsOn: officesNow},
		{Account: l.people["lead@kent-police.example"], Partner: partners["Kent Police"], Office: "Chief Constable", Capacity: authz.Lead, StartsOn: officesNow},
		{Account: l.people["lead@kent-ccgs.example"], Partner: partners["NHS Kent and Medway"], Office: "Chief Executive", Capacity: authz.Lead, StartsOn: officesNow},
		{Account: l.people["deputy@kent-police.example"], Partner: partners["Kent Police"], Office: "Assistant Chief Constable", Capacity: authz.Delegate,
			ActingFor: "Chief Constable", StartsOn: l.today.Add(-30), EndsOn: l.today.Add(335)},
	} {
		a.Instrument = invented
		if a.Capacity == authz.Delegate {
			a.Instrument, a.Dated = "Scheme of delegation (demonstration data)", officesNow
		}
		made, err := l.members.Propose(ctx, support, a)
		if err != nil {
			return err
		}
		if err := l.members.Confirm(ctx, admin, made); err != nil {
			return err
		}
	}
	return l.loadPosts(ctx, support)
}

// loadPosts adds the posts to which the public can write. All are invented; the names are those of the demonstration's people.
func (l *loader) loadPosts(ctx context.Context, support authz.Actor) error {
	for _, p := range []struct{ body, title, email, holder, account string }{
		{"", "Partnership business manager", "support@kscmp.example", "Sam Fielding", "support@kscmp.example"},
		{council, "Safeguarding partnership officer", "partnership@kent-county-council.example", "", ""},
		{police, "Staff officer to the Chief Constable", "office@kent-police.example", "Tom Bright", "office@kent-police.example"},
		{icb, "Designated safeguarding lead", "safeguarding@kent-ccgs.example", "", ""},
	} {
		made, err := l.members.AddPost(ctx, support, membership.PostCommand{Organisation: p.body, Title: p.title, Email: p.email, IsContact: true})
		if err != nil {
			return err
		}
		if p.holder == "" {
			continue
		}
		if err := l.members.HoldPost(ctx, support, membership.HolderCommand{Post: made, Name: p.holder, Account: p.account, StartsOn: officesNow}); err != nil {
			return err
		}
	}
	return nil
}
