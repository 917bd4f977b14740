package arrangement

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

// Ref names a version as its address does.
type Ref struct {
	Slug   string
	Number int
}

func (r Ref) String() string { return fmt.Sprintf("%s version %d", r.Slug, r.Number) }

// State is where a version stands. Only published, withdrawn and discarded are stored; the others follow from its
// latest round and from days.
type State string

// The states of a version.
const (
	StateDraft                State = "draft"
	StateAwaitingSignOff      State = "awaiting sign-off"
	StateAwaitingConfirmation State = "awaiting confirmation"
	StateSignedOff            State = "signed off"
	StateUpcoming             State = "upcoming"
	StateInForce              State = "in force"
	StateSuperseded           State = "superseded"
	StateWithdrawn            State = "withdrawn"
	StateDiscarded            State = "discarded"
)

// Draft is a version as business support works on it, at whatever state.
type Draft struct {
	ID            id.Version
	Ref           Ref
	Document      id.Document
	DocumentTitle string
	DocumentKind  string
	Areas         []string
	Title         string
	Guidance      Guidance
	EffectiveFrom day.Date
	Label         string
	Demonstration bool
	Revision      int
	Published     day.Approx
	PublishedAt   time.Time
	ScheduledOn   day.Date
	WithdrawnAt   time.Time
	DiscardedAt   time.Time
	Superseded    bool // a later version of the document is already in force
	LiveRound     id.Round
	LiveOutcome   signoff.Outcome
	LiveOrigin    signoff.Origin
	Agencies      int // relevant agencies that it names
	Sections      []DraftSection
}

// DraftSection is a section of a draft; its number is its place.
type DraftSection struct {
	ID       id.Section
	Number   int
	Heading  string
	Markdown string
	Revision int
}

// Guidance is an edition of the statutory guidance.
type Guidance struct {
	ID    int64
	Title string
}

// State derives where the version stands on a day.
func (d Draft) State(today day.Date) State {
	switch {
	case !d.DiscardedAt.IsZero():
		return StateDiscarded
	case !d.WithdrawnAt.IsZero():
		return StateWithdrawn
	case !d.PublishedAt.IsZero() && d.EffectiveFrom.After(today):
		return StateUpcoming
	case !d.PublishedAt.IsZero() && d.Superseded:
		return StateSuperseded
	case !d.PublishedAt.IsZero():
		return StateInForce
	case d.LiveRound != 0 && d.LiveOutcome == signoff.Complete:
		return StateSignedOff
	case d.LiveRound != 0 && d.LiveOrigin == signoff.Recorded:
		return StateAwaitingConfirmation
	case d.LiveRound != 0:
		return StateAwaitingSignOff
	}
	return StateDraft
}

// CanEdit tells whether the actor may change the draft's text now.
// Faults: Forbidden, Conflict (frozen by a round, published or discarded).
func (d Draft) CanEdit(by authz.Actor) error {
	if !by.Can(authz.DraftDocument) {
		return fault.New(fault.Forbidden, "Only business support drafts.")
	}
	switch {
	case !d.DiscardedAt.IsZero():
		return fault.New(fault.Conflict, "This draft was discarded.")
	case !d.PublishedAt.IsZero():
		return fault.New(fault.Conflict, "This version is published. Published versions never change: start the next version.")
	case d.LiveRound != 0 && d.LiveOutcome == signoff.Complete:
		return fault.New(fault.Conflict, "Every partner has signed this text. Set the round aside before you change it.")
	case d.LiveRound != 0:
		return fault.New(fault.Conflict, "This text is put to the partners. Recall the round before you change it.")
	}
	return nil
}

// Problems lists what keeps a round from opening on the draft, in words, and Warnings what does not.
func (d Draft) Problems() []string {
	var p []string
	if d.EffectiveFrom.IsZero() {
		p = append(p, "The effective day is missing. It must be exact, because it is part of the signed text.")
	}
	if len(d.Sections) == 0 {
		p = append(p, "The text has no sections.")
	}
	for _, s := range d.Sections {
		if strings.TrimSpace(s.Markdown) == "" {
			p = append(p, fmt.Sprintf("Section %d, %s, is empty.", s.Number, s.Heading))
		}
	}
	return p
}

// Save says who last saved something, and when.
type Save struct {
	Name string // empty if nobody is on record
	At   time.Time
}

// EditConflict is the refusal of a save because somebody else saved first. Both texts are there, nothing is lost.
type EditConflict struct {
	Theirs DraftSection
	Saved  Save
	Fault  *fault.Error
}

func (e *EditConflict) Error() string { return e.Fault.Error() }

// Unwrap makes the conflict a fault.
func (e *EditConflict) Unwrap() error { return e.Fault }

// DetailsConflict is the like for the details of a version.
type DetailsConflict struct {
	Theirs Draft
	Saved  Save
	Fault  *fault.Error
}

func (e *DetailsConflict) Error() string { return e.Fault.Error() }

// Unwrap makes the conflict a fault.
func (e *DetailsConflict) Unwrap() error { return e.Fault }

// Clean brings typed text into the form in which it is kept and signed: Unicode NFC, LF line ends, no byte order mark,
// no white space at the end of a text. What is meant stays.
func Clean(s string) string {
	s = strings.TrimPrefix(s, "\ufeff")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimRightFunc(norm.NFC.String(s), unicode.IsSpace)
}

// Words counts the words of a text. Marks that stand by themselves, such as those of lists and tables, are none.
func Words(markdown string) int {
	n := 0
	for field := range strings.FieldsSeq(markdown) {
		if strings.ContainsFunc(field, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// Slug makes an address of a title.
func Slug(title string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(norm.NFKD.String(title)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		default:
			dash = true
		}
		if b.Len() >= 70 {
			break
		}
	}
	return b.String()
}
