package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"partnershipportal/internal/id"
	"partnershipportal/internal/notify"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// letterKinds says in words what a letter is about.
var letterKinds = map[notify.Kind]string{
	notify.RoundOpened:          "Sign-off opened",
	notify.Signed:               "A partner has signed",
	notify.Receipt:              "Receipt",
	notify.RoundComplete:        "Signed by everyone",
	notify.RoundDeclined:        "Declined",
	notify.RoundRecalled:        "Recalled",
	notify.RoundSetAside:        "Set aside",
	notify.RemarkPut:            "Question or requested change",
	notify.RemarkAnswered:       "Answer",
	notify.ScrutinyFiled:        "Scrutiny",
	notify.Withdrawn:            "Withdrawal",
	notify.RecordedEntered:      "Recorded sign-offs to confirm",
	notify.RecordedConfirmed:    "Recorded sign-offs confirmed",
	notify.Published:            "Published",
	notify.AppointmentProposed:  "Appointment proposed",
	notify.AppointmentConfirmed: "Appointment confirmed",
	notify.AppointmentEnded:     "Appointment ends",
	notify.AppointmentEnding:    "Appointment ends soon",
	notify.SeatAtRisk:           "Seat at risk",
	notify.DelegateAskedFor:     "Delegate asked for",
	notify.DelegateDeclined:     "Delegate declined",
	notify.SuccessionRecorded:   "Change of organisation",
	notify.InvoiceUnpaid:        "Unpaid invoice",
	notify.SuccessionReversed:   "Change of organisation taken back",
	notify.CorrectionProposed:   "Correction proposed",
	notify.CorrectionAnswered:   "Correction answered",
	notify.DecisionNotice:       "Key decision to come",
	notify.DecisionUrgent:       "Urgency of a decision",
	notify.DecisionMade:         "Decision made",
	notify.DecisionCalledIn:     "Decision called in",
	notify.CallInEnded:          "Call-in ended",
	notify.DecisionWithdrawn:    "Record of decision withdrawn",
	notify.DecisionDeadline:     "Deadline of a decision",
	notify.PasswordChanged:      "Password changed",
}

// letterTags are the looks of a letter's states.
var letterTags = map[notify.State]ui.State{notify.Waiting: ui.Waiting, notify.Sent: ui.Sent, notify.Kept: ui.KeptHere, notify.Failed: ui.Failed}

func (s *Server) getDeskMessages(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	filter := notify.Filter{Recipient: asked.Get("recipient")}
	if kind := notify.Kind(asked.Get("kind")); slices.Contains(notify.Kinds(), kind) {
		filter.Kind = kind
	}
	if asked.Has("before") {
		before, err := id.Parse[id.Letter](asked.Get("before"))
		if err != nil {
			return errNoPage.Because(err)
		}
		filter.Before = before
	}
	found, err := s.Letters.List(r.Context(), actorOf(r), filter)
	if err != nil {
		return err
	}
	f := form.New(asked)
	p := page.DeskMessages{
		NoMail: !s.LettersLeave,
		Kind:   f.Field("kind", "About", ""), Kinds: []ui.Option{{Value: "", Text: "Anything"}},
		Recipient: f.Field("recipient", "Recipient’s name or email address", ""),
		Narrowed:  filter.Kind != "" || filter.Recipient != "",
	}
	for _, kind := range notify.Kinds() {
		p.Kinds = append(p.Kinds, ui.Option{Value: string(kind), Text: letterKinds[kind]})
	}
	for _, m := range found.Messages {
		p.Messages = append(p.Messages, messageOf(m))
	}
	if found.More {
		oldest := found.Messages[len(found.Messages)-1].ID
		next := url.Values{"kind": {string(filter.Kind)}, "recipient": {filter.Recipient}, "before": {strconv.FormatInt(int64(oldest), 10)}}
		p.Next = route.DeskMessages + "?" + next.Encode()
	}
	return s.show(w, r, http.StatusOK, view{title: "Messages", current: route.DeskMessages, content: p.Content()})
}

func messageOf(m notify.Message) page.Message {
	return page.Message{ID: int64(m.ID), Kind: letterKinds[m.Kind], To: m.Name, Email: m.Email, Subject: m.Subject,
		Written: ui.TimeAt(m.CreatedAt), State: letterTags[m.State]}
}

func (s *Server) getDeskMessage(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.Letter](r, "id")
	if err != nil {
		return err
	}
	l, err := s.Letters.Read(r.Context(), actorOf(r), which)
	if err != nil {
		return err
	}
	p := page.DeskMessage{Message: messageOf(l.Message), Reason: l.LastError, Text: l.Text, HTML: l.HTML}
	if !l.EndedAt.IsZero() {
		p.Ended = ui.TimeAt(l.EndedAt)
	}
	return s.show(w, r, http.StatusOK, view{title: fmt.Sprintf("Letter %d: %s", which, l.Subject), current: route.DeskMessages, content: p.Content(),
		back: &ui.Link{Text: "Messages", Path: route.DeskMessages}})
}
