package membership

import (
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg"
)

// broken says what a broken constraint means to the user. Fields are those of the forms.
var broken = map[string]*fault.Error{
	"appointment_not_proposed_by_appointee":  errOwnProposal,
	"appointment_not_confirmed_by_appointee": errOwnConfirmation,
	"appointment_two_people":                 errSamePerson,
	"appointment_one_lead": fault.New(fault.Conflict,
		"Another confirmed lead officer of this partner holds the office on some of these days. End that appointment first."),
	"appointment_ends_after_start":       fault.Field("ends", "The last day must not be before the first day"),
	"appointment_delegate_acts_for":      fault.Field("acting-for", "Enter the office for which the delegate acts"),
	"appointment_ends_after_acts":        fault.Field("ends", "Something was signed or declined under this appointment after that day"),
	"appointment_not_lengthened":         errLonger,
	"appointment_as_proposed":            errLonger,
	"appointment_final":                  errFinal,
	"appointment_confirmed_or_refused":   errFinal,
	"appointment_named_by_lead":          errNotTheirLead,
	"appointment_named_within_term":      errBeyondTerm,
	"appointment_named_within_papers":    errBeyondPapers,
	"appointment_dated_instrument":       fault.Field("instrument", "Enter what it is that bears this date"),
	"appointment_instrument_once":        errAttached,
	"delegate_request_final":             errRequestAnswered,
	"organisation_slug_key":              fault.Field("slug", "Another organisation has this address. Enter a different one"),
	"organisation_slug_form":             fault.Field("slug", "Use lower-case letters, figures and single hyphens only"),
	"organisation_ends_after_start":      fault.Field("ends", "The last day must not be before the first day"),
	"organisation_name_no_overlap":       fault.Field("starts", "The organisation already has a name from that day. Choose a later day"),
	"organisation_succession_key":        fault.Field("successors", "This succession is already recorded"),
	"organisation_succession_two_bodies": fault.Field("successors", "Choose a different organisation: a body cannot succeed itself"),
	"organisation_succession_no_circle":  fault.Field("successors", "A successor is itself a predecessor of one of these organisations"),
	"organisation_succession_day_order": fault.Field("on",
		"The predecessor must exist before this day, and the successor must exist on it"),
	"organisation_ends_after_succession": fault.Field("ends", "The organisation takes the place of another after that day"),
	"succession_body_pkey":               fault.Field("successors", "Choose a different organisation: a body cannot succeed itself"),
	"succession_reversal_final":          errReversed,
	"organisation_retracted_unused": fault.New(fault.Conflict,
		"Something still hangs on the organisation: a time in the partnership, a succession, a post or somebody's role. Retract or end that first."),
	"safeguarding_partner_retracted_unused": fault.New(fault.Conflict,
		"Somebody was appointed or asked to sign for this safeguarding partner, so its time stays on record. Set its last day instead."),
	"safeguarding_partner_no_overlap": fault.New(fault.Conflict, "The organisation is already a safeguarding partner on some of these days."),
	"safeguarding_partner_ends_after_start": fault.Field("ends",
		"The last day must not be before the first day as safeguarding partner"),
	"safeguarding_partner_ends_after_acts":         fault.Field("ends", "The partner signed or declined something after that day"),
	"organisation_exists_for_contributions":        fault.Field("ends", "A contribution is recorded for a later financial year. Correct that first"),
	"organisation_retracted_without_contributions": fault.New(fault.Conflict, "A contribution is recorded of this organisation, so it cannot be retracted."),
	"partner_area_area_fkey":                       fault.Field("areas", "Choose areas of the partnership"),
	"agency_membership_no_overlap":                 fault.New(fault.Conflict, "The organisation is already a relevant agency on some of these days."),
	"agency_membership_ends_after_start":           fault.Field("ends", "The last day must not be before the first day as relevant agency"),
	"agency_membership_category_paragraph_fkey": fault.Field("categories",
		"Choose categories of the Schedule"),
	"agency_category_pkey":             fault.Field("paragraph", "The list has this paragraph already. Change it there"),
	"agency_category_group_length":     fault.Field("group", "The group must be 100 characters or fewer"),
	"agency_category_category_length":  fault.Field("category", "The wording must be 300 characters or fewer"),
	"agency_category_source_length":    fault.Field("source", "The source must be 300 characters or fewer"),
	"agency_category_ends_after_start": fault.Field("ends", "The last day must not be before the first day"),
	"agency_membership_reason_length":  fault.Field("reason", "The reason must be 2,000 characters or fewer"),
}

func translate(err error) error { return pg.Translate(err, broken) }
