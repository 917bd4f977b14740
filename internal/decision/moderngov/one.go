package moderngov

import (
	"regexp"
	"strings"

	"partnershipportal/internal/day"
)

// reader makes one candidate of its lines.
type reader struct {
	c   Candidate
	cur *open
	// loose are lines that stand under no label.
	loose []string
	taken map[field]bool
	metOn day.Approx // day of the meeting at which it was made
}

// open is a label whose value is still being read.
type open struct {
	field field
	label string
	level int  // of the heading that it is
	bold  bool // nothing but bold letters sets the label off
	whole bool // all lines until the end are its value
	style bool // ModernGov's own style sets it off: blank means blank
	lines []string
	links []Link
}

// readOne makes a candidate of a whole page.
func readOne(address string, lines []line) Candidate {
	r := &reader{taken: map[field]bool{}}
	r.c.Address = address
	at := titleAt(lines)
	for i, l := range lines {
		if i == at {
			r.named(withoutPageTitle(l.text))
			continue
		}
		if l.level > 0 && r.onlySaysKind(l) {
			continue
		}
		r.line(l)
	}
	return r.done()
}

// titleAt finds the heading that is the title: in ModernGov's style for it, or below the heading that names the kind of
// page, or the first that says more than the kind.
func titleAt(lines []line) int {
	afterKind, first, kindSeen := -1, -1, false
	for i, l := range lines {
		if l.title && !isPageTitle(l.text) {
			return i
		}
		if l.level == 0 || l.level > 2 || lookup(l.text) != unknown && l.level > 1 {
			continue
		}
		switch {
		case isPageTitle(l.text):
			kindSeen = true
		case kindSeen && afterKind < 0:
			afterKind = i
		case first < 0:
			first = i
		}
	}
	if afterKind >= 0 {
		return afterKind
	}
	return first
}

// onlySaysKind tells whether a heading is the page's own, and no section of the record.
func (r *reader) onlySaysKind(l line) bool {
	return isPageTitle(l.text) && (l.level == 1 || l.level == 2 && lookup(l.text) == unknown)
}

var kindBefore = regexp.MustCompile(`^(?i:decision|issue)(?i: details)?\s+[-–—]\s+`)

func withoutPageTitle(heading string) string { return kindBefore.ReplaceAllString(heading, "") }

var (
	numbered = regexp.MustCompile(`^([0-9]{2,4}/[0-9]{2,6})\s*[-–—:]?\s+(\S.*)$`)
	refAtEnd = regexp.MustCompile(`\s*\(?\b[Rr]ef(?:erence)?:\s*([0-9]{1,9})\)?\s*(.*)$`)
)

// named reads a title: the council's number may stand before it, the site's own behind it.
func (r *reader) named(text string) {
	if m := refAtEnd.FindStringSubmatchIndex(text); m != nil {
		r.c.Ref, r.taken[ref] = text[m[2]:m[3]], true
		if words := strings.TrimSpace(text[m[4]:m[5]]); statuses[normal(words)] && r.c.Status == "" {
			r.c.Status, r.taken[status] = words, true
		} else {
			r.c.remark(WordsOfEntry, words)
		}
		text = strings.TrimSpace(text[:m[0]])
	}
	if m := numbered.FindStringSubmatch(text); m != nil {
		if r.c.Number == "" {
			r.c.Number, r.taken[number] = m[1], true
		} else if r.c.Number != m[1] {
			r.c.remark("Number before the title", m[1])
		}
		text = m[2]
	}
	switch {
	case r.c.Title == "":
		r.c.Title = text
	case r.c.Title != text:
		r.c.remark("Title", text)
	}
}

// line takes one line in.
func (r *reader) line(l line) {
	switch {
	case l.end:
		r.close()
	case l.cells != nil:
		r.row(l)
	case l.level > 0:
		r.heading(l)
	case l.label != "":
		r.labelled(l)
	default:
		r.text(l)
	}
}

