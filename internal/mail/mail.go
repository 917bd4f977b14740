// Package mail hands finished letters to the mail server that the installation names, and says whether a refusal is
// worth trying again.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"unicode"
)

// Letter is one e-mail to one person, finished but for its transport.
type Letter struct {
	// Key stays the same however often the letter is tried, and no other letter of the installation has it. The
	// Message-ID is made of it, so that mail programs show a letter once that was handed over twice.
	Key     string
	Name    string // of the recipient
	Email   string
	Subject string
	Text    string
	HTML    string
}

// Sender hands letters over.
type Sender interface {
	// Send returns once the mail server has taken the letter. An error for which Permanent holds will not get
	// better by trying again.
	Send(ctx context.Context, l Letter) error
}

// Refused is a letter that was not handed over.
type Refused struct {
	Reason    string // what the mail server or the network said; no secret is ever in it
	permanent bool
	cause     error
}

func (r *Refused) Error() string { return "send letter: " + r.Reason }

// Unwrap yields the cause.
func (r *Refused) Unwrap() error { return r.cause }

// Permanent tells whether the letter can't be delivered however often it is tried.
func Permanent(err error) bool {
	r, ok := errors.AsType[*Refused](err)
	return ok && r.permanent
}

// Reason is what stood in the way, for the list of letters.
func Reason(err error) string {
	if r, ok := errors.AsType[*Refused](err); ok {
		return r.Reason
	}
	return "The letter could not be handed to the mail server."
}

// oneLine keeps a header to its line: whatever could end or hide it becomes a space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	}), " ")
}

// checkAddress accepts a bare address and nothing else: no name, no list, no comment.
func checkAddress(email string) error {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Name != "" || !strings.EqualFold(a.Address, email) {
		return fmt.Errorf("%q is not an e-mail address", email)
	}
	return nil
}

// Recorder stands in for a mail server in tests: it keeps what it is given.
type Recorder struct {
	mu   sync.Mutex
	sent []Letter
	// Fail, if set, decides what becomes of a letter.
	Fail func(Letter) error
}

// Send keeps the letter, unless Fail refuses it.
func (r *Recorder) Send(_ context.Context, l Letter) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Fail != nil {
		if err := r.Fail(l); err != nil {
			return err
		}
	}
	r.sent = append(r.sent, l)
	return nil
}

// Sent lists what was taken, oldest first.
func (r *Recorder) Sent() []Letter {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Letter(nil), r.sent...)
}

// Refuse makes an error such as a mail server's, for a Recorder's Fail.
func Refuse(reason string, permanent bool) error {
	return &Refused{Reason: reason, permanent: permanent}
}
