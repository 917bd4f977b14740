package docx

import (
	"fmt"
	"slices"
	"strings"
)

// sameLook tells whether two spans of words differ in their words alone.
func sameLook(a, b Span) bool {
	return a.wordy() && b.wordy() && a.Bold == b.Bold && a.Italic == b.Italic && a.Code == b.Code && a.Link == b.Link
}

func (s Span) wordy() bool { return !s.Break && s.Picture == 0 && s.Note == nil }

func blank(spans []Span) bool {
	return !slices.ContainsFunc(spans, func(s Span) bool { return s.Picture != 0 || s.Note != nil || strings.TrimSpace(s.Text) != "" })
}

// Tidy brings spans into the one form in which they are kept: single spaces, none at the ends of lines, spaces plain
// unless what stands on both sides looks alike, and spans that look alike joined.
func Tidy(spans []Span) []Span {
	var split []Span
	for _, s := range spans {
		if !s.wordy() {
			split = append(split, s)
			continue
		}
		split = append(split, cutAtSpaces(s)...)
	}
	var out []Span
	var last strings.Builder // the words of the last span, which further ones may join
	end := func() {
		if last.Len() > 0 {
			out[len(out)-1].Text = last.String()
			last.Reset()
		}
	}
	for i, s := range split {
		if !s.wordy() {
			end()
			if s.Break {
				out = trimEnd(out)
			}
			out = append(out, s)
			continue
		}
		if s.Text == " " {
			if lineStarts(out) || strings.HasSuffix(last.String(), " ") {
				continue
			}
			s = between(out, split[i+1:])
		}
		if n := len(out); n == 0 || !sameLook(out[n-1], s) {
			end()
			out = append(out, s)
		}
		last.WriteString(s.Text)
	}
	end()
	for n := -1; n != len(out); {
		n = len(out)
		out = trimEnd(out)
		for len(out) > 0 && out[len(out)-1].Break {
			out = out[:len(out)-1]
		}
		for len(out) > 0 && out[0].Break {
			out = out[1:]
		}
	}
	return out
}

// cutAtSpaces separates the words of a span from the spaces at its ends, and makes every run of spaces one.
func cutAtSpaces(s Span) []Span {
	text := s.Text
	body := strings.Trim(text, " ")
	var out []Span
	piece := func(text string) {
		part := s
		part.Text = text
		out = append(out, part)
	}
	if body == "" {
		if text != "" {
			piece(" ")
		}
		return out
	}
	if strings.HasPrefix(text, " ") {
		piece(" ")
	}
	for strings.Contains(body, "  ") {
		body = strings.ReplaceAll(body, "  ", " ")
	}
	piece(body)
	if strings.HasSuffix(text, " ") {
		piece(" ")
	}
	return out
}

func lineStarts(out []Span) bool { return len(out) == 0 || out[len(out)-1].Break }

// between is a space that looks as what stands on both its sides.
func between(before, after []Span) Span {
	space := Span{Text: " "}
	i := slices.IndexFunc(after, func(s Span) bool { return !s.wordy() || s.Text != " " })
	if i < 0 {
		return space
	}
	a, b := before[len(before)-1], after[i]
	if !a.wordy() || !b.wordy() {
		return space
	}
	space.Bold, space.Italic = a.Bold && b.Bold, a.Italic && b.Italic
	space.Code = a.Code && b.Code
	if a.Link == b.Link {
		space.Link = a.Link
	}
	return space
}

func trimEnd(out []Span) []Span {
	for len(out) > 0 && out[len(out)-1].wordy() {
		last := &out[len(out)-1]
		last.Text = strings.TrimRight(last.Text, " ")
		if last.Text != "" {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}

// verbatim is the text of a line of code, with its spaces.
func verbatim(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Break {
			b.WriteByte('\n')
		}
		b.WriteString(s.Text)
	}
	return strings.TrimRight(b.String(), " \n")
}

// oneLine joins the paragraphs of a cell, and tells whether there were several.
func oneLine(pieces []piece) (Cell, bool) {
	var line []Span
	n := 0
	add := func(spans []Span) {
		if blank(spans) {
			return
		}
		if n++; n > 1 {
			line = append(line, Span{Text: separator(line)})
		}
		line = append(line, spans...)
	}
	for _, p := range pieces {
		add(p.spans)
		if p.table == nil {
			continue
		}
		for _, row := range p.table.Rows {
			for _, cell := range row {
				add(cell)
			}
		}
	}
	for i := range line {
		if line[i].Break {
			line[i] = Span{Text: " "}
		}
	}
	return Tidy(line), n > 1
}

// separator is what stands between two paragraphs that become one line.
func separator(line []Span) string {
	last := line[len(line)-1]
	if last.wordy() && last.Text != "" && !strings.ContainsAny(last.Text[len(last.Text)-1:], ".:;,!?") {
		return "; "
	}
	return " "
}

// Same tells whether two lists of blocks hold the same words with the same look, whatever their numbers.
func Same(a, b []Block) bool {
	return fmt.Sprint(canonical(a)) == fmt.Sprint(canonical(b))
}

func canonical(blocks []Block) []Block {
	var out []Block
	for _, b := range blocks {
		b.Number, b.Level = "", 0
		b.Spans = canonicalSpans(b.Spans)
		if b.Kind == Heading {
			b.Spans = plainSpans(b.Spans)
		}
		var items [][]Block
		for _, item := range b.Items {
			items = append(items, canonical(item))
		}
		var rows [][]Cell
		for _, row := range b.Rows {
			var cells []Cell
			for _, cell := range row {
				cells = append(cells, canonicalSpans(cell))
			}
			rows = append(rows, cells)
		}
		b.Items, b.Rows, b.Blocks = items, rows, canonical(b.Blocks)
		out = append(out, b)
	}
	return out
}

func canonicalSpans(spans []Span) []Span {
	var out []Span
	for _, s := range flanked(spans) {
		if s.Picture != 0 {
			s = Span{Text: pictureMark(s.Picture)}
		}
		s.Note = canonical(s.Note)
		out = append(out, s)
	}
	return Tidy(out)
}
