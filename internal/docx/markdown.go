package docx

import (
	"strconv"
	"strings"
)

// Markdown writes blocks as the text of a section, in the Markdown that the portal reads. Pictures are marked by their
// numbers (FillPictures). Plain names the blocks, by their places, that go without what bold and italic words are marked
// by, since those marks would not be understood.
func Markdown(blocks []Block, plain map[int]bool) string {
	m := &markdown{plainBlocks: plain}
	lines := m.blocks(blocks)
	m.plainBlocks = nil
	for i := 0; i < len(m.notes); i++ { // a footnote may hold none, so the list does not grow
		lines = append(lines, "")
		lines = append(lines, m.note(i)...)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

type markdown struct {
	plainBlocks map[int]bool // of the text itself
	plain       bool
	depth       int
	notes       [][]Block
	inNote      bool
}

func (m *markdown) note(i int) []string {
	m.inNote = true
	body := m.blocks(m.notes[i])
	mark := "[^" + strconv.Itoa(i+1) + "]: "
	if len(body) == 0 {
		return []string{mark}
	}
	return hang(body, mark, "    ")
}

// hang puts one thing before the first line and another before all further ones.
func hang(lines []string, first, further string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		switch {
		case i == 0:
			out[i] = first + line
		case line == "":
			out[i] = strings.TrimRight(further, " ")
		default:
			out[i] = further + line
		}
	}
	return out
}

func (m *markdown) blocks(blocks []Block) []string {
	var lines []string
	other := false // the marker of the list before must not be used again
	m.depth++
	defer func() { m.depth-- }()
	for i, b := range blocks {
		if m.depth == 1 {
			m.plain = m.plainBlocks[i]
		}
		follows := i > 0 && b.Kind == List && blocks[i-1].Kind == List && blocks[i-1].Ordered == b.Ordered
		other = follows && !other
		drawn := m.block(b, other)
		if len(drawn) == 0 {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, drawn...)
	}
	return lines
}

func (m *markdown) block(b Block, otherMarker bool) []string {
	switch b.Kind {
	case Paragraph:
		return m.paragraph(b.Spans)
	case Heading:
		text := m.inline(b.Spans, true) // in one line, as in a cell
		if text == "" {
			return nil
		}
		if body, ok := strings.CutSuffix(text, "#"); ok && !strings.HasSuffix(body, `\`) {
			text = body + `\#`
		}
		return []string{strings.Repeat("#", min(b.Level+1, 6)) + " " + text}
	case List:
		return m.list(b, otherMarker)
	case Table:
		return m.table(b)
	case Quote:
		if inner := m.blocks(b.Blocks); len(inner) > 0 {
			return hang(inner, "> ", "> ")
		}
	case Code:
		fence := strings.Repeat("`", max(3, longestRun(b.Code)+1))
		return append(append([]string{fence}, strings.Split(b.Code, "\n")...), fence)
	case Rule:
		return []string{"___"}
	}
	return nil
}

func (m *markdown) paragraph(spans []Span) []string {
	text := m.inline(spans, false)
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (m *markdown) list(b Block, other bool) []string {
	tight := true
	for _, item := range b.Items {
		tight = tight && isTight(item)
	}
	var lines []string
	for i, item := range b.Items {
		mark := bulletMark(other)
		if b.Ordered {
			mark = strconv.Itoa(b.Start+i) + numberMark(other)
		}
		body := m.item(item, tight)
		if len(body) == 0 {
			body = []string{""}
		}
		if i > 0 && !tight {
			lines = append(lines, "")
		}
		drawn := hang(body, mark+" ", strings.Repeat(" ", len(mark)+1))
		drawn[0] = strings.TrimRight(drawn[0], " ")
		lines = append(lines, drawn...)
	}
	return lines
}

func bulletMark(other bool) string {
	if other {
		return "*"
	}
	return "-"
}

func numberMark(other bool) string {
	if other {
		return ")"
	}
	return "."
}

func (m *markdown) item(item []Block, tight bool) []string {
	if !tight {
		return m.blocks(item)
	}
	var lines []string
	for _, b := range item {
		lines = append(lines, m.block(b, false)...)
	}
	return lines
}

// isTight tells whether an item can be written without empty lines: a paragraph, and lists that may follow one at once.
func isTight(item []Block) bool {
	for i, b := range item {
		switch {
		case i == 0 && b.Kind == Paragraph && !blank(b.Spans):
		case i == 1 && b.Kind == List && len(b.Items) > 0 && len(b.Items[0]) > 0 && (!b.Ordered || b.Start == 1):
			first := b.Items[0][0]
			if first.Kind != Paragraph || blank(first.Spans) {
				return false
			}
			for _, inner := range b.Items {
				if !isTight(inner) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

func (m *markdown) table(b Block) []string {
	if len(b.Rows) == 0 {
		return nil
	}
	var lines []string
	for i, row := range b.Rows {
		line := "|"
		for _, cell := range row {
			line += " " + m.inline(cell, true) + " |"
		}
		lines = append(lines, line)
		if i == 0 {
			lines = append(lines, "|"+strings.Repeat(" --- |", len(row)))
		}
	}
	return lines
}

func longestRun(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
