package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/route"
)

// putOut makes a text that is put to three partners whose officers can sign in.
func putOut(t *testing.T, s *site) arrangementtest.Made {
	t.Helper()
	m := arrangementtest.OutForSignOff(t, s.db)
	for _, o := range m.Officers {
		givePassword(t, s.db, o.Account)
	}
	return m
}

func givePassword(t *testing.T, db pg.DB, account id.Account) {
	t.Helper()
	known := accounttest.Account(t, db)
	_, err := db.Exec(context.Background(), `UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE id = @known) WHERE id = @account`,
		pgx.StrictNamedArgs{"known": known.ID, "account": account})
	if err != nil {
		t.Fatal(err)
	}
}

// toConfirm takes an officer from the round to the page that shows the words of the statement.
func toConfirm(t *testing.T, b *browser, m arrangementtest.Made) (statement string) {
	t.Helper()
	sent := b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {m.Digest}}).want(http.StatusSeeOther)
	to, err := url.Parse(sent.header.Get("Location"))
	if err != nil || to.Path != route.SignOffConfirmTo(m.Round) {
		t.Fatalf("continuing leads to %s (%v)", to, err)
	}
	return to.Query().Get("statement")
}

func confirmation(statement, password string) url.Values {
	return url.Values{"statement": {statement}, "declaration": {"yes"}, "password": {password}}
}

func TestALeadOfficerSignsInThreeScreens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	b := s.as(m.Officers[1].Account)
	b.get(route.Home).want(http.StatusOK).shows("Sign or decline: " + m.Title + ", version 1")
	b.get(route.SignOff).want(http.StatusOK).shows("Waiting for you", m.Title, "0 of 3 partners have signed.")
	b.get(route.SignOffRoundTo(m.Round)).want(http.StatusOK).shows("Continue to sign", m.Partners[0].Body.Name, "Not signed yet", "Decline instead", "1.1", m.Digest[:8])
	statement := toConfirm(t, b, m)
	b.get(route.SignOffConfirmOf(m.Round, statement)).want(http.StatusOK).
		shows("Confirm your signature", "As Chief Officer, I sign", "for "+m.Partners[1].Body.Name+". I have read the whole text.", "This is final.", "Sign for "+m.Partners[1].Body.Name)
	b.post(route.SignOffConfirmTo(m.Round), confirmation(statement, accounttest.Password)).leadsTo(route.SignOffReceiptTo(m.Round))
	b.get(route.SignOffReceiptTo(m.Round)).want(http.StatusOK).shows("Signed for "+m.Partners[1].Body.Name, "2 partners have still to act", "Proved by password", "Receipt number")
	t.Run("a second press gives the receipt again", func(t *testing.T) {
		b.post(route.SignOffConfirmTo(m.Round), confirmation(statement, accounttest.Password)).leadsTo(route.SignOffReceiptTo(m.Round))
		b.get(route.SignOffReceiptTo(m.Round)).shows("You had done this already")
	})
	t.Run("the back button leads to the receipt", func(t *testing.T) {
		b.get(route.SignOffConfirmOf(m.Round, statement)).leadsTo(route.SignOffReceiptTo(m.Round))
	})
	t.Run("continuing again is refused with what happened", func(t *testing.T) {
		b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {m.Digest}}).want(http.StatusConflict).shows("has already signed")
	})
	t.Run("the statement can be had byte for byte", func(t *testing.T) {
		sent := b.get(route.SignOffStatementTo(m.Round)).want(http.StatusOK)
		if !strings.Contains(sent.body, `"schema": "signoff-statement/1"`) || !strings.Contains(sent.body, `"digest": "sha256:`+m.Digest+`"`) {
			t.Errorf("statement: %s", sent.body)
		}
	})
}

