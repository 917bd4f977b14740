package membership

import (
	"slices"
	"strings"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// SuccessionKind is what became of a body.
type SuccessionKind string

// The kinds of succession.
const (
	Renaming  SuccessionKind = "rename"    // one body goes on under another name
	Merger    SuccessionKind = "merger"    // several bodies become one, or fewer
	Split     SuccessionKind = "split"     // one body becomes several
	Takeover  SuccessionKind = "takeover"  // one body follows another
	Abolition SuccessionKind = "abolition" // a body ends and none follows
)

// SuccessionKinds lists them, the most usual first.
func SuccessionKinds() []SuccessionKind {
	return []SuccessionKind{Takeover, Merger, Split, Renaming, Abolition}
}

// SucceedCommand records what became of bodies on a day.
type SucceedCommand struct {
	Kind            SuccessionKind
	On              day.Date    // the first day on which it is so
	Predecessors    []string    // slugs
	Successors      []string    // slugs
	Begins          *AddCommand // a further successor that begins with it; its first day is On
	NewName         string      // of the body of a rename
	Note            string
	Outlasting      string   // functions that the predecessor keeps, in words
	OutlastingUntil day.Date // none: open
	Follows
}

// Follows is what is done elsewhere when a succession is recorded.
type Follows struct {
	End     bool // the predecessors end on the day before
	Partner bool // the successors take their place as safeguarding partner
	Agency  bool // the successors take their place as relevant agency
	Posts   bool // the posts of the predecessors end
}

// AllFollows is what usually follows.
var AllFollows = Follows{End: true, Partner: true, Agency: true, Posts: true}

// bodies tells how many bodies of each part a kind has: at least, and at most unless that is 0.
func (k SuccessionKind) bodies() (before, beforeMost, after, afterMost int) {
	switch k {
	case Merger:
		return 2, 0, 1, 0
	case Split:
		return 1, 0, 2, 0
	case Takeover:
		return 1, 1, 1, 1
	case Renaming:
		return 1, 1, 0, 0
	}
	return 1, 0, 0, 0
}

// HasSuccessors tells whether another body follows.
func (k SuccessionKind) HasSuccessors() bool { return k == Merger || k == Split || k == Takeover }

func (c SucceedCommand) check() error {
	if !slices.Contains(SuccessionKinds(), c.Kind) {
		return fault.Field("kind", "Choose what happened")
	}
	if c.On.IsZero() {
		return fault.Field("on", "Enter the day from which it is so")
	}
	if err := c.checkBodies(); err != nil {
		return err
	}
	switch {
	case c.Kind == Renaming && c.NewName == "":
		return fault.Field("new-name", "Enter the new name")
	case c.Kind == Abolition && !c.End:
		return fault.Field("follows", "An abolished body ends. Tick that it ends")
	case !c.OutlastingUntil.IsZero() && c.Outlasting == "":
		return fault.Field("outlasting", "Say which functions outlast it, or leave their last day empty")
	case !c.OutlastingUntil.IsZero() && c.OutlastingUntil.Before(c.On):
		return fault.Field("outlasting-until", "The last day must not be before the day from which it is so")
	}
	return nil
}

func (c SucceedCommand) checkBodies() error {
	before, beforeMost, after, afterMost := c.Kind.bodies()
	followers := len(c.Successors)
	if c.Begins != nil {
		followers++
	}
	for _, slug := range c.Predecessors {
		if slices.Contains(c.Successors, slug) {
			return fault.Field("successors", "Choose a different organisation: a body cannot succeed itself")
		}
	}
	switch {
	case len(c.Predecessors) == 0:
		return fault.Field("predecessors", "Choose the organisation that it happened to")
	case len(c.Predecessors) < before:
		return fault.Field("predecessors", "Choose at least two organisations that merged")
	case beforeMost > 0 && len(c.Predecessors) > beforeMost:
		return fault.Field("predecessors", "Choose one organisation only, or choose a merger")
	case !c.Kind.HasSuccessors() && followers > 0:
		return fault.Field("successors", "Nobody follows after a new name or an abolition. Untick the successors")
	case c.Kind == Split && followers < after:
		return fault.Field("successors", "Choose at least two organisations that followed")
	case followers < after:
		return fault.Field("successors", "Choose the organisation that followed")
	case afterMost > 0 && followers > afterMost:
		return fault.Field("successors", "Choose one organisation only, or choose a split")
	}
	return nil
}

// SuccessionRecord is a recorded succession with its bodies and what its recording changed.
type SuccessionRecord struct {
	ID              id.Succession
	Kind            SuccessionKind
	On              day.Date
	Note            string
	NewName         string // of a rename
	Outlasting      string
	OutlastingUntil day.Date
	RecordedBy      string // name; empty for a command of the installation
	RecordedAt      time.Time
	ReversedBy      string
	ReversedAt      *time.Time // none: it stands
	ReversedReason  string
	Bodies          []SuccessionBody   `db:"-"`
	Changes         []SuccessionChange `db:"-"`
}

// Stands tells that the succession was not reversed.
func (r SuccessionRecord) Stands() bool { return r.ReversedAt == nil }

// Predecessors are the bodies that it happened to.
func (r SuccessionRecord) Predecessors() []SuccessionBody { return r.of("predecessor") }

// Successors are the bodies that followed.
func (r SuccessionRecord) Successors() []SuccessionBody { return r.of("successor") }

func (r SuccessionRecord) of(part string) []SuccessionBody {
	var list []SuccessionBody
	for _, b := range r.Bodies {
		if b.Part == part {
			list = append(list, b)
		}
	}
	return list
}

// SuccessionBody is a body of a succession, under its name on the day before for a predecessor, else of the day.
type SuccessionBody struct {
	ID   id.Organisation
	Slug string
	Name string
	Part string
}

// ChangeKind is the kind of record that a succession made or ended.
type ChangeKind string

// The kinds of records.
const (
	ChangedBody    ChangeKind = "organisation"
	ChangedName    ChangeKind = "name"
	ChangedPartner ChangeKind = "partner"
	ChangedShare   ChangeKind = "share" // a further area of a partner
	ChangedAgency  ChangeKind = "agency"
	ChangedPost    ChangeKind = "post"
	ChangedHolder  ChangeKind = "holder"
)

// SuccessionChange is one record that the recording of a succession made or ended.
type SuccessionChange struct {
	Kind         ChangeKind
	Row          int64 // its identifier
	Made         bool
	WasEndsOn    day.Date // the last day that it had before
	SetEndsOn    day.Date // the last day that it was given
	Organisation string   // whose it is, by name
	Detail       string   // the name, the kind of partner, the basis, the title of the post, the area
}

// RoundConcerned is an open round in which a body that stops being a safeguarding partner has a seat.
type RoundConcerned struct {
	Round        id.Round
	Paper        string // its name
	Organisation string
	HasActed     bool
}

// SuccessionPlan is what the recording of a succession would do.
type SuccessionPlan struct {
	Record SuccessionRecord
	Rounds []RoundConcerned
}

// SuccessionWords says what happened in one sentence without its full stop. Of a rename, the name is what follows.
func SuccessionWords(kind SuccessionKind, before, after []string) string {
	was, is := listed(before), listed(after)
	switch kind {
	case Renaming:
		return was + " has the new name " + is
	case Merger:
		return was + " merge into " + is
	case Split:
		return was + " is split into " + is
	case Takeover:
		return is + " follows " + was
	}
	if len(before) > 1 {
		return was + " end"
	}
	return was + " ends"
}

func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// Words says what happened in one sentence without its full stop.
func (r SuccessionRecord) Words() string {
	names := func(bodies []SuccessionBody) []string {
		var list []string
		for _, b := range bodies {
			list = append(list, b.Name)
		}
		return list
	}
	after := names(r.Successors())
	if r.Kind == Renaming {
		after = append(after, r.NewName)
	}
	return SuccessionWords(r.Kind, names(r.Predecessors()), after)
}

var (
	errNoSuccession = fault.New(fault.NotFound, "There is no such succession.")
	errReversed     = fault.New(fault.Conflict, "This succession is already reversed.")
)
