package server

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/overview"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// attentionPages say what is wrong with the membership.
func (s *Server) attentionPages(in innerRoutes) {
	in.get(route.DeskAttention, can(authz.ReadAttention), s.getDeskAttention)
	in.get(route.DeskAttentionOf, can(authz.ReadAttention), s.getDeskAttentionOf)
}

func (s *Server) getDeskAttention(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	sections, err := s.Attention.Everything(r.Context(), by)
	if err != nil {
		return err
	}
	p := page.Attention{Fixes: by.Can(authz.EditMembership)}
	for _, x := range sections {
		words := attentionWords[x.Check]
		section := page.AttentionSection{ID: string(x.Check), What: words.what, Heading: fmt.Sprintf("%s (%s)", words.heading, thousands(x.Count))}
		for _, m := range x.Matters {
			section.Lines = append(section.Lines, attentionLine(m, by))
		}
		if x.Count > len(x.Matters) {
			section.More = &ui.Link{Text: fmt.Sprintf("All %s: %s", thousands(x.Count), lowerFirst(words.heading)), Path: route.DeskAttentionTo(string(x.Check), 1)}
		}
		p.Sections = append(p.Sections, section)
	}
	return s.show(w, r, http.StatusOK, view{title: "What needs attention", current: route.DeskAttention, content: p.Content()})
}

func (s *Server) getDeskAttentionOf(w http.ResponseWriter, r *http.Request) error {
	by, check, n := actorOf(r), chi.URLParam(r, "check"), 1
	if asked := r.URL.Query().Get("page"); asked != "" {
		var err error
		if n, err = strconv.Atoi(asked); err != nil || n < 1 || n > 1000 {
			return errNoPage
		}
	}
	found, err := s.Attention.Of(r.Context(), by, overview.Check(check), n)
	if err != nil {
		return err
	}
	words := attentionWords[found.Check]
	p := page.AttentionOf{Heading: words.heading, What: words.what, Count: fmt.Sprintf("%s in all. This is page %d of %d.", thousands(found.Count), n, found.Pages())}
	for _, m := range found.Matters {
		p.Lines = append(p.Lines, attentionLine(m, by))
	}
	if n > 1 {
		p.Before = route.DeskAttentionTo(check, n-1)
	}
	if n < found.Pages() {
		p.After = route.DeskAttentionTo(check, n+1)
	}
	title := words.heading
	if n > 1 {
		title += fmt.Sprintf(", page %d", n)
	}
	return s.show(w, r, http.StatusOK, view{title: title, current: route.DeskAttention, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Attention", Path: route.DeskAttention}, {Text: words.heading}}})
}

// atRisk warns of a round's seats, with what the reader can do about each.
func (s *Server) atRisk(r *http.Request, risks []overview.Matter) page.AtRisk {
	var box page.AtRisk
	by := actorOf(r)
	for _, m := range risks {
		box.Lines = append(box.Lines, attentionLine(m, by))
	}
	if len(box.Lines) > 0 && !by.Can(authz.ProposeSeat) {
		box.Whom = "Business support can mend this."
		set := s.partnership(r.Context(), true)
		if contact := or(set.ContactEmail, set.ContactPhone); contact != "" {
			box.Whom += " Ask them: " + contact
		}
	}
	return box
}

// attentionTasks are what the actor's own partners should know, or how much waits on the desk.
func (s *Server) attentionTasks(r *http.Request, by authz.Actor) (tasks []page.HomeTask, box page.AtRisk, err error) {
	if by.Can(authz.ReadAttention) {
		n, err := s.Attention.Count(r.Context(), by)
		if err != nil {
			return nil, box, err
		}
		if n > 0 {
			tasks = append(tasks, page.HomeTask{Text: "See what needs attention: " + plural(n, "matter", "matters"), Path: route.DeskAttention})
		}
	}
	mine, err := s.Attention.OfActor(r.Context(), by)
	return tasks, s.atRisk(r, mine), err
}
