package page

import (
	"strconv"

	"partnershipportal/web/ui"
)

// RedlineOp is what became of something between two texts.
type RedlineOp string

// What can become of something.
const (
	RedlineSame    RedlineOp = "same"
	RedlineAdded   RedlineOp = "added"
	RedlineRemoved RedlineOp = "removed"
	RedlineChanged RedlineOp = "changed"
)

// Redline shows what changed between two texts.
type Redline struct {
	Changes  int
	Said     string // how many changes there are, in a sentence
	Typing   string // said where some of the text was only typed in another way
	Facts    []RedlineFact
	Sections []RedlineSection
	Only     bool   // sections without a change are left out
	Other    string // address of the same page with these sections, or without them
}

// RedlineFact is something besides the sections that changed, such as the effective day.
type RedlineFact struct {
	Name   string
	Change int
	Old    []string
	New    []string
	Rest   string // how many more there are than are shown
}

// RedlineSection is a section and what became of it.
type RedlineSection struct {
	ID     string
	Number string
	Was    string // its number in the old text, where that is another
	Op     RedlineOp
	Title  []RedlineRun
	Plain  string // the heading without marks
	Notes  []string
	Change int
	Count  string // how many changes it holds
	Groups []RedlineGroup
}

// RedlineLayout is how the blocks of a group are laid out.
type RedlineLayout string

// The layouts.
const (
	RedlineText  RedlineLayout = "text"
	RedlineList  RedlineLayout = "list"
	RedlineTable RedlineLayout = "table"
)

// RedlineGroup is what is drawn together: a list, a table, or blocks by themselves.
type RedlineGroup struct {
	Layout RedlineLayout
	Label  string // of a table
	Blocks []RedlineBlock
}

// RedlineBlock is a block and what became of it.
type RedlineBlock struct {
	Op      RedlineOp
	Change  int
	Number  string
	Marker  string
	Was     string // the marker that it had, where that is another
	Depth   int
	Quoted  bool
	Heading bool
	Literal bool
	Rule    bool
	Header  bool // the row of headings of a table
	Notes   []string
	Cells   [][]RedlineRun
}

// RedlineRun is a stretch of text of which one thing became.
type RedlineRun struct {
	Op    RedlineOp
	Spans []RedlineSpan
	Note  string // what changed where the words did not
}

// RedlineSpan is a stretch of text that is set in one way.
type RedlineSpan struct {
	Text     string
	Strong   bool
	Emphasis bool
	Code     bool
	Raised   bool
	Link     string
}

// change is the place of a change on the page.
func change(n int) string { return "change-" + strconv.Itoa(n) }

func (p Redline) ordinal(n int) string {
	return "Change " + strconv.Itoa(n) + " of " + strconv.Itoa(p.Changes)
}

// columns counts the cells of the widest row.
func (g RedlineGroup) columns() int {
	n := 0
	for _, b := range g.Blocks {
		n = max(n, len(b.Cells))
	}
	return n
}

func (g RedlineGroup) changed() bool {
	for _, b := range g.Blocks {
		if b.Change > 0 || len(b.Notes) > 0 {
			return true
		}
	}
	return false
}

// headed tells whether the first row is one of headings.
func (g RedlineGroup) headed() bool { return len(g.Blocks) > 0 && g.Blocks[0].Header }

// body is the rows below the headings.
func (g RedlineGroup) body() []RedlineBlock {
	if g.headed() {
		return g.Blocks[1:]
	}
	return g.Blocks
}

// missing counts the cells that a row has less than the widest.
func (g RedlineGroup) missing(b RedlineBlock) int { return g.columns() - len(b.Cells) }

func (b RedlineBlock) class(of string) string {
	class := of + " " + of + "--" + string(b.Op)
	if b.Depth > 1 {
		class += " app-redline__deep-" + strconv.Itoa(min(b.Depth, 4))
	}
	if b.Quoted {
		class += " app-redline__quoted"
	}
	return class
}

// changedSections lists the sections that hold changes, each leading to its place.
func (p Redline) changedSections() ui.ContentsList {
	c := ui.ContentsList{Heading: "Sections with changes"}
	for _, s := range p.Sections {
		if s.Count != "" {
			c.Items = append(c.Items, ui.ContentsItem{Number: s.Number, Text: s.Plain + ": " + s.Count, Path: "#" + s.ID})
		}
	}
	return c
}
