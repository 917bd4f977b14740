package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// base is an earlier text from which the changes in a round's text are shown.
type base struct {
	key     int64 // of its round; 0 for the version in force
	signed  bool
	short   string
	said    string
	content []byte
}

// roundChanges says what changed in the text of a round since the reader's partner last signed. A reader without a seat
// sees what changed since the version in force. There is nothing to say of papers other than versions.
func (s *Server) roundChanges(r *http.Request, read signoff.Round) (*page.RoundChanges, error) {
	if read.Paper.Kind != signoff.VersionPaper {
		return nil, nil
	}
	by := actorOf(r)
	own := ownSeats(read, by)
	bases, err := s.basesOf(r, read, own)
	if err != nil {
		return nil, err
	}
	p := &page.RoundChanges{Text: route.SignOffTextTo(read.ID), Covers: "A signature always covers the whole text, not only what changed."}
	chosen, err := chooseBase(r, bases)
	if err != nil {
		return nil, err
	}
	for _, seat := range own {
		if !slices.ContainsFunc(bases, func(b base) bool { return b.signed }) {
			p.First = append(p.First, seat.OrganisationName+" has not signed an earlier version of this document here.")
		}
	}
	if len(bases) == 0 {
		return p, nil
	}
	p.Nav = ui.SubNav{Label: "What to read", Current: p.Text}
	for _, b := range bases {
		p.Nav.Items = append(p.Nav.Items, ui.Link{Text: b.short, Path: route.SignOffSinceTo(read.ID, b.key)})
	}
	p.Nav.Items = append(p.Nav.Items, ui.Link{Text: "The whole text", Path: p.Text})
	if chosen < 0 {
		return p, nil
	}
	here := route.SignOffSinceTo(read.ID, bases[chosen].key)
	p.Nav.Current, p.Said, p.Shown = here, bases[chosen].said, true
	old, err := arrangement.ReadContent(bases[chosen].content)
	if err != nil {
		return nil, err
	}
	now, err := arrangement.ReadContent(read.Content)
	if err != nil {
		return nil, err
	}
	p.Redline = redlineOf(arrangement.Compare(old, now), here, onlyChanged(r))
	return p, nil
}

// ownSeats are those of the reader's partners, also of one whose office the reader works in.
func ownSeats(read signoff.Round, by authz.Actor) []signoff.Seat {
	offices := by.Organisations(authz.Office)
	return slices.DeleteFunc(slices.Clone(read.Seats), func(seat signoff.Seat) bool {
		return !slices.Contains(by.Partners(), seat.Partner) && !slices.Contains(offices, seat.Organisation)
	})
}

// basesOf lists the texts with which the round's can be compared, those that were signed first.
func (s *Server) basesOf(r *http.Request, read signoff.Round, own []signoff.Seat) ([]base, error) {
	if len(own) == 0 {
		return s.baseInForce(r, read)
	}
	var bases []base
	for _, seat := range own {
		earlier, err := s.Rounds.Earlier(r.Context(), actorOf(r), read.ID, seat.Partner)
		if err != nil {
			return nil, err
		}
		for _, e := range earlier {
			if !slices.ContainsFunc(bases, func(b base) bool { return b.key == int64(e.Round) }) {
				bases = append(bases, earlierBase(e))
			}
		}
	}
	slices.SortStableFunc(bases, func(a, b base) int {
		switch {
		case a.signed == b.signed:
			return int(a.key - b.key) // of two seats, the one that signed longer ago has more to read
		case a.signed:
			return -1
		}
		return 1
	})
	return bases, nil
}

func earlierBase(e signoff.Earlier) base {
	b := base{key: int64(e.Round), signed: e.Signed, content: e.Content}
	if e.Signed {
		b.short = fmt.Sprintf("Since %s signed version %d", e.Organisation, e.Version)
		b.said = fmt.Sprintf("This is what changed since %s last signed: version %d, round %d (%s).", e.Organisation, e.Version, e.Number, e.SignedOn.Words())
		return b
	}
	b.short = fmt.Sprintf("Since version %d, round %d", e.Version, e.Number)
	b.said = fmt.Sprintf("This is what changed since the last round put to %s: version %d, round %d, opened on %s. That round was %s.",
		e.Organisation, e.Version, e.Number, e.OpenedOn.Long(), e.Outcome)
	return b
}

// baseInForce is the published version in force, for readers without a seat.
func (s *Server) baseInForce(r *http.Request, read signoff.Round) ([]base, error) {
	d, err := s.Library.Document(r.Context(), read.Paper.Slug)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, ok := d.InForce(s.today())
	if ok && v.Ref.Number == read.Paper.Number {
		v, ok = d.Before(v)
	}
	if !ok || v.Ref.Number == read.Paper.Number || v.Closed() {
		return nil, nil
	}
	content, _, err := s.Library.Content(r.Context(), v.Ref)
	if err != nil {
		return nil, err
	}
	return []base{{signed: true, short: fmt.Sprintf("Since version %d", v.Ref.Number), content: content,
		said: fmt.Sprintf("This is what changed since %s, which every partner signed.", versionName(v))}}, nil
}

// chooseBase picks the text that the address asks for, else the one that was signed. It picks none, and with that the
// whole text, where nothing was signed or the whole text is asked for.
func chooseBase(r *http.Request, bases []base) (int, error) {
	if chi.RouteContext(r.Context()).RoutePattern() == route.SignOffText {
		return -1, nil
	}
	if asked := r.URL.Query().Get("since"); asked != "" {
		i := slices.IndexFunc(bases, func(b base) bool { return strconv.FormatInt(b.key, 10) == asked })
		if i < 0 {
			return -1, errNoPage
		}
		return i, nil
	}
	if len(bases) > 0 && bases[0].signed {
		return 0, nil
	}
	return -1, nil
}

// coversRow says on the page of confirmation what a signature covers.
func coversRow(read signoff.Round) []ui.Row {
	if read.Paper.Kind != signoff.VersionPaper {
		return nil
	}
	return []ui.Row{{Key: "What it covers", Content: linkTo(ui.Link{Text: "The whole text, not only what changed", Path: route.SignOffTextTo(read.ID)})}}
}