func TestConfirmingWrongly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	b := s.as(m.Officers[0].Account)
	statement := toConfirm(t, b, m)
	b.post(route.SignOffConfirmTo(m.Round), url.Values{"statement": {statement}}).want(http.StatusUnprocessableEntity).
		shows("Tick the box to confirm the declaration", "Enter your password", "Error: Confirm your signature")
	b.post(route.SignOffConfirmTo(m.Round), confirmation(statement, "wrong words")).want(http.StatusUnprocessableEntity).hides("wrong words")
	b.post(route.SignOffConfirmTo(m.Round), confirmation("not-one", accounttest.Password)).want(http.StatusNotFound)
	fields := confirmation(statement, accounttest.Password)
	fields.Set("kind", "decline")
	b.post(route.SignOffConfirmTo(m.Round), fields).want(http.StatusBadRequest)
	b.get(route.SignOffReceiptTo(m.Round)).want(http.StatusNotFound)
	b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {strings.Repeat("0", 64)}}).want(http.StatusConflict).shows("not the text that you read")
}

func TestDecliningWithReasons(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	b := s.as(m.Officers[2].Account)
	b.get(route.SignOffDeclineTo(m.Round)).want(http.StatusOK).shows("A decline ends the round for everybody")
	b.post(route.SignOffDeclineTo(m.Round), url.Values{"digest": {m.Digest}, "reason": {" "}}).want(http.StatusUnprocessableEntity).shows("Enter why you decline")
	long := strings.Repeat("x", 4001)
	b.post(route.SignOffDeclineTo(m.Round), url.Values{"digest": {m.Digest}, "reason": {long}}).want(http.StatusUnprocessableEntity).shows("4,000 characters or fewer", long)
	const reason = `Section 2 <script>alert(1)</script> says nothing of Medway 🙂`
	sent := b.post(route.SignOffDeclineTo(m.Round), url.Values{"digest": {m.Digest}, "reason": {reason}}).want(http.StatusSeeOther)
	to, err := url.Parse(sent.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	b.get(to.String()).want(http.StatusOK).shows("Confirm that you decline", "says nothing of Medway 🙂").hides("<script>alert")
	b.post(route.SignOffConfirmTo(m.Round), confirmation(to.Query().Get("statement"), accounttest.Password)).leadsTo(route.SignOffReceiptTo(m.Round))
	b.get(route.SignOffReceiptTo(m.Round)).shows("Declined for "+m.Partners[2].Body.Name, "The round has ended.")
	other := s.as(m.Officers[0].Account)
	other.get(route.SignOffRoundTo(m.Round)).want(http.StatusOK).shows("A partner declined on", "says nothing of Medway").hides("Continue to sign", "<script>alert")
	other.post(route.SignOffSignTo(m.Round), url.Values{"digest": {m.Digest}}).want(http.StatusConflict).shows("This round is no longer open: it is declined.")
	other.get(route.SignOffDeclineTo(m.Round)).want(http.StatusConflict)
}

func TestQuestionsLeaveTheRoundOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	office := s.asRole(authz.Office, m.Partners[0].Body.ID)
	office.get(route.SignOffRoundTo(m.Round)).want(http.StatusOK).shows("You cannot sign.", "Put a question or ask for a change").hides("Continue to sign")
	office.post(route.SignOffRemarksTo(m.Round), url.Values{"kind": {""}, "body": {"typed already"}}).want(http.StatusUnprocessableEntity).
		shows("Choose whether this is a question", "typed already")
	office.post(route.SignOffRemarksTo(m.Round), url.Values{"kind": {"question"}, "body": {"Who chairs?"}}).leadsTo(route.SignOffRoundTo(m.Round) + "#questions")
	support := s.as(m.Support.Account)
	support.get(route.Home).shows("Answer 1 question: " + m.Title)
	page := support.get(route.SignOffRoundTo(m.Round)).want(http.StatusOK).shows("Who chairs?", "Send the answer", "Recall this round")
	_, after, _ := strings.Cut(page.body, `id="answer-`)
	remark, _, _ := strings.Cut(after, `"`)
	answerTo := route.SignOffRemarksTo(m.Round) + "/" + remark + "/answer"
	support.post(answerTo, url.Values{"answer-" + remark: {""}}).want(http.StatusUnprocessableEntity).shows("Enter an answer")
	office.post(answerTo, url.Values{"answer-" + remark: {"I do."}}).want(http.StatusForbidden)
	support.post(answerTo, url.Values{"answer-" + remark: {"The three in turn."}}).want(http.StatusSeeOther)
	support.post(answerTo, url.Values{"answer-" + remark: {"Or not."}}).want(http.StatusConflict).shows("already been answered")
	s.as(m.Officers[2].Account).get(route.SignOffRoundTo(m.Round)).shows("Who chairs?", "The three in turn.", "Continue to sign")
}

