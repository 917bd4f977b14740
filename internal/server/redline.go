package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"partnershipportal/internal/redline"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

// onlyChanged tells whether a request asks for the sections with changes alone.
func onlyChanged(r *http.Request) bool { return r.URL.Query().Get("sections") == "changed" }

// redlineOf draws what changed between two texts, on the page whose address is given. Sections without a change can be
// left out.
func redlineOf(found redline.Redline, here string, only bool) page.Redline {
	p := page.Redline{Changes: found.Changes, Said: changesSaid(found), Only: only, Other: route.OnlyChangedOf(here, only)}
	if found.Typing() {
		p.Typing = "Some of the text was only typed in another way, with other line breaks or marks. It reads the same."
	}
	for _, f := range found.Facts {
		p.Facts = append(p.Facts, redlineFact(f))
	}
	tables := 0
	for _, s := range found.Sections {
		if p.Only && s.Count == 0 && !s.Away {
			continue
		}
		p.Sections = append(p.Sections, redlineSection(s, &tables))
	}
	return p
}

// changesSaid counts the changes: "14 changes in 6 sections."
func changesSaid(found redline.Redline) string {
	inSections := found.Changes - len(found.Facts)
	besides := plural(len(found.Facts), "change", "changes") + " besides the sections"
	in := plural(inSections, "change", "changes") + " in " + plural(found.Touched, "section", "sections")
	switch {
	case found.Changes == 0:
		return "Nothing changed: the two texts read the same."
	case inSections == 0:
		return besides + "."
	case len(found.Facts) == 0:
		return in + "."
	}
	return in + ", and " + besides + "."
}

const factsShown = 25

func redlineFact(f redline.FactChange) page.RedlineFact {
	shown := page.RedlineFact{Name: f.Name, Change: f.Change, Old: f.Old[:min(len(f.Old), factsShown)], New: f.New[:min(len(f.New), factsShown)]}
	if removed, added := len(f.Old)-len(shown.Old), len(f.New)-len(shown.New); removed+added > 0 {
		shown.Rest = fmt.Sprintf("Not shown here: %s removed and %s added.", thousands(removed), thousands(added))
	}
	return shown
}

var redlineOps = map[redline.Op]page.RedlineOp{redline.Same: page.RedlineSame, redline.Added: page.RedlineAdded,
	redline.Removed: page.RedlineRemoved, redline.Changed: page.RedlineChanged}

func redlineSection(s redline.SectionChange, tables *int) page.RedlineSection {
	if s.Away {
		return page.RedlineSection{Notes: []string{fmt.Sprintf("Section %d, %s, stood here. It moved and is now section %d.", s.Old, s.Before, s.New)}}
	}
	p := page.RedlineSection{ID: fmt.Sprintf("section-%d", s.New), Number: strconv.Itoa(s.New), Op: redlineOps[s.Op], Plain: s.Now, Change: s.Change,
		Title: redlineRuns(s.Title), Notes: sectionNotes(s)}
	plain := redline.Span{Text: s.Now}
	switch {
	case s.Op == redline.Removed:
		p.ID, p.Number, p.Plain = fmt.Sprintf("section-%d-removed", s.Old), strconv.Itoa(s.Old), s.Before
		p.Title = redlineRuns([]redline.Piece{{Op: redline.Removed, Old: redline.Span{Text: s.Before}}})
	case s.Op == redline.Added:
		p.Title = redlineRuns([]redline.Piece{{Op: redline.Added, New: plain}})
	case len(s.Title) == 0:
		p.Title = redlineRuns([]redline.Piece{{New: plain}})
	}
	if s.Count > 0 {
		p.Count = plural(s.Count, "change", "changes")
	}
	for _, b := range s.Blocks {
		block, layout := redlineBlock(b)
		last := len(p.Groups) - 1
		if last < 0 || p.Groups[last].Layout != layout || begins(b, p.Groups[last]) {
			p.Groups = append(p.Groups, page.RedlineGroup{Layout: layout})
			last++
			if layout == page.RedlineTable {
				*tables++
				p.Groups[last].Label = fmt.Sprintf("Table %d", *tables)
			}
		}
		p.Groups[last].Blocks = append(p.Groups[last].Blocks, block)
	}
	return p
}

// begins tells whether a row of headings begins another table than the one before it.
func begins(b redline.BlockChange, group page.RedlineGroup) bool {
	return group.Layout == page.RedlineTable && shownBlock(b).Kind == redline.Header && !group.Blocks[len(group.Blocks)-1].Header
}

func sectionNotes(s redline.SectionChange) []string {
	switch {
	case s.Op == redline.Added:
		return []string{"This section is new."}
	case s.Op == redline.Removed:
		return []string{"This section was taken out."}
	case s.Moved:
		return []string{fmt.Sprintf("This section moved. It was section %d.", s.Old)}
	case s.Old != s.New:
		return []string{fmt.Sprintf("It was section %d. Its number changed only because of others.", s.Old)}
	}
	return nil
}

