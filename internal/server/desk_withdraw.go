package server

import (
	"fmt"
	"net/http"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
)

func (s *Server) getDeskWithdraw(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	return s.showDeskWithdraw(w, r, d, form.New(nil), http.StatusOK)
}

func (s *Server) postDeskWithdraw(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason", "text", "law")
	if err != nil {
		return err
	}
	cmd := arrangement.WithdrawCommand{Ref: d.Ref, Reason: f.RequiredText("reason", "The reason", 4000, "Enter why the version is withdrawn")}
	if f.Choice("text", "Choose whether the text stays to be read", "open", "closed") == "closed" {
		cmd.Law = f.RequiredText("law", "The legal reason", 2000, "Enter the legal reason for which the text is closed")
	}
	if f.Errors().Any() {
		return s.showDeskWithdraw(w, r, d, f, statuses[fault.Invalid])
	}
	err = s.Arrangements.Withdraw(r.Context(), actorOf(r), cmd)
	if ruled(f, err) {
		return s.showDeskWithdraw(w, r, d, f, statuses[fault.Invalid])
	}
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	s.tell(r, "The version is withdrawn", "Its page says so, with your reason. The partners and the relevant agencies are told.")
	return redirect(w, r, versionPath(d.Ref))
}

func (s *Server) showDeskWithdraw(w http.ResponseWriter, r *http.Request, d arrangement.Draft, f *form.Form, status int) error {
	if !d.CanWithdraw(actorOf(r)) {
		return s.refuse(w, r, fault.New(fault.Conflict, "Only a published version that was not withdrawn before can be withdrawn."), wayToVersion(d.Ref))
	}
	all, err := s.Arrangements.Desk(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	p := page.DeskWithdraw{Ref: deskRef(d), Errors: f.Errors(), Consequences: afterWithdrawal(d, all, s.today()),
		Reason: f.Field("reason", "Why is it withdrawn?", "Everybody can read this on the page of the version"),
		Text:   f.Field("text", "Can the text still be read?", ""),
		Law:    f.Field("law", "Legal reason", "Only where the text is closed, for example an order of a court. Everybody can read this")}
	v := deskView(p.Ref, "Withdraw")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.show(w, r, status, v)
}

// afterWithdrawal says what stands once the version is withdrawn.
func afterWithdrawal(d arrangement.Draft, all []arrangement.Draft, today day.Date) []string {
	words := []string{"The page of the version stays, with the reason and with who signed it. Its signed text never changes.",
		"The safeguarding partners, business support and the staff of the relevant agencies are told."}
	before, after := neighbours(d, all)
	switch {
	case d.EffectiveFrom.After(today):
		return append(words, "It does not come into force on "+d.EffectiveFrom.Long()+".")
	case after != nil && !after.EffectiveFrom.After(today):
		return append(words, fmt.Sprintf("Version %d stays in force.", after.Ref.Number))
	case before != nil:
		return append(words, fmt.Sprintf("Version %d is in force again from now on.", before.Ref.Number))
	}
	return append(words, "From then on no version of "+strings.TrimSuffix(d.DocumentTitle, ".")+" is in force.")
}
