package letter_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/web/letter"
)

var update = flag.Bool("update", false, "rewrite the golden letters")

var (
	office = letter.Office{Partnership: "Kent Safeguarding Children Multi-Agency Partnership", Contact: "support@kscmp.example"}
	round  = letter.Round{Title: "Arrangements 2026", Version: 2, Number: 1, Effective: "1 April 2027", Due: "15 December 2026",
		Digest: strings.Repeat("0123abcd", 8), Seats: 3, URL: "https://portal.example/sign-off/7", ReceiptURL: "https://portal.example/sign-off/7/receipt"}
	act = letter.Act{Officer: "Ada Ames", Office: "Deputy Chief Constable", ActingFor: "Chief Constable", Body: "Kent Police",
		Instrument: "Scheme of delegation, part 3", InstrumentOn: "1 July 2019", At: "22 November 2026 at 3:48pm", Method: "password", Signed: 2}
	appointment = letter.Appointment{Person: "Ada Ames", Organisation: "Kent Police", Office: "Deputy Chief Constable", ActingFor: "Chief Constable",
		Instrument: "Scheme of delegation, part 3", InstrumentOn: "1 July 2019", From: "1 January 2026", To: "31 March 2027"}
	correction  = letter.Correction{Organisation: "Maidstone Borough Council", About: "e-mail of a contact post", Proposed: "22 November 2026"}
	publication = letter.Publication{Title: "Arrangements 2026", Version: 2, Published: "22 November 2026", Effective: "1 April 2027",
		URL: "https://portal.example/arrangements/kent/versions/2"}
)

func risk(why string) letter.Risk {
	return letter.Risk{Body: "Kent Police", Paper: "Arrangements 2026, version 2", Why: why, On: "31 March 2027", URL: "https://portal.example/sign-off/7"}
}

