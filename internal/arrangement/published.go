package arrangement

import (
	"encoding/hex"
	"slices"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

// PublishedDocument is a document with everything of it that was ever published.
type PublishedDocument struct {
	ID              id.Document
	Slug            string
	Kind            string
	Title           string
	Predecessor     string // name of the body whose own text was in force before the first version; empty if none is known
	PredecessorSlug string
	Versions        []PublishedVersion // by effective day, the latest first
}

// PublishedVersion is a version as the public sees it, without its text.
type PublishedVersion struct {
	ID              id.Version
	Ref             Ref
	Title           string
	Guidance        string
	EffectiveFrom   day.Date
	Label           string // as published: "June 2019"; may be empty
	Demonstration   bool
	Published       day.Approx
	PublishedAt     time.Time // when the portal was told
	WithdrawnAt     time.Time
	WithdrawnReason string
	WithdrawnLaw    string // the legal reason for which the text is closed; empty if it can be read
	Origin          signoff.Origin
	Digest          []byte
	Agencies        int  // relevant agencies that it names
	Asked           bool // it is held against the list of its edition of the guidance
	SignOffs        int  // by how many safeguarding partners it was signed: all that had a seat
}

// DigestHex is the digest of the published bytes as people write it.
func (v PublishedVersion) DigestHex() string { return hex.EncodeToString(v.Digest) }

// Recorded tells whether the sign-offs were made elsewhere and only written down here.
func (v PublishedVersion) Recorded() bool { return v.Origin == signoff.Recorded }

// Closed tells whether a legal reason closes the text of the withdrawn version.
func (v PublishedVersion) Closed() bool { return v.WithdrawnLaw != "" }

func (v PublishedVersion) withdrawn() bool { return !v.WithdrawnAt.IsZero() }

// InForce is the version in force on a day: of those not withdrawn the one with the latest effective day up to it.
func (d PublishedDocument) InForce(on day.Date) (PublishedVersion, bool) {
	for _, v := range d.Versions {
		if !v.withdrawn() && !v.EffectiveFrom.After(on) {
			return v, true
		}
	}
	return PublishedVersion{}, false
}

// Upcoming lists the versions that take effect after a day, the next one first.
func (d PublishedDocument) Upcoming(on day.Date) []PublishedVersion {
	var up []PublishedVersion
	for _, v := range slices.Backward(d.Versions) {
		if !v.withdrawn() && v.EffectiveFrom.After(on) {
			up = append(up, v)
		}
	}
	return up
}

// State is where a published version stands on a day: upcoming, in force, superseded or withdrawn.
func (d PublishedDocument) State(v PublishedVersion, on day.Date) State {
	current, ok := d.InForce(on)
	switch {
	case v.withdrawn():
		return StateWithdrawn
	case v.EffectiveFrom.After(on):
		return StateUpcoming
	case ok && current.ID == v.ID:
		return StateInForce
	}
	return StateSuperseded
}

// Version finds a version by its number.
func (d PublishedDocument) Version(number int) (PublishedVersion, bool) {
	i := slices.IndexFunc(d.Versions, func(v PublishedVersion) bool { return v.Ref.Number == number })
	if i < 0 {
		return PublishedVersion{}, false
	}
	return d.Versions[i], true
}

// Before is the version that v took over from; there is none before the first.
func (d PublishedDocument) Before(v PublishedVersion) (PublishedVersion, bool) {
	return d.InForce(v.EffectiveFrom.Add(-1))
}

// After is the version that takes over from v, whether or not its day has come.
func (d PublishedDocument) After(v PublishedVersion) (PublishedVersion, bool) {
	for _, w := range slices.Backward(d.Versions) {
		if !w.withdrawn() && w.EffectiveFrom.After(v.EffectiveFrom) {
			return w, true
		}
	}
	return PublishedVersion{}, false
}

// PublicEvent is one entry of the public timeline. It names no person.
type PublicEvent struct {
	At           time.Time
	Action       string
	Organisation string // the partner that it was done for, if for one
}

// Found is what a digest belongs to: a published text, or a partner's statement of having signed it.
type Found struct {
	Document  string // title
	Version   PublishedVersion
	Statement *signoff.SignOff // set if the digest is that of a statement
}
