package arrangement

import (
	"context"
	"fmt"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/redline"
)

// Content gives the text of a version as it stands: as a round would freeze it now, or has frozen it.
// Faults: NotFound (also for whoever may not read drafts).
func (s *Service) Content(ctx context.Context, by authz.Actor, ref Ref) (Content, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return Content{}, err
	}
	if d.LiveRound != 0 {
		r, err := s.rounds.Round(ctx, by, d.LiveRound)
		if err != nil {
			return Content{}, err
		}
		return ReadContent(r.Content)
	}
	frozen, err := freeze(ctx, s.db, d)
	if err != nil {
		return Content{}, err
	}
	return ReadContent(frozen)
}

// Compare says what changed from one content to another, in the words that readers see.
func Compare(old, now Content) redline.Redline {
	outlines := outlineOnce{}
	return redline.Between(
		redline.Text{Facts: factsOf(old), Sections: outlines.sections(old.Sections)},
		redline.Text{Facts: factsOf(now), Sections: outlines.sections(now.Sections)})
}

// outlineOnce reads a section that stands in both texts at the same place only once.
type outlineOnce map[outlineKey][]redline.Block

type outlineKey struct {
	number   int
	markdown string
}

func (o outlineOnce) sections(texts []Text) []redline.Section {
	sections := make([]redline.Section, len(texts))
	for i, t := range texts {
		key := outlineKey{i + 1, t.Markdown}
		blocks, known := o[key]
		if !known {
			blocks = outline(key.number, key.markdown)
			o[key] = blocks
		}
		sections[i] = redline.Section{Heading: strings.Join(strings.Fields(cleanText(t.Heading)), " "), Source: t.Markdown, Blocks: blocks}
	}
	return sections
}

// factsOf lists what a content states besides its sections. Sections are named by their headings, since their numbers
// shift.
func factsOf(c Content) []redline.Fact {
	var named, reasons, tagged, files, coverage []string
	for _, a := range c.Agencies {
		named = append(named, a.Name)
		if a.Basis != "" || a.Reason != "" {
			reasons = append(reasons, strings.TrimSuffix(fmt.Sprintf("%s: %s. %s", a.Name, a.Basis, a.Reason), " "))
		}
		if len(a.Sections) > 0 {
			tagged = append(tagged, a.Name+": "+headings(c, a.Sections))
		}
	}
	for _, a := range c.Attachments {
		files = append(files, fmt.Sprintf("%s (%s, %d bytes, SHA-256 %s)", a.Name, a.MediaType, a.Size, a.SHA256))
	}
	for _, r := range c.Coverage {
		met := "met in " + headings(c, r.Sections)
		if len(r.Sections) == 0 {
			met = "not covered, because " + r.NotCovered
		}
		coverage = append(coverage, fmt.Sprintf("Requirement %d (%s): %s", r.Requirement, r.Kind, met))
	}
	return []redline.Fact{
		{Name: "Title", Values: stated(c.Title)},
		{Name: "In effect from", Values: stated(c.EffectiveFrom.Long())},
		{Name: "Edition of the guidance", Values: stated(c.GuidanceEdition)},
		{Name: "Areas", Values: c.Areas},
		{Name: "Relevant agencies named", Values: named},
		{Name: "Why agencies are named", Values: reasons},
		{Name: "Sections that concern agencies", Values: tagged},
		{Name: "Attachments", Values: files},
		{Name: "Requirements of the guidance", Values: coverage},
	}
}

func stated(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func headings(c Content, numbers []int) string {
	var list []string
	for _, n := range numbers {
		if n >= 1 && n <= len(c.Sections) {
			list = append(list, "“"+c.Sections[n-1].Heading+"”")
		}
	}
	return strings.Join(list, ", ")
}