func TestAnOfficerOfTwoPartnersSaysForWhom(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	officer := m.Officers[0].Account
	membershiptest.Appointment(t, s.db, m.Partners[1].ID, func(a *membershiptest.AppointmentMade) {
		a.Account, a.Capacity = officer, authz.Delegate
	})
	b := s.as(officer)
	b.get(route.SignOffRoundTo(m.Round)).shows("For which safeguarding partner do you act?")
	b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {m.Digest}}).want(http.StatusUnprocessableEntity).shows("Choose for which safeguarding partner you act")
	sent := b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {m.Digest}, "partner": {fmt.Sprint(m.Partners[1].ID)}}).want(http.StatusSeeOther)
	b.get(sent.header.Get("Location")).shows("acting for "+m.Partners[1].Body.Name, "in place of the Chief Officer", m.Partners[1].Body.Name)
}

func TestTheVersionLeadsToItsRound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	s.as(m.Officers[0].Account).get(route.ArrangementSignTo(m.Ref.Slug, m.Ref.Number)).leadsTo(route.SignOffRoundTo(m.Round))
	s.asRole(authz.AgencyStaff, membershiptest.Agency(t, s.db).Body.ID).get(route.ArrangementSignTo(m.Ref.Slug, m.Ref.Number)).want(http.StatusNotFound)
}

func TestTheContentOfARoundIsItsExactBytes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	got := s.as(m.Officers[0].Account).get(route.SignOffContentTo(m.Round)).want(http.StatusOK)
	var stored []byte
	if err := s.db.QueryRow(context.Background(), `SELECT content FROM round WHERE id = @round`, pgx.StrictNamedArgs{"round": m.Round}).Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if got.body != string(stored) {
		t.Error("the bytes sent are not the bytes stored")
	}
}

// An appointment that ends takes the page away, and a form that is open already is refused.
func TestAnEndedAppointmentCannotPress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	b := s.as(m.Officers[0].Account)
	statement := toConfirm(t, b, m)
	_, err := s.db.Exec(context.Background(), `UPDATE appointment SET withdrawn_by = @by WHERE account_id = @account`,
		pgx.StrictNamedArgs{"by": m.Support.Account, "account": m.Officers[0].Account})
	if err != nil {
		t.Fatal(err)
	}
	b.post(route.SignOffConfirmTo(m.Round), confirmation(statement, accounttest.Password)).want(http.StatusForbidden).shows("Your appointment gives no authority")
	b.get(route.SignOffRoundTo(m.Round)).want(http.StatusNotFound)
	rounds := signoff.New(s.db, arrangementtest.AnyPassword{}, m.Sent, time.Now)
	read, err := rounds.Round(context.Background(), m.Support, m.Round)
	if err != nil || read.Signed() != 0 {
		t.Errorf("%d signatures, want none (%v)", read.Signed(), err)
	}
}

