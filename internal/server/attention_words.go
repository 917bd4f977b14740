package server

import (
	"fmt"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/overview"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var attentionWords = map[overview.Check]struct{ heading, what string }{
	overview.SeatsAtRisk:      {"Seats at risk in open rounds", "A round completes only when every seat has signed."},
	overview.Ending:           {"Appointments that end within 60 days", "Nobody is confirmed to follow yet."},
	overview.WithoutLead:      {"Partners without a lead officer", "Nobody signs for these safeguarding partners today, unless a delegate does."},
	overview.Gaps:             {"Gaps between lead officers", "On these days nobody was, or will be, lead officer."},
	overview.Unfollowed:       {"Successions not followed through", "Another body has taken over, but the old one still has its part in the partnership."},
	overview.RolesOfEnded:     {"Roles for bodies that have ended", "These people still hold a role for a body that no longer exists."},
	overview.ProposalsWaiting: {"Proposals waiting for a second person", "An administrator confirms or refuses each of them."},
	overview.RivalProposals:   {"Proposals that overlap", "Only one lead officer of a partner can be confirmed for a day."},
	overview.RequestsWaiting:  {"Requests for delegates", "A lead officer asks for a delegate who has no account yet."},
	overview.CorrectionsWait:  {"Corrections waiting", "An agency’s staff say that something in its entry is wrong."},
	overview.WithoutContact:   {"Partners without a contact post", "The public does not know whom to write to."},
	overview.SharedPosts:      {"Posts with two holders", "Two people hold these posts on the same days. That may be right."},
	overview.EmptyPosts:       {"Posts without a holder", "Nobody is recorded as holding these posts today."},
	overview.StalePosts:       {"Posts not reviewed for a year", "Find out whether they are still right."},
	overview.WithoutCategory:  {"Agencies without a category", "A relevant agency is of a kind that the Schedule lists. One of no such kind is an invitee."},
	overview.WithoutReader:    {"Agencies without a named reader", "Nobody there is named to read the arrangements."},
	overview.NamedNowhere:     {"Agencies named in no version", "No version of a document names them, drafts included."},
}

// attentionLine says what is wrong, and leads to where the reader can mend it.
func attentionLine(m overview.Matter, by authz.Actor) page.AttentionLine {
	switch m.Check {
	case overview.SeatsAtRisk:
		return riskLine(m, by)
	case overview.Ending, overview.WithoutLead, overview.Gaps, overview.ProposalsWaiting, overview.RivalProposals, overview.RequestsWaiting:
		return appointmentLine(m, by)
	case overview.WithoutContact, overview.SharedPosts, overview.EmptyPosts, overview.StalePosts:
		return postLine(m, by)
	case overview.RolesOfEnded:
		line := page.AttentionLine{Text: fmt.Sprintf("%s is %s of %s, which ended on %s.", m.Person, lowerFirst(roleNames[authz.Role(m.Detail)]), m.Organisation, m.OnDay.Long())}
		if by.Can(authz.AdministerAccount) {
			line.Link = &ui.Link{Text: "End the role", Path: route.AdminUserTo(m.Account)}
		} else {
			line.Text += " An administrator ends the role."
			line.Link = &ui.Link{Text: "See the organisation", Path: route.DeskOrganisationTo(m.Slug)}
		}
		return linked(line, by, authz.EditMembership, authz.AdministerAccount)
	case overview.Unfollowed:
		return linked(page.AttentionLine{Text: fmt.Sprintf("%s was succeeded on %s, but is still a %s.", m.Organisation, m.OnDay.Long(), m.Detail),
			Link: &ui.Link{Text: "Set its last day", Path: route.DeskOrganisationTo(m.Slug)}}, by, authz.EditMembership)
	}
	what := map[overview.Check]string{
		overview.CorrectionsWait: m.Organisation + " proposed a correction on " + m.OnDay.Long() + ".",
		overview.WithoutCategory: m.Organisation + " has no category.",
		overview.WithoutReader:   m.Organisation + " has no named reader.",
		overview.NamedNowhere:    m.Organisation + " is named in no version.",
	}[m.Check]
	mend := ui.Link{Text: "Go to the organisation", Path: route.DeskOrganisationTo(m.Slug)}
	switch m.Check {
	case overview.CorrectionsWait:
		mend = ui.Link{Text: "Answer it", Path: route.DeskCorrectionTo(m.Request)}
	case overview.NamedNowhere:
		mend = ui.Link{Text: "Name it in a draft", Path: route.Desk}
	case overview.WithoutReader:
		mend = ui.Link{Text: "Name a reader", Path: route.DeskReadersTo(m.Slug)}
	default:
	}
	return linked(page.AttentionLine{Text: what, Link: &mend}, by, authz.EditMembership)
}

// linked keeps the link only for those who reach the page behind it.
func linked(line page.AttentionLine, by authz.Actor, any ...authz.Permission) page.AttentionLine {
	for _, p := range any {
		if by.Can(p) {
			return line
		}
	}
	line.Link = nil
	return line
}

