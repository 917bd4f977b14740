package docx

import (
	"fmt"
	"strings"
)

// tally keeps what was found beside the text: pictures, and what is not carried over or in another form.
type tally struct {
	size     int // of the text so far, in bytes
	pictures []Picture
	remarks  []Remark

	inserted, deleted, comments             int
	struck, raised, marked, hidden, symbols int
	merged, nested, joinedCells, lettered   int
	links, anchors, endnotes                int
	contents, subtitle                      bool
}

func newTally() *tally { return &tally{} }

// add tells of something left out by itself.
func (t *tally) add(what, detail string) {
	if len(t.remarks) >= maxRemarks {
		return
	}
	if detail = shortened(detail); detail == "" {
		detail = "It holds no words."
	}
	t.remarks = append(t.remarks, Remark{What: what, Detail: detail})
}

// all are the remarks on what was left out, then on what is there in another form.
func (t *tally) all() []Remark {
	list := t.remarks
	say := func(n int, what, detail string, kept bool) {
		if n > 0 {
			list = append(list, Remark{What: what, Detail: detail, Kept: kept})
		}
	}
	say(t.comments, "Comments", count(t.comments, "comment is", "comments are")+" left out.", false)
	say(t.hidden, "Hidden text", "Words that Word hides are left out.", false)
	say(t.symbols, "Symbols", count(t.symbols, "character", "characters")+" of a symbol font are left out. Look for gaps.", false)
	say(t.links, "Links", count(t.links, "link leads", "links lead")+" to a file or another place that the portal does not show. The words are kept.", false)
	say(yes(t.contents), "Table of contents", "The portal makes its own.", false)
	say(yes(t.subtitle), "Subtitle", "The line below the title is left out.", false)
	say(t.inserted+t.deleted, "Tracked changes", fmt.Sprintf("The text is read as if every change were accepted: %s kept, %s left out.",
		count(t.inserted, "insertion is", "insertions are"), count(t.deleted, "deletion is", "deletions are")), true)
	say(t.struck, "Struck-out words", "They are kept as ordinary words. Delete them if they are not meant to stay.", true)
	say(t.raised, "Raised and lowered characters", "They are kept as ordinary ones.", true)
	say(t.marked, "Highlighted words", "The words are kept without their colour.", true)
	say(t.lettered, "Lists with letters or Roman numbers", "They are numbered 1, 2, 3. Look at the places that refer to them.", true)
	say(t.anchors, "Links within the document", count(t.anchors, "link is", "links are")+" kept as words without the link.", true)
	say(t.endnotes, "Endnotes", "They become footnotes of their section.", true)
	say(t.merged, "Merged cells", "Their words stand in the first of the cells, and the others are empty.", true)
	say(t.nested, "Tables within tables", "Their words stand in the cell of the outer table.", true)
	say(t.joinedCells, "Cells with several paragraphs", "In "+count(t.joinedCells, "cell", "cells")+" the paragraphs are joined into one.", true)
	return list
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// plain is the text of blocks in one line.
func plain(blocks []Block) string {
	var b strings.Builder
	var add func(blocks []Block)
	spans := func(list []Span) {
		for _, s := range list {
			if s.Break {
				b.WriteByte(' ')
			}
			b.WriteString(s.Text)
		}
		b.WriteByte(' ')
	}
	add = func(blocks []Block) {
		for _, x := range blocks {
			spans(x.Spans)
			b.WriteString(x.Code)
			for _, item := range x.Items {
				add(item)
			}
			for _, row := range x.Rows {
				for _, cell := range row {
					spans(cell)
				}
			}
			add(x.Blocks)
		}
	}
	add(blocks)
	return cleanLine(b.String())
}
