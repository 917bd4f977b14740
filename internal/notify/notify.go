// Package notify turns what happens in the partnership into letters: it finds out whom an act concerns, writes each of
// them one letter in the transaction of the act, and later hands the letters to the mail server.
package notify

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/id"
	"partnershipportal/internal/jobs"
	"partnershipportal/web/letter"
)

// Kind is what a letter is about.
type Kind string

// The kinds of letters that are kept. Letters with a one-time link are of no kind: nothing of them is kept.
const (
	PasswordChanged      Kind = "password-changed"
	AppointmentProposed  Kind = "appointment-proposed"
	AppointmentConfirmed Kind = "appointment-confirmed"
	AppointmentEnded     Kind = "appointment-ended"
	AppointmentEnding    Kind = "appointment-ending"
	SeatAtRisk           Kind = "seat-at-risk"
	DelegateAskedFor     Kind = "delegate-asked-for"
	DelegateDeclined     Kind = "delegate-declined"
	RoundOpened          Kind = "round-opened"
	Signed               Kind = "signed"
	Receipt              Kind = "receipt"
	RoundComplete        Kind = "round-complete"
	RoundDeclined        Kind = "round-declined"
	RoundRecalled        Kind = "round-recalled"
	RoundSetAside        Kind = "round-set-aside"
	RecordedEntered      Kind = "recorded-entered"
	RecordedConfirmed    Kind = "recorded-confirmed"
	RemarkPut            Kind = "remark-put"
	ScrutinyFiled        Kind = "scrutiny-filed"
	RemarkAnswered       Kind = "remark-answered"
	Published            Kind = "published"
	Withdrawn            Kind = "withdrawn"
	SuccessionRecorded   Kind = "succession-recorded"
	SuccessionReversed   Kind = "succession-reversed"
	CorrectionProposed   Kind = "correction-proposed"
	CorrectionAnswered   Kind = "correction-answered"
	InvoiceUnpaid        Kind = "invoice-unpaid"
	DecisionNotice       Kind = "decision-notice"
	DecisionUrgent       Kind = "decision-urgent"
	DecisionMade         Kind = "decision-made"
	DecisionCalledIn     Kind = "decision-called-in"
	CallInEnded          Kind = "call-in-ended"
	DecisionWithdrawn    Kind = "decision-withdrawn"
	DecisionDeadline     Kind = "decision-deadline"
)

// Kinds lists the kinds in the order in which people meet them.
func Kinds() []Kind {
	return []Kind{RoundOpened, Signed, Receipt, RoundComplete, RoundDeclined, RoundRecalled, RoundSetAside, RemarkPut, RemarkAnswered, ScrutinyFiled,
		RecordedEntered, RecordedConfirmed, Published, Withdrawn, AppointmentProposed, AppointmentConfirmed, AppointmentEnded, AppointmentEnding,
		SeatAtRisk, DelegateAskedFor, DelegateDeclined, SuccessionRecorded, SuccessionReversed, CorrectionProposed, CorrectionAnswered, InvoiceUnpaid,
		DecisionNotice, DecisionUrgent, DecisionMade, DecisionCalledIn, CallInEnded, DecisionWithdrawn, DecisionDeadline, PasswordChanged}
}

// Writer writes letters. It has what membership, account, signoff, arrangement and decision ask for in their
// Letters interfaces.
// Every method works in the caller's transaction, so a letter exists exactly if the act does.
type Writer struct {
	queue *jobs.Queue
	base  string
}

// NewWriter makes a Writer. The base is the portal's address as people reach it.
func NewWriter(queue *jobs.Queue, base *url.URL) *Writer {
	return &Writer{queue: queue, base: strings.TrimSuffix(base.String(), "/")}
}

// at makes an address that works in a letter.
func (w *Writer) at(path string) string { return w.base + path }

// addressed is a letter to one person.
type addressed struct {
	to     person
	kind   Kind
	letter letter.Letter
}

// batch is the letters of one occasion.
type batch struct {
	occasion string // never writes twice to one person
	round    id.Round
	version  id.Version
	letters  []addressed
}

func (b *batch) add(to person, kind Kind, l letter.Letter) {
	b.letters = append(b.letters, addressed{to, kind, l})
}

const insertLetters = `
	INSERT INTO letter (kind, occasion, account_id, email, name, subject, body_text, body_html, round_id, version_id)
	SELECT l.kind, @occasion, nullif(l.account, 0), l.email, l.name, l.subject, l.body_text, l.body_html, nullif(@round::bigint, 0), nullif(@version::bigint, 0)
	FROM unnest(@kinds::text[], @accounts::bigint[], @emails::text[], @names::text[], @subjects::text[], @texts::text[], @htmls::text[])
	     AS l (kind, account, email, name, subject, body_text, body_html)
	ON CONFLICT ON CONSTRAINT letter_occasion_email_key DO NOTHING
	RETURNING id`

// write stores the letters as they will be sent, and adds their jobs.
func (w *Writer) write(ctx context.Context, tx pgx.Tx, b batch) error {
	if len(b.letters) == 0 {
		return nil
	}
	var kinds, emails, names, subjects, texts, htmls []string
	var accounts []int64
	for _, a := range b.letters {
		l := a.letter.To(a.to.Name)
		html, err := l.HTML(ctx)
		if err != nil {
			return err
		}
		kinds, accounts, emails, names = append(kinds, string(a.kind)), append(accounts, int64(a.to.Account)), append(emails, a.to.Email), append(names, a.to.Name)
		subjects, texts, htmls = append(subjects, shortened(l.Subject)), append(texts, l.Text()), append(htmls, html)
	}
	rows, _ := tx.Query(ctx, insertLetters, pgx.StrictNamedArgs{"occasion": b.occasion, "round": b.round, "version": b.version, "kinds": kinds,
		"accounts": accounts, "emails": emails, "names": names, "subjects": subjects, "texts": texts, "htmls": htmls})
	letters, err := pgx.CollectRows(rows, pgx.RowTo[id.Letter])
	if err != nil {
		return fmt.Errorf("keep the letters of %s: %w", b.occasion, err)
	}
	return w.queue.Letters(ctx, tx, letters)
}

// shortened keeps a subject to what mail programs show.
func shortened(subject string) string {
	const most = 200
	if r := []rune(subject); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return subject
}

// officeRow is what a letter's head and foot need.
type officeRow struct {
	Partnership  string
	ContactEmail string
	ContactPhone string
}

// officeColumns go with LEFT JOIN partnership pa ON true: a partnership without its settings still writes letters.
const officeColumns = `coalesce(pa.name, '') AS partnership, coalesce(pa.contact_email, '') AS contact_email, coalesce(pa.contact_phone, '') AS contact_phone`

func (o officeRow) office() letter.Office {
	return letter.Office{Partnership: cmp.Or(o.Partnership, "The safeguarding children partnership"), Contact: cmp.Or(o.ContactEmail, o.ContactPhone)}
}
