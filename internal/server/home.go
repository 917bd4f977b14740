package server

import (
	"net/http"

	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

func (s *Server) getHome(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	p := page.Home{Name: by.Name, Roles: roleLine(by)}
	for _, sec := range sectionsFor(by) {
		p.Sections = append(p.Sections, page.HomeSection{Name: sec.name, Path: sec.path, What: sec.what})
	}
	waiting, err := s.Accounts.Waiting(r.Context(), by)
	if err != nil {
		return err
	}
	for _, o := range waiting {
		p.Waiting = append(p.Waiting, page.WaitingSeat{Office: o.Office, Partner: o.Partner})
	}
	return s.show(w, r, http.StatusOK, view{title: "Home", current: route.Home, content: p.Content()})
}