func every() map[string]letter.Letter {
	noDue, year := round, round
	year.Title, year.Version, year.Effective = "Contributions and budget for 2027/28", 0, ""
	noDue.Due = ""
	recorded := publication
	recorded.Recorded = true
	const home, page = "https://portal.example/home", "https://portal.example/desk/appointments/3"
	followed := letter.Succession{What: "NHS Kent and Medway follows Kent CCGs", From: "1 July 2022", Outlasting: "Closing their accounts"}
	reversed := followed
	reversed.Reason = "Typed in the wrong year"
	withdrawal := letter.Withdrawal{Title: "Arrangements 2026", Version: 2, On: "22 November 2026", Reason: "A page was missing", InForce: "version 1",
		URL: "https://portal.example/arrangements/kent/versions/2"}
	closed := withdrawal
	closed.Closed, closed.InForce = true, ""
	coming := letter.Decision{Body: "Kent County Council", Number: "19/00035", Subject: "Proposed arrangements", Maker: "Cabinet Member for Children", Notice: "1 April 2019",
		Earliest: "30 April 2019", Due: "May 2019", URL: "https://portal.example/decisions/kent-county-council/19-00035"}
	urgent := coming
	urgent.Route = "general exception"
	decided := coming
	decided.Made, decided.Effective = "20 May 2019", "29 May 2019"
	noDay := decided
	noDay.Effective, noDay.Number = "", ""
	const body = "https://portal.example/organisations/nhs-kent-and-medway"
	return map[string]letter.Letter{
		"withdrawn":                  letter.Withdrawn(office, withdrawal),
		"withdrawn-closed":           letter.Withdrawn(office, closed),
		"succession-recorded":        letter.SuccessionRecorded(office, followed, body, true),
		"succession-recorded-beside": letter.SuccessionRecorded(office, followed, body, false),
		"succession-reversed":        letter.SuccessionReversed(office, reversed, body),
		"invitation":                 letter.Invitation(office, "https://portal.example/invitations/T", "29 November 2026 at 3:48pm"),
		"password-reset":             letter.PasswordReset(office, "https://portal.example/reset-password/T", "22 November 2026 at 4:48pm"),
		"password-changed":           letter.PasswordChanged(office, "22 November 2026 at 3:48pm", "https://portal.example/forgotten-password"),
		"appointment-proposed":       letter.AppointmentProposed(office, appointment, home),
		"appointment-to-confirm":     letter.AppointmentToConfirm(office, appointment, page, false),
		"appointment-proposed-copy":  letter.AppointmentToConfirm(office, appointment, page, true),
		"appointment-confirmed":      letter.AppointmentConfirmed(office, appointment, home),
		"appointment-confirmed-copy": letter.AppointmentConfirmedCopy(office, appointment, page),
		"appointment-ended":          letter.AppointmentEnded(office, appointment, home, false),
		"appointment-ended-copy":     letter.AppointmentEnded(office, appointment, page, true),
		"correction-proposed":        letter.CorrectionProposed(office, correction, "https://portal.example/desk/corrections/3"),
		"correction-accepted":        letter.CorrectionAnswered(office, correction, true, "https://portal.example/my-agency"),
		"correction-declined":        letter.CorrectionAnswered(office, correction, false, "https://portal.example/my-agency"),
		"delegate-asked-for":         letter.DelegateAskedFor(office, appointment, "Carol Cole", "https://portal.example/desk/appointments/requests/3"),
		"delegate-declined":          letter.DelegateDeclined(office, appointment, "She works for another body.", "https://portal.example/delegation"),
		"appointment-ending":         letter.AppointmentEnding(office, appointment, home, false),
		"appointment-ending-support": letter.AppointmentEnding(office, appointment, "https://portal.example/desk/attention", true),
		"seat-empty":                 letter.SeatAtRisk(office, risk("empty"), false),
		"seat-empty-support":         letter.SeatAtRisk(office, risk("empty"), true),
		"seat-partner-ended":         letter.SeatAtRisk(office, risk("ended"), true),
		"seat-partner-ends":          letter.SeatAtRisk(office, risk("ends"), false),
		"seat-succeeded":             letter.SeatAtRisk(office, risk("succeeded"), false),
		"round-opened":               letter.RoundOpened(office, round, []string{"Kent Police", "Kent County Council"}),
		"round-opened-no-due":        letter.RoundOpened(office, noDue, []string{"Kent Police"}),
		"round-opened-office":        letter.RoundOpenedOffice(office, round, []string{"Kent Police"}),
		"round-opened-support":       letter.RoundOpenedCopy(office, round, false),
		"round-opened-scrutineer":    letter.RoundOpenedCopy(office, round, true),
		"signed-receipt":             letter.SignedReceipt(office, round, act),
		"declined-receipt":           letter.DeclinedReceipt(office, round, act),
		"signed":                     letter.Signed(office, round, act),
		"complete":                   letter.Complete(office, round, false),
		"complete-support":           letter.Complete(office, round, true),
		"declined":                   letter.Declined(office, round, "Kent Police", false),
		"declined-support":           letter.Declined(office, round, "Kent Police", true),
		"recalled":                   letter.Recalled(office, round),
		"set-aside":                  letter.SetAside(office, round),
		"recorded-entered":           letter.RecordedEntered(office, round, "Bert Bold"),
		"recorded-confirmed":         letter.RecordedConfirmed(office, round, false),
		"recorded-confirmed-support": letter.RecordedConfirmed(office, round, true),
		"question":                   letter.RemarkPut(office, round, "question", "Kent Police", false),
		"requested-change-support":   letter.RemarkPut(office, round, "requested change", "Kent Police", true),
		"scrutiny":                   letter.ScrutinyFiled(office, round),
		"answered":                   letter.RemarkAnswered(office, round, "question", "Kent Police"),
		"year-opened":                letter.RoundOpened(office, year, []string{"Kent Police"}),
		"year-opened-office":         letter.RoundOpenedOffice(office, year, []string{"Kent Police"}),
		"year-opened-support":        letter.RoundOpenedCopy(office, year, false),
		"year-signed-receipt":        letter.SignedReceipt(office, year, act),
		"year-agreed":                letter.Complete(office, year, false),
		"year-agreed-support":        letter.Complete(office, year, true),
		"year-declined":              letter.Declined(office, year, "Kent Police", false),
		"year-declined-support":      letter.Declined(office, year, "Kent Police", true),
		"year-recalled":              letter.Recalled(office, year),
		"published":                  letter.PublishedPartner(office, recorded),
		"published-agency":           letter.PublishedAgency(office, publication, []string{"Dover District Council"}),
		"published-support":          letter.PublishedSupport(office, publication),
		"decision-notice":            letter.DecisionNotice(office, coming, false),
		"decision-notice-urgent":     letter.DecisionNotice(office, urgent, true),
		"decision-urgent-told":       letter.DecisionUrgent(office, urgent, false),
		"decision-urgent-agreed":     letter.DecisionUrgent(office, urgent, true),
		"decision-unreached":         letter.DecisionUnreached(office, urgent, "Chair of the Scrutiny Committee"),
		"decision-made":              letter.DecisionMade(office, decided, true),
		"decision-made-no-day":       letter.DecisionMade(office, noDay, true),
		"decision-called-in":         letter.DecisionCalledIn(office, decided, "9 June 2019"),
		"decision-call-in-ended":     letter.DecisionCallInEnded(office, decided, "no further action", "9 June 2019"),
		"decision-withdrawn":         letter.DecisionWithdrawn(office, decided),
		"decision-deadline":          letter.DecisionDeadline(office, coming, "Decision is due", "May 2019"),
		"decision-deadline-closed":   letter.DecisionDeadline(office, letter.Decision{Body: "Kent County Council", URL: coming.URL}, "Decision is due", "May 2019"),
	}
}

