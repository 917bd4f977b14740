package server

import (
	"context"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// publicAuthority leads from each body's slug to the published records that authorise its sign-off.
func publicAuthority(lines []decision.Line) map[string][]ui.Link {
	found := map[string][]ui.Link{}
	for _, l := range lines {
		found[l.Body.Slug] = append(found[l.Body.Slug], ui.Link{Text: authorityWords(l), Path: route.DecisionTo(l.Body.Slug, l.Ref)})
	}
	return found
}

func authorityWords(l decision.Line) string {
	return joined(l.Number, l.Subject) + " (" + lowerFirst(stageTag(l.Stage, l.WasMade).Text) + ")"
}

// authorityLinks is publicAuthority with the records besides that the reader sees before they are published.
func authorityLinks(published, own []decision.Line) map[string][]ui.Link {
	found := publicAuthority(published)
	for _, l := range own {
		found[l.Body.Slug] = append(found[l.Body.Slug], ui.Link{Text: authorityWords(l) + ", not published", Path: route.DeskDecisionTo(l.Body.Slug, l.Ref)})
	}
	return found
}

// authorityRow says by which record of its own a body's sign-off is authorised.
func authorityRow(links []ui.Link) ui.Row {
	row := ui.Row{Key: "Decision record that authorises it", Value: "None recorded"}
	drawn := make([]templ.Component, 0, len(links))
	for _, l := range links {
		drawn = append(drawn, linkTo(l))
	}
	if len(drawn) > 0 {
		row.Content = templ.Join(drawn...)
	}
	return row
}

// decisionTasks are what the register waits for from the reader.
func (s *Server) decisionTasks(ctx context.Context, by authz.Actor) ([]page.HomeTask, error) {
	n, err := s.Decisions.Waiting(ctx, by)
	if err != nil {
		return nil, err
	}
	var tasks []page.HomeTask
	if n.Unpublished > 0 {
		tasks = append(tasks, page.HomeTask{Text: "Complete or publish " + plural(n.Unpublished, "record of decision", "records of decision"), Path: route.DeskDecisions})
	}
	if n.CalledIn > 0 {
		tasks = append(tasks, page.HomeTask{Text: "Follow " + plural(n.CalledIn, "decision that is called in", "decisions that are called in"),
			Path: route.Asking(route.DeskDecisions, filterQuery(decision.Filter{Stage: decision.CalledIn}, ""))})
	}
	return tasks, nil
}