// heading begins a section, unless it is one of the smaller headings within a text.
func (r *reader) heading(l line) {
	f := lookup(l.text)
	if f == unknown {
		if label, value, g := plain(l.text); g != unknown && value != "" {
			r.begin(g, label, value, l)
			return
		}
		if r.cur != nil && r.cur.field.long() && r.cur.level > 0 && l.level > r.cur.level {
			r.cur.add(l)
			return
		}
	}
	r.begin(f, l.text, "", l)
}

func (r *reader) labelled(l line) {
	f := lookup(l.label)
	if f == unknown && !l.marked && r.cur != nil && !r.cur.bold && (r.cur.field.long() || r.cur.field == unknown) {
		l.text = strings.TrimSpace(l.label + ": " + l.text) // bold words in a text
		r.cur.add(l)
		return
	}
	r.begin(f, l.label, l.text, l)
}

// text takes a line without a label of its own.
func (r *reader) text(l line) {
	if label, value, f := plain(l.text); f != unknown && !f.long() {
		r.begin(f, label, value, l)
		return
	} else if f != unknown && (r.cur == nil || !r.cur.field.long()) {
		r.begin(f, label, value, l)
		return
	}
	if r.cur != nil && !r.cur.takes(l) {
		r.close()
	}
	if r.cur == nil {
		r.loose = append(r.loose, withLinks(l)...)
		return
	}
	r.cur.add(l)
}

// takes tells whether a line without a label still belongs to the label that is open. A short field takes one line.
func (o *open) takes(l line) bool {
	switch {
	case o.whole || o.field.long():
		return true
	case o.field == unknown:
		return len(o.lines) > 0 || l.joined || !o.style
	}
	return len(o.lines) == 0 && len(l.text) <= 300 && (l.joined || !o.style)
}

// row keeps a row of a table as text.
func (r *reader) row(l line) {
	var cells []string
	flat := line{}
	for _, c := range l.cells {
		if c.text != "" {
			cells = append(cells, strings.TrimPrefix(c.label+": "+c.text, ": "))
		}
		flat.links = append(flat.links, c.links...)
	}
	flat.text = strings.Join(cells, "; ")
	r.text(flat)
}

// begin ends the label before and opens the next. A short field whose value stands beside its label is complete.
func (r *reader) begin(f field, label, value string, l line) {
	r.close()
	r.cur = &open{field: f, label: tidyLabel(label), level: l.level, whole: l.opens, style: l.marked && !l.opens, bold: l.level == 0 && !l.marked}
	if value == "" && l.level == 0 {
		r.cur.links = l.links
		return
	}
	if l.level == 0 || value != "" {
		r.cur.add(line{text: value, links: l.links})
		if !f.long() && f != unknown {
			r.close()
		}
	}
}

func (o *open) add(l line) {
	if l.text != "" && (o.field != documents || len(l.links) == 0) {
		o.lines = append(o.lines, l.text)
	}
	o.links = append(o.links, l.links...)
}

// withLinks is a line with the addresses that its links have, so that a remark loses nothing.
func withLinks(l line) []string {
	var out []string
	if l.text != "" {
		out = append(out, l.text)
	}
	for _, k := range l.links {
		out = append(out, k.Text+" <"+k.Address+">")
	}
	return out
}

// close ends the label that is open, and gives its value to its field.
func (r *reader) close() {
	r.settleLoose()
	o := r.cur
	r.cur = nil
	switch {
	case o == nil:
	case len(o.lines) > 0 || len(o.links) > 0:
		r.set(*o)
	case o.level > 0 && o.field == unknown:
		r.c.remark(Unlabelled, o.label) // a heading that is all there is to say
	}
}

func (r *reader) settleLoose() {
	if len(r.loose) > 0 {
		r.c.remark(Unlabelled, strings.Join(r.loose, "\n"))
		r.loose = nil
	}
}

func (r *reader) done() Candidate {
	r.close()
	r.settleLoose()
	if r.c.MadeOn.IsZero() {
		r.c.MadeOn = r.metOn
	}
	return r.c
}