func signOffExpectations() []expectation {
	at := func(path func(id.Round) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.out.Round) }
	}
	digest := func(f fixtures) url.Values { return url.Values{"digest": {f.out.Digest}} }
	nothing := func(fixtures) url.Values { return url.Values{} }
	// seen is a page of a round: those who see it, and those to whom there is no such round.
	seen := func(route string) expectation {
		return closed(route).with("officer with a seat", seatHolder, 200).with("business support", support, 200).with("scrutineer", scrutineer, 200).
			with("officer elsewhere", otherLead, 404).with("administrator", admin, 404).with("agency staff", staff, 404)
	}
	own := func(route string, status int) expectation {
		return closed(route).with("officer with a seat", seatHolder, status).with("officer elsewhere", otherLead, 404).
			with("administrator", admin, 404).with("agency staff", staff, 404)
	}
	return []expectation{
		closed("GET "+route.SignOff).with("officer", lead, 200).with("private office", office, 200).with("business support", support, 200).
			with("scrutineer", scrutineer, 200).with("administrator", admin, 403).with("agency staff", staff, 403),
		seen("GET " + route.SignOffRound).at(at(route.SignOffRoundTo[id.Round])),
		seen("GET " + route.SignOffContent).at(at(route.SignOffContentTo[id.Round])),
		seen("GET " + route.SignOffWord).at(at(route.SignOffWordTo[id.Round])),
		own("POST "+route.SignOffSign, 303).at(at(route.SignOffSignTo[id.Round])).sending(digest).
			with("business support", support, 403).with("scrutineer", scrutineer, 403),
		own("GET "+route.SignOffDecline, 200).at(at(route.SignOffDeclineTo[id.Round])).with("business support", support, 403).with("scrutineer", scrutineer, 403),
		own("POST "+route.SignOffDecline, 303).at(at(route.SignOffDeclineTo[id.Round])).
			sending(func(f fixtures) url.Values { return url.Values{"digest": {f.out.Digest}, "reason": {"No."}} }).
			with("business support", support, 403).with("scrutineer", scrutineer, 403),
		own("GET "+route.SignOffConfirm, 404).at(at(route.SignOffConfirmTo[id.Round])).with("business support", support, 404),
		own("POST "+route.SignOffConfirm, 404).at(at(route.SignOffConfirmTo[id.Round])).
			sending(func(fixtures) url.Values { return confirmation("00000000-0000-4000-8000-000000000000", "x") }).with("business support", support, 404),
		own("GET "+route.SignOffReceipt, 404).at(at(route.SignOffReceiptTo[id.Round])).with("business support", support, 404),
		own("GET "+route.SignOffStatement, 404).at(at(route.SignOffStatementTo[id.Round])).with("business support", support, 404),
		own("POST "+route.SignOffRemarks, 303).at(at(route.SignOffRemarksTo[id.Round])).
			sending(func(fixtures) url.Values { return url.Values{"kind": {"question"}, "body": {"Why?"}} }).
			with("business support", support, 403).with("scrutineer", scrutineer, 403),
		own("GET "+route.SignOffScrutiny, 403).at(at(route.SignOffScrutinyTo[id.Round])).with("business support", support, 403).with("scrutineer", scrutineer, 200),
		own("POST "+route.SignOffScrutiny, 403).at(at(route.SignOffScrutinyTo[id.Round])).
			sending(func(fixtures) url.Values { return url.Values{"scrutiny": {"Sound."}} }).
			with("business support", support, 403).with("scrutineer", scrutineer, 303),
		own("POST "+route.SignOffAnswer, 422).at(func(f fixtures) string { return route.SignOffAnswerTo(f.out.Round, 1) }).sending(nothing),
		own("GET "+route.ArrangementSign, 303).at(func(f fixtures) string { return route.ArrangementSignTo(f.out.Ref.Slug, f.out.Ref.Number) }).
			with("business support", support, 303),
	}
}

// seatHolder is a lead officer with a seat in the open round.
func seatHolder(f fixtures) id.Account { return f.out.Officers[0].Account }
