package server

import (
	"errors"
	"fmt"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// methodWords says how the person was proved.
var methodWords = map[signoff.Method]string{
	signoff.Passkey:         "Proved by the officer’s own passkey",
	signoff.PasswordAndTOTP: "Proved by password and one-time code",
	signoff.Password:        "Proved by password",
	signoff.MethodRecorded:  "Signed elsewhere and recorded here",
}

var statutoryKinds = map[string]string{"local authority": "Local authority", "police": "Police", "health": "Health"}

func roundSeat(read signoff.Round, seat signoff.Seat, today day.Date) page.RoundSeat {
	drawn := page.RoundSeat{Organisation: seat.OrganisationName, Path: route.OrganisationTo(seat.OrganisationSlug),
		Kind: statutoryKinds[seat.StatutoryKind], Status: ui.NotSigned}
	if a := seat.Act; a != nil {
		drawn.Status = ui.Signed
		if a.Kind == signoff.Decline {
			drawn.Status = ui.Declined
		}
		drawn.When = ui.TimeAt(a.At)
		drawn.Who = officeLine(a)
		drawn.Method = methodWords[a.Method]
		drawn.Reason = a.Reason
		drawn.Source = a.Source
		if a.Method == signoff.MethodRecorded {
			drawn.When = ui.TimeOf(a.SignedOn)
		}
		if a.EvidenceFile != 0 {
			drawn.Evidence = &ui.Link{Text: a.EvidenceName, Path: route.SignOffEvidenceTo(read.ID, a.EvidenceFile)}
		}
		return drawn
	}
	if read.Outcome != signoff.Open {
		return drawn
	}
	for _, h := range seat.Holders {
		if h.Covers(read.Paper.Subject) {
			drawn.Holders = append(drawn.Holders, holderLine(h))
		}
	}
	switch {
	case !seat.PartnerUntil.IsZero() && today.After(seat.PartnerUntil):
		drawn.Warning = "This body stopped being a safeguarding partner on " + seat.PartnerUntil.Long() + ". Recall the round and open it again with its successor."
	case len(drawn.Holders) == 0:
		drawn.Warning = "Nobody can sign for this partner today. It needs a confirmed appointment."
	}
	return drawn
}

func officeLine(a *signoff.Act) string {
	line := a.Office
	if a.OfficerName != "" {
		line = a.OfficerName + ", " + a.Office
	}
	if a.Capacity == authz.Delegate {
		return actingWords(line, a.OrganisationName, a.Instrument, a.InstrumentOn, a.ActingFor)
	}
	return line
}

func holderLine(h signoff.Holder) string {
	if h.Capacity == authz.Delegate {
		return fmt.Sprintf("%s, %s, in place of the %s", h.Name, h.Office, h.ActingFor)
	}
	return h.Name + ", " + h.Office
}

// roundLinks are what business support, or a second person, can do about the round.
func roundLinks(read signoff.Round, by authz.Actor) []ui.Link {
	var links []ui.Link
	add := func(allowed bool, text, path string) {
		if allowed {
			links = append(links, ui.Link{Text: text, Path: path})
		}
	}
	open := read.Outcome == signoff.Open
	signedOff := read.Outcome == signoff.Complete && read.SetAside == "" && !read.Paper.Settled
	add(read.CanConfirmRecorded(by), "Confirm or reject these recorded sign-offs", route.DeskConfirmRecordedTo(read.ID))
	add(open && by.Can(authz.OpenRound), "Recall this round", route.DeskRecallTo(read.ID))
	add(signedOff && by.Can(authz.PublishVersion), "Publish this version", route.DeskPublishTo(read.Paper.Slug, read.Paper.Number))
	add(signedOff && by.Can(authz.OpenRound), "Set this round aside", route.DeskSetAsideTo(read.ID))
	return append(links, paperLinks(read.Paper, by)...)
}

func roundRemark(m signoff.Remark, f *form.Form) page.RoundRemark {
	drawn := page.RoundRemark{ID: m.ID, Kind: "Question", Who: m.Name + ", " + m.OrganisationName, When: ui.TimeAt(m.At), Body: m.Body, Answer: m.Answer,
		Field: f.Field(fmt.Sprintf("answer-%d", m.ID), "Your answer", "")}
	if m.Kind != "question" {
		drawn.Kind = "Requested change"
	}
	if m.Answer != "" {
		drawn.Answered = "Answered by " + m.AnsweredBy + " on " + day.Clock(m.AnsweredAt)
	}
	return drawn
}

// isFieldFault tells whether an error belongs to a field of a form.
func isFieldFault(err error, field string) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Field == field
}
