package demo

import (
	"context"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
)

// Which sections meet each requirement of the guidance, in the order of its list: as the table in section 2 of either text says.
var (
	covered2019 = [][]int{{5, 9}, {12}, {11}, {3}, {4}, {6}, {7}, {8}, {9, 10}, {13}, {15}, {12}, {14}, {9}}
	coveredNext = [][]int{{5, 10}, {13}, {12}, {3}, {6}, {4}, {7}, {8}, {9}, {11}, {14}, {16}, {13}, {15}, {10}, {17}}
)

// cover ties the requirements of a draft's edition to its sections.
func (l *loader) cover(ctx context.Context, support authz.Actor, ref arrangement.Ref, sections [][]int) error {
	draft, err := l.silent.Draft(ctx, support, ref)
	if err != nil {
		return err
	}
	for i, numbers := range sections {
		cmd := arrangement.CoverageCommand{Ref: ref, Number: i + 1}
		for _, n := range numbers {
			cmd.Sections = append(cmd.Sections, draft.Sections[n-1].ID)
		}
		if err := l.silent.SaveCoverage(ctx, support, cmd); err != nil {
			return err
		}
	}
	return nil
}