var sentences = regexp.MustCompile(`[.:?!]\s|\n`)

// The words of every letter stand in one file each, where a change shows.
func TestEveryLetter(t *testing.T) {
	t.Parallel()
	for name, l := range every() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := l.To("Carol Cole")
			text := l.Text()
			got := "Subject: " + l.Subject + "\n\n" + text
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the letter differs from %s; got:\n%s", golden, got)
			}
			for _, s := range sentences.Split(text, -1) {
				if n := len(strings.Fields(s)); n > 25 {
					t.Errorf("a sentence of %d words: %s", n, s)
				}
			}
			html, err := l.HTML(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, l.Link.URL) || !strings.Contains(html, `href="`+l.Link.URL+`"`) || strings.Count(html, l.Link.URL) != 2 {
				t.Errorf("the link %s is not in both the text and the HTML:\n%s", l.Link.URL, html)
			}
			for _, never := range []string{"<img", "<script", "<link", "<form", "src=", "url("} {
				if strings.Contains(html, never) {
					t.Errorf("the HTML holds %s", never)
				}
			}
		})
	}
}

// What people typed stands in a letter as they typed it, and is nothing but text.
func TestWordsOfOthersStayWords(t *testing.T) {
	t.Parallel()
	r := round
	r.Title = `<b>Bold</b> & "quoted"`
	l := letter.RoundOpened(letter.Office{Partnership: "<i>Kent</i>"}, r, []string{"<script>alert(1)</script>"}).To(`<a href="x">Eve</a>`)
	html, err := l.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<b>Bold", "<i>Kent", "<script", `<a href="x"`} {
		if strings.Contains(html, never) {
			t.Errorf("the HTML holds %s", never)
		}
	}
	if !strings.Contains(l.Text(), `<b>Bold</b> & "quoted"`) {
		t.Errorf("the text changed what was typed:\n%s", l.Text())
	}
	if !strings.HasPrefix(letter.Recalled(office, round).Text(), "Hello,") {
		t.Error("a letter to nobody by name does not say hello")
	}
}

func TestALinkThatIsNoAddressIsNotDrawn(t *testing.T) {
	t.Parallel()
	r := round
	r.URL = ""
	html, err := letter.Recalled(office, r).HTML(t.Context())
	if err != nil || strings.Contains(html, "<a ") {
		t.Errorf("a letter without a link draws one: %v\n%s", err, html)
	}
}