// shownBlock is the block as it is shown: as it is now, or as it was if it is gone.
func shownBlock(b redline.BlockChange) redline.Block {
	if b.Op == redline.Removed {
		return b.Old
	}
	return b.New
}

func redlineBlock(b redline.BlockChange) (page.RedlineBlock, page.RedlineLayout) {
	at := shownBlock(b)
	p := page.RedlineBlock{Op: redlineOps[b.Op], Change: b.Change, Number: at.Number, Marker: at.Marker, Depth: at.Depth, Quoted: at.Quoted > 0,
		Heading: at.Kind == redline.Heading, Literal: at.Kind == redline.Literal, Rule: at.Kind == redline.Rule, Header: at.Kind == redline.Header,
		Notes: blockNotes(b)}
	if b.Op == redline.Changed && b.Old.First && at.First && b.Old.Marker != at.Marker {
		p.Was = b.Old.Marker
	}
	cells := b.Cells
	if b.Op == redline.Same {
		cells = make([][]redline.Piece, len(at.Cells))
		for i, cell := range at.Cells {
			for _, s := range cell {
				cells[i] = append(cells[i], redline.Piece{New: s})
			}
		}
	}
	for _, cell := range cells {
		p.Cells = append(p.Cells, redlineRuns(cell))
	}
	switch {
	case at.Kind == redline.Row || at.Kind == redline.Header:
		return p, page.RedlineTable
	case at.Kind == redline.Heading:
		p.Depth = 0 // of a heading it is the level
		return p, page.RedlineText
	case at.Depth > 0:
		return p, page.RedlineList
	}
	return p, page.RedlineText
}

var blockNames = map[redline.Kind]string{redline.Paragraph: "a paragraph", redline.Heading: "a heading", redline.Item: "an item of a list",
	redline.Row: "a row of a table", redline.Header: "the headings of a table", redline.Literal: "text in fixed form", redline.Footnote: "a footnote",
	redline.Rule: "a line across the page"}

// blockNotes says what the marks on the words can't.
func blockNotes(b redline.BlockChange) []string {
	switch {
	case b.Op == redline.Removed && b.Moved > 0:
		return []string{fmt.Sprintf("This stands word for word in section %d now.", b.Moved)}
	case b.Op == redline.Added && b.Moved > 0:
		return []string{fmt.Sprintf("This stood word for word in section %d before.", b.Moved)}
	case b.Op != redline.Changed:
	case b.Old.Kind != b.New.Kind:
		return []string{fmt.Sprintf("This was %s and is now %s.", blockNames[b.Old.Kind], blockNames[b.New.Kind])}
	case b.Old.Depth != b.New.Depth || b.Old.Quoted != b.New.Quoted:
		return []string{"This stands at another level of the text now."}
	}
	return nil
}

// redlineRuns puts pieces together of which the same became, so that each run is announced once.
func redlineRuns(pieces []redline.Piece) []page.RedlineRun {
	var runs []page.RedlineRun
	for _, p := range pieces {
		span := p.New
		if p.Op == redline.Removed {
			span = p.Old
		}
		op := redlineOps[p.Op]
		if last := len(runs) - 1; last < 0 || runs[last].Op != op || op == page.RedlineChanged {
			runs = append(runs, page.RedlineRun{Op: op})
		}
		run := &runs[len(runs)-1]
		run.Spans = append(run.Spans, redlineSpan(span))
		if p.Op == redline.Changed {
			run.Note = settingNote(p.Old, p.New)
		}
	}
	return runs
}

// redlineSpan keeps the links that work from this page too. A place within the text itself is not on it.
func redlineSpan(s redline.Span) page.RedlineSpan {
	p := page.RedlineSpan{Text: s.Text, Strong: s.Style&redline.Strong != 0, Emphasis: s.Style&redline.Emphasis != 0, Code: s.Style&redline.Code != 0,
		Raised: s.Style&redline.Raised != 0}
	if u, err := url.Parse(s.Link); err == nil && (u.Scheme != "" || strings.HasPrefix(s.Link, "/")) {
		p.Link = s.Link
	}
	return p
}

// settingNote says what changed of words that stayed.
func settingNote(old, now redline.Span) string {
	var said []string
	if old.Link != now.Link {
		switch {
		case old.Link == "":
			said = append(said, "now a link to "+now.Link)
		case now.Link == "":
			said = append(said, "no longer a link to "+old.Link)
		default:
			said = append(said, "the link led to "+old.Link+" and now leads to "+now.Link)
		}
	}
	for _, style := range []struct {
		bit  redline.Style
		name string
	}{{redline.Strong, "bold"}, {redline.Emphasis, "italic"}, {redline.Code, "in fixed form"}, {redline.Raised, "raised"}} {
		switch {
		case old.Style&style.bit == 0 && now.Style&style.bit != 0:
			said = append(said, "now "+style.name)
		case old.Style&style.bit != 0 && now.Style&style.bit == 0:
			said = append(said, "no longer "+style.name)
		}
	}
	return strings.Join(said, ", ")
}
