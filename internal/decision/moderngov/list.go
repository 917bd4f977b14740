package moderngov

import (
	"regexp"
	"strings"
)

var entryDate = regexp.MustCompile(`^([0-9]{1,2}/[0-9]{1,2}/[0-9]{4})\s*[-–—]\s*`)

// readList makes a candidate of every entry of a list. Text before the first entry belongs to none.
func (p *Page) readList(lines []line) {
	var r *reader
	section := ""
	finish := func() {
		if r != nil {
			p.Candidates = append(p.Candidates, r.done())
		}
		r = nil
	}
	for _, l := range lines {
		switch entry, found := entryOf(l); {
		case l.cells != nil && found:
			finish()
			p.Candidates = append(p.Candidates, fromRow(l, entry, section))
		case found:
			finish()
			r = begin(l.text, entry, section)
		case l.level > 0 && lookup(l.text) == unknown && (r == nil || l.level <= 2):
			finish()
			section = l.text
		case r != nil:
			r.line(l)
		default:
			p.around(l)
		}
		if len(p.Candidates) > MaxCandidates {
			return
		}
	}
	finish()
}

func (p *Page) around(l line) {
	text := strings.TrimSpace(strings.TrimPrefix(l.label+": "+l.text, ": "))
	for _, c := range l.cells {
		text = strings.TrimSpace(text + " " + c.text)
	}
	if text != "" && len(p.Around) < maxRemarks {
		p.Around = append(p.Around, Remark{Label: Unlabelled, Text: text})
	}
}

// entryOf finds the link to a decision with which a line begins, or that a cell of a row is.
func entryOf(l line) (Link, bool) {
	for _, c := range l.cells {
		if k, ok := entryOf(line{text: c.text, links: c.links}); ok {
			return k, true
		}
	}
	text := entryDate.ReplaceAllString(l.text, "")
	for _, k := range l.links {
		if isEntry(k.Address) && strings.HasPrefix(text, k.Text) {
			return k, true
		}
	}
	return Link{}, false
}

func begin(text string, entry Link, section string) *reader {
	r := &reader{taken: map[field]bool{}}
	r.c.Address = webAddress(entry.Address, nil)
	r.c.remark(ListedUnder, section)
	if m := entryDate.FindStringSubmatch(text); m != nil {
		r.c.remark(DateOfEntry, m[1])
		text = text[len(m[0]):]
	}
	r.named(text)
	return r
}

// fromRow reads a row of a list. Its columns are labels like any others.
func fromRow(l line, entry Link, section string) Candidate {
	named := false
	r := begin("", entry, section)
	for _, c := range l.cells {
		if _, ok := entryOf(line{text: c.text, links: c.links}); ok && !named {
			named = true
			if m := entryDate.FindStringSubmatch(c.text); m != nil {
				r.c.remark(DateOfEntry, m[1])
			}
			r.named(entryDate.ReplaceAllString(c.text, ""))
			continue
		}
		if c.text != "" {
			r.begin(lookup(c.label), c.label, c.text, line{links: c.links})
			r.close()
		}
	}
	return r.done()
}