func riskLine(m overview.Matter, by authz.Actor) page.AttentionLine {
	propose := &ui.Link{Text: "Propose an appointment", Path: route.DeskAppointmentPropose}
	recall := &ui.Link{Text: "Recall the round", Path: route.DeskRecallTo(m.Round)}
	line, need := page.AttentionLine{}, authz.OpenRound
	switch m.Detail {
	case overview.RiskEnded:
		line = page.AttentionLine{Text: fmt.Sprintf("%s stopped being a safeguarding partner on %s, so it cannot act on %s. The round must be recalled and opened again.", m.Organisation, m.OnDay.Long(), m.Title), Link: recall}
	case overview.RiskEnds:
		line = page.AttentionLine{Text: fmt.Sprintf("%s stops being a safeguarding partner after %s, and has not acted on %s.", m.Organisation, m.OnDay.Long(), m.Title), Link: recall}
	case overview.RiskSucceeded:
		line = page.AttentionLine{Text: fmt.Sprintf("Another body takes over from %s on %s, and %s has not acted on %s.", m.Organisation, m.OnDay.Long(), m.Organisation, m.Title), Link: recall}
	case overview.RiskEmpty:
		line, need = page.AttentionLine{Text: fmt.Sprintf("Nobody can act for %s on %s today.", m.Organisation, m.Title), Link: propose}, authz.ProposeSeat
	default: // the last holder
		line, need = page.AttentionLine{Text: fmt.Sprintf("Nobody can act for %s on %s after %s.", m.Organisation, m.Title, m.OnDay.Long()), Link: propose}, authz.ProposeSeat
	}
	return linked(line, by, need)
}

func appointmentLine(m overview.Matter, by authz.Actor) page.AttentionLine {
	see := &ui.Link{Text: "See the appointment", Path: route.DeskAppointmentTo(m.Appointment)}
	propose := &ui.Link{Text: "Propose an appointment", Path: route.DeskAppointmentPropose}
	switch m.Check {
	case overview.Ending:
		line := page.AttentionLine{Text: fmt.Sprintf("%s acts for %s, as %s, only until %s.", m.Person, m.Organisation, m.Office, m.OnDay.Long()), Link: propose}
		if _, leads := by.LeadFor(m.Partner); leads && m.Detail == string(authz.Delegate) {
			line.Link = &ui.Link{Text: "Name a delegate", Path: route.Delegation}
			return line
		}
		return linked(line, by, authz.ProposeSeat)
	case overview.WithoutLead:
		return linked(page.AttentionLine{Text: m.Organisation + " has no lead officer today.", Link: propose}, by, authz.ProposeSeat)
	case overview.Gaps:
		text := fmt.Sprintf("%s has no lead officer from %s to %s.", m.Organisation, m.OnDay.Long(), isoLong(m.Detail))
		return linked(page.AttentionLine{Text: text, Link: propose}, by, authz.ProposeSeat)
	case overview.RivalProposals:
		return page.AttentionLine{Text: fmt.Sprintf("%s is proposed as lead officer of %s for days on which %s is, or is proposed too.", m.Person, m.Organisation, m.Detail), Link: see}
	case overview.RequestsWaiting:
		return page.AttentionLine{Text: fmt.Sprintf("%s is asked for as a delegate for %s from %s.", m.Person, m.Organisation, m.OnDay.Long()),
			Link: &ui.Link{Text: "Answer the request", Path: route.DeskDelegateRequestTo(m.Request)}}
	}
	return page.AttentionLine{Text: fmt.Sprintf("%s is proposed as %s for %s from %s.", m.Person, m.Office, m.Organisation, m.OnDay.Long()), Link: see}
}

// isoLong shows a day that is written YYYY-MM-DD.
func isoLong(iso string) string {
	if d, err := day.Parse(iso); err == nil {
		return d.Long()
	}
	return iso
}

func postLine(m overview.Matter, by authz.Actor) page.AttentionLine {
	body := or(m.Organisation, "the partnership")
	see := &ui.Link{Text: "See the post", Path: route.DeskPostTo(m.Post)}
	var line page.AttentionLine
	switch m.Check {
	case overview.WithoutContact:
		line = page.AttentionLine{Text: body + " has no contact post.", Link: &ui.Link{Text: "Add a post", Path: route.DeskPostAddFor(m.Slug)}}
	case overview.SharedPosts:
		line = page.AttentionLine{Text: fmt.Sprintf("%s, %s: %s and %s hold it together.", m.Office, body, m.Person, m.Detail), Link: see}
	case overview.EmptyPosts:
		line = page.AttentionLine{Text: fmt.Sprintf("%s, %s: nobody holds it.", m.Office, body), Link: see}
	default:
		reviewed := "never reviewed"
		if !m.OnDay.IsZero() {
			reviewed = "last reviewed on " + m.OnDay.Long()
		}
		line = page.AttentionLine{Text: fmt.Sprintf("%s, %s: %s.", m.Office, body, reviewed), Link: see}
	}
	return linked(line, by, authz.EditMembership)
}
