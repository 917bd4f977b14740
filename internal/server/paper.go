package server

import (
	"fmt"
	"net/http"
	"strconv"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// paperWording is how the pages of a round speak of a kind of paper.
type paperWording struct {
	noun      string // what is read and signed
	what      string // what the rounds are on
	again     string // what becomes of it after a round without success
	recalled  string // the same, with what to do then
	signed    string // what follows when everybody has signed
	settled   string // and when that was done
	heading   string // over the whole of it
	signature string // what a signature covers
}

var paperWordings = map[signoff.PaperKind]paperWording{
	signoff.VersionPaper: {noun: "text", what: "version", again: "the text is a draft again",
		recalled:  "The text becomes a draft again, and can be changed. To have it signed, you open a new round.",
		signed:    "Every partner has signed. Business support can publish the text.",
		settled:   "Every partner has signed, and the text is published.",
		heading:   "The whole text",
		signature: "A signature covers the whole of this text."},
	signoff.YearPaper: {noun: "paper", what: "financial year", again: "the year can be changed again",
		recalled:  "The lines and the budget can be changed again. To have the year signed, you open a new round.",
		signed:    "Every partner has signed, so the year is agreed.",
		settled:   "Every partner has signed, so the year is agreed.",
		heading:   "The contributions and the budget",
		signature: "A signature covers all of this, to the penny."},
}

func wordsOf(p signoff.Paper) paperWording { return paperWordings[p.Kind] }

// completeWords says what it means that every partner has signed.
func completeWords(p signoff.Paper) string {
	if p.Settled {
		return wordsOf(p).settled
	}
	return wordsOf(p).signed
}

// roundOn names a round under the title of its paper: "version 2, round 1".
func roundOn(p signoff.Paper, round int) string {
	if p.Kind == signoff.VersionPaper {
		return fmt.Sprintf("version %d, round %d", p.Number, round)
	}
	return fmt.Sprintf("round %d", round)
}

// effectSentence says, after another sentence, when a version takes effect.
func effectSentence(p signoff.Paper) string {
	if p.EffectiveFrom.IsZero() {
		return ""
	}
	return " Takes effect on " + p.EffectiveFrom.Long() + "."
}

// paperFacts name the paper, and when it takes effect where that is a day.
func paperFacts(p signoff.Paper) []ui.Row {
	rows := []ui.Row{{Key: "Paper", Value: p.Name}}
	if !p.EffectiveFrom.IsZero() {
		rows = append(rows, ui.Row{Key: "Takes effect on", Value: p.EffectiveFrom.Long()})
	}
	return rows
}

// quotedPaper names the paper within the words of a declaration.
func quotedPaper(p signoff.Paper) string {
	if p.Kind == signoff.VersionPaper {
		return fmt.Sprintf("“%s”, version %d,", p.Title, p.Number)
	}
	return "“" + p.Title + "”"
}

// paperFile begins the name of a file with the paper's bytes.
func paperFile(p signoff.Paper) string {
	if p.Kind == signoff.VersionPaper {
		return p.Slug + "-" + strconv.Itoa(p.Number)
	}
	return "funding-" + p.Slug
}

// paperDesk is where business support works on the paper.
func paperDesk(p signoff.Paper) string {
	if p.Kind == signoff.VersionPaper {
		return route.DeskVersionTo(p.Slug, p.Number)
	}
	return route.DeskFundingYearTo(p.Slug)
}

// paperLinks lead from a round to its paper.
func paperLinks(p signoff.Paper, by authz.Actor) []ui.Link {
	var links []ui.Link
	add := func(allowed bool, text, path string) {
		if allowed {
			links = append(links, ui.Link{Text: text, Path: path})
		}
	}
	if p.Kind == signoff.VersionPaper {
		add(by.Can(authz.ReadDrafts), "This version on the desk", paperDesk(p))
		add(p.Public, "The published version", route.ArrangementVersionTo(p.Slug, p.Number))
		return links
	}
	add(by.Can(authz.ReadFundingYears), "All that is known of this year", route.YearTo(p.Slug))
	add(by.Can(authz.ReadFunding), "This year on the desk", paperDesk(p))
	add(p.Public, "The published year", route.FundingYearTo(p.Slug))
	return links
}

// paperRead is the paper of a round as its page shows it.
type paperRead struct {
	page      page.SignedPaper
	facts     []ui.Row
	authority map[string][]ui.Link // by the slug of the body
}

// readPaper reads the frozen bytes of a round, and which decisions authorise its sign-off.
func (s *Server) readPaper(r *http.Request, read signoff.Round) (paperRead, error) {
	words := wordsOf(read.Paper)
	shown := paperRead{page: page.SignedPaper{Noun: words.noun, Heading: words.heading, Covers: words.signature}}
	by := actorOf(r)
	var published, own []decision.Line
	var err error
	if read.Paper.Kind == signoff.VersionPaper {
		content, readErr := arrangement.ReadContent(read.Content)
		if readErr != nil {
			return paperRead{}, readErr
		}
		shown.page.Contents, shown.page.Document = contentsOf(content.Sections), documentOf(content.Sections)
		if shown.page.Coverage, err = s.signedCoverage(r, read, content); err != nil {
			return paperRead{}, err
		}
		shown.facts = append(paperFacts(read.Paper)[1:], ui.Row{Key: "Guidance edition", Value: content.GuidanceEdition})
		published, own, err = s.Decisions.AuthorisedBy(r.Context(), by, read.Paper.Version(), read.ID)
	} else {
		if shown.page.Year, err = s.readYearPaper(r, read.Content); err != nil {
			return paperRead{}, err
		}
		published, own, err = s.Decisions.AuthorisedYear(r.Context(), by, read.Paper.Year())
	}
	shown.authority = authorityLinks(published, own)
	return shown, err
}

// readYearPaper reads a frozen financial year, and sets it beside the year before.
func (s *Server) readYearPaper(r *http.Request, frozen []byte) (*page.YearPaper, error) {
	content, err := funding.ReadContent(frozen)
	if err != nil {
		return nil, err
	}
	compared, err := s.Funding.Compare(r.Context(), actorOf(r), content)
	if err != nil {
		return nil, err
	}
	drawn := yearPaper(content, compared)
	return &drawn, nil
}
