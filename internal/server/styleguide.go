package server

import (
	"net/http"

	"partnershipportal/internal/day"
	"partnershipportal/web/ui"
)

// getStyleguide shows every component in each of its states. Only the demonstration has it.
func (s *Server) getStyleguide(*http.Request, day.Date) (view, error) {
	if !s.Demonstration {
		return view{}, errNoPage
	}
	return view{title: "Style guide", content: ui.Styleguide(), noIndex: true}, nil
}
