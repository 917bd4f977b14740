// Package redline says what changed between two texts: sections are set against each other first, then the blocks
// within them, then the words within those. It knows nothing of where the texts come from or how the answer is shown.
package redline

// Style is how a stretch of text is set.
type Style uint8

// The styles. A stretch can have several.
const (
	Strong Style = 1 << iota
	Emphasis
	Code
	Raised // the mark of a footnote
)

// Span is a stretch of text that is set in one way.
type Span struct {
	Text  string
	Style Style
	Link  string // the address that it leads to
}

// Kind is what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	Item    // of a list
	Row     // of a table
	Header  // the first row of a table
	Literal // text whose spaces and line ends count
	Footnote
	Rule
)

// Block is a piece of a section: a paragraph, an item of a list, a row of a table.
type Block struct {
	Kind   Kind
	Depth  int    // how many lists it stands in; of a heading its level
	Quoted int    // how many quotations it stands in
	Marker string // what stands before an item or a footnote: "3." or "•"; empty for a further paragraph of an item
	First  bool   // whether it begins its list
	Number string // of the numbered paragraph that it belongs to; only its first block has it
	Cells  [][]Span
}

// Section is a part of a text with a heading of its own. Its number is its place.
type Section struct {
	Heading string
	Source  string // as typed
	Blocks  []Block
}

// Fact is something that a text states besides its sections, such as its effective day. It has several values if it is
// a list, such as that of the agencies named.
type Fact struct {
	Name   string
	Values []string
}

// Text is one of the two texts that are compared.
type Text struct {
	Facts    []Fact
	Sections []Section
}

// Op is what became of something.
type Op uint8

// What can become of something.
const (
	Same Op = iota
	Added
	Removed
	Changed
)

// Piece is a stretch of text within a block, and what became of it. Of a Changed piece only the setting or the link
// differs: the words stand in both.
type Piece struct {
	Op  Op
	Old Span // unless Added
	New Span // unless Removed
}

// BlockChange is a block and what became of it.
type BlockChange struct {
	Op     Op
	Old    Block     // unless Added
	New    Block     // unless Removed
	Cells  [][]Piece // of what is the same, empty
	Moved  int       // of a block that stands word for word in the other text too: the number of the section there
	Change int       // its number among the changes, from 1; 0 if it is the same or goes on with the change before
}

// SectionChange is a section and what became of it.
type SectionChange struct {
	Op     Op
	Old    int // its number in the old text; 0 if Added
	New    int // its number in the new text; 0 if Removed
	Moved  bool
	Away   bool // only marks the old place of a section that moved; everything else stands at the new one
	Before string
	Now    string
	Title  []Piece
	Blocks []BlockChange
	Typing bool // nothing that readers see differs, but the way in which it was typed does
	Change int  // the number of the change that its move, its renaming, its coming or its going is; 0 if none
	Count  int  // how many changes it holds, its own among them
}

// FactChange is a fact and what became of it.
type FactChange struct {
	Name   string
	Old    []string // what is no longer stated
	New    []string // what is stated anew
	Same   int      // how many values stand in both
	Change int
}

// Redline is all that changed between two texts.
type Redline struct {
	Facts    []FactChange // those that changed
	Sections []SectionChange
	Changes  int
	Touched  int // how many sections hold a change
}

// Identical tells whether nothing changed that readers see.
func (r Redline) Identical() bool { return r.Changes == 0 }

// Typing tells whether any section was typed in another way, though it reads the same.
func (r Redline) Typing() bool {
	for _, s := range r.Sections {
		if s.Typing {
			return true
		}
	}
	return false
}

// Between compares two texts.
func Between(old, now Text) Redline {
	var r Redline
	r.Facts = compareFacts(old.Facts, now.Facts)
	r.Sections = compareSections(old.Sections, now.Sections)
	findMoved(r.Sections)
	r.number()
	return r
}

// number counts the changes in the order in which they are read. Blocks that were added or taken out together, or taken
// out and replaced, are one change; so is a section that is new or gone as a whole.
func (r *Redline) number() {
	next := func() int { r.Changes++; return r.Changes }
	for i := range r.Facts {
		r.Facts[i].Change = next()
	}
	for i := range r.Sections {
		s := &r.Sections[i]
		if s.Away {
			continue
		}
		before := r.Changes
		if s.Op == Added || s.Op == Removed || s.Moved || differs(s.Title) {
			s.Change = next()
		}
		if s.Op == Changed || s.Op == Same {
			numberBlocks(s.Blocks, next)
		}
		if s.Count = r.Changes - before; s.Count > 0 {
			r.Touched++
		}
	}
}

func numberBlocks(blocks []BlockChange, next func() int) {
	open := Same // the run that a block may go on with
	for i := range blocks {
		b := &blocks[i]
		goesOn := b.Op == open || open == Removed && b.Op == Added
		switch {
		case b.Op == Same:
			open = Same
			continue
		case b.Op == Changed || b.Moved != 0:
			open = Same
			b.Change = next()
			continue
		case !goesOn:
			b.Change = next()
		}
		open = b.Op
	}
}

func differs(pieces []Piece) bool {
	for _, p := range pieces {
		if p.Op != Same {
			return true
		}
	}
	return false
}

// compareFacts sets the facts of one name against each other. A value of a list is either in both texts or in one.
func compareFacts(old, now []Fact) []FactChange {
	var changes []FactChange
	compare := func(name string, old, now []string) {
		c := FactChange{Name: name, Old: without(old, now), New: without(now, old)}
		if len(c.Old)+len(c.New) > 0 {
			c.Same = len(now) - len(c.New)
			changes = append(changes, c)
		}
	}
	stated := map[string][]string{}
	for _, f := range old {
		stated[f.Name] = f.Values
	}
	for _, f := range now {
		compare(f.Name, stated[f.Name], f.Values)
		delete(stated, f.Name)
	}
	for _, f := range old {
		if _, left := stated[f.Name]; left {
			compare(f.Name, f.Values, nil)
		}
	}
	return changes
}

// without lists the values that the others don't hold, each as often as it is more often there.
func without(values, others []string) []string {
	held := map[string]int{}
	for _, o := range others {
		held[o]++
	}
	var left []string
	for _, v := range values {
		if held[v]--; held[v] < 0 {
			left = append(left, v)
		}
	}
	return left
}
