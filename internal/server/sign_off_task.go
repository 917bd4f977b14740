package server

import (
	"context"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

// roundTasks are what the rounds want of the actor: to sign, to confirm, to answer, to publish.
func (s *Server) roundTasks(ctx context.Context, by authz.Actor) ([]page.HomeTask, error) {
	if !by.Can(authz.ReadRound) {
		return nil, nil
	}
	rounds, err := s.Rounds.Queue(ctx, by)
	if err != nil {
		return nil, err
	}
	var tasks []page.HomeTask
	for _, q := range rounds {
		add := func(wanted bool, text, path string) {
			if wanted {
				tasks = append(tasks, page.HomeTask{Text: text + ": " + q.Paper.Name, Path: path})
			}
		}
		open := q.Outcome == signoff.Open
		add(q.Mine > 0 && !q.ActedByMe, "Sign or decline", route.SignOffRoundTo(q.ID))
		add(open && q.Origin == signoff.Recorded && q.OpenedBy != by.Account && by.Can(authz.ConfirmRecorded),
			"Confirm sign-offs that were made elsewhere", route.DeskConfirmRecordedTo(q.ID))
		add(open && q.Remarks > 0 && by.Can(authz.AnswerOnRound), "Answer "+plural(q.Remarks, "question", "questions"), route.SignOffRoundTo(q.ID)+"#questions")
		add(q.Outcome == signoff.Complete && !q.SetAside && !q.Paper.Settled && by.Can(authz.PublishVersion),
			"Publish what every partner has signed", route.DeskPublishTo(q.Paper.Slug, q.Paper.Number))
	}
	return tasks, nil
}
