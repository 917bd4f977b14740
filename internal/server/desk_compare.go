package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// getDeskCompare shows what changed from a published version, by default the one in force, to a version that is worked on.
func (s *Server) getDeskCompare(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	p := page.DeskCompare{Ref: deskRef(d), Path: route.DeskCompareTo(d.Ref.Slug, d.Ref.Number, 0)}
	published, err := s.Library.Document(r.Context(), d.Ref.Slug)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	base, err := s.deskBase(r, published, d)
	if err != nil {
		return err
	}
	if base.ID != 0 {
		if err := s.fillDeskCompare(r, &p, published, base, d); err != nil {
			return err
		}
	}
	v := deskView(p.Ref, "What changed")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

// deskBase is the published version to compare with: the one asked for, else the one in force, else the latest. There is
// none where nothing else is published.
func (s *Server) deskBase(r *http.Request, published arrangement.PublishedDocument, d arrangement.Draft) (arrangement.PublishedVersion, error) {
	if asked := r.URL.Query().Get("with"); asked != "" {
		n, err := numberOf(asked)
		if err != nil {
			return arrangement.PublishedVersion{}, err
		}
		base, ok := published.Version(n)
		if !ok || n == d.Ref.Number || base.Closed() {
			return arrangement.PublishedVersion{}, errNoPage
		}
		return base, nil
	}
	if own, ok := published.Version(d.Ref.Number); ok { // what is published is compared with what it took over from
		before, _ := published.Before(own)
		return before, nil
	}
	if current, ok := published.InForce(s.today()); ok {
		return current, nil
	}
	if open := openVersions(published); len(open) > 0 {
		return open[0], nil
	}
	return arrangement.PublishedVersion{}, nil
}

func (s *Server) fillDeskCompare(r *http.Request, p *page.DeskCompare, published arrangement.PublishedDocument, base arrangement.PublishedVersion, d arrangement.Draft) error {
	today := s.today()
	old, err := s.readable(r, base)
	if err != nil {
		return err
	}
	now, err := s.Arrangements.Content(r.Context(), actorOf(r), d.Ref)
	if err != nil {
		return err
	}
	p.From = comparedVersion(published, base, today)
	p.To = page.ComparedVersion{Name: fmt.Sprintf("Version %d", d.Ref.Number), Path: route.DeskVersionTo(d.Ref.Slug, d.Ref.Number),
		State: stateTags[d.State(today)], Demonstration: d.Demonstration}
	p.Redline = redlineOf(arrangement.Compare(old, now), route.DeskCompareTo(d.Ref.Slug, d.Ref.Number, base.Ref.Number), onlyChanged(r))
	p.With = form.New(map[string][]string{"with": {strconv.Itoa(base.Ref.Number)}}).Field("with", "Compare with another published version", "")
	for _, v := range openVersions(published) {
		if v.Ref.Number != d.Ref.Number {
			p.Options = append(p.Options, ui.Option{Value: strconv.Itoa(v.Ref.Number), Text: versionName(v) + ", in effect from " + v.EffectiveFrom.Long()})
		}
	}
	return nil
}
