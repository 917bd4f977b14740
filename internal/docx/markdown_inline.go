package docx

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// inline writes spans. Those that lead to the same place become one link.
func (m *markdown) inline(spans []Span, cell bool) string {
	if !m.plain {
		spans = flanked(spans)
	}
	var b strings.Builder
	for i := 0; i < len(spans); {
		s, end := spans[i], i+1
		switch {
		case s.Break && cell:
			b.WriteByte(' ')
		case s.Break && strings.HasSuffix(b.String(), `\`):
			b.WriteString("  \n") // a backslash more would not be read as a break
		case s.Break:
			b.WriteString("\\\n")
		case s.Picture != 0:
			b.WriteString(pictureMark(s.Picture))
		case s.Note != nil:
			if !m.inNote {
				m.notes = append(m.notes, s.Note)
				b.WriteString("[^" + strconv.Itoa(len(m.notes)) + "]")
			}
		default:
			for end < len(spans) && spans[end].wordy() && spans[end].Link == s.Link {
				end++
			}
			text := m.styled(spans[i:end], cell, lineBegins(b.String()))
			if s.Link != "" {
				text = "[" + text + "](" + destination(s.Link, cell) + ")"
			}
			b.WriteString(text)
		}
		i = end
	}
	return b.String()
}

func lineBegins(before string) bool { return before == "" || strings.HasSuffix(before, "\n") }

// styled writes words with the marks of bold and italic ones, bold outside.
func (m *markdown) styled(spans []Span, cell, begins bool) string {
	var b strings.Builder
	bold, italic := "", ""
	for _, s := range spans {
		if m.plain {
			s.Bold, s.Italic = false, false
		}
		if italic != "" && (!s.Italic || s.Bold != (bold != "")) {
			b.WriteString(italic)
			italic = ""
		}
		if bold != "" && !s.Bold {
			b.WriteString(bold)
			bold = ""
		}
		if s.Bold && bold == "" {
			bold = "**"
			b.WriteString(bold)
		}
		if s.Italic && italic == "" {
			italic = "*"
			if strings.HasSuffix(b.String(), "*") {
				italic = "_"
			}
			b.WriteString(italic)
		}
		if s.Code && !(cell && strings.Contains(s.Text, "|")) && !m.plain {
			b.WriteString(codeSpan(s.Text))
		} else {
			b.WriteString(escape(s.Text, cell, begins && lineBegins(b.String())))
		}
	}
	b.WriteString(italic)
	b.WriteString(bold)
	return b.String()
}

// flanked takes punctuation at the ends of bold and italic words out of them where a letter follows or goes before at
// once, since Markdown would not see the mark there.
func flanked(spans []Span) []Span {
	var out []Span
	for i, s := range spans {
		if !s.wordy() || s.Code || !s.Bold && !s.Italic {
			out = append(out, s)
			continue
		}
		runes := []rune(s.Text)
		from, to := 0, len(runes)
		if len(out) > 0 && isWord(lastRune(out[len(out)-1])) {
			for from < to && !isWord(runes[from]) {
				from++
			}
		}
		if i+1 < len(spans) && isWord(firstRune(spans[i+1])) {
			for to > from && !isWord(runes[to-1]) {
				to--
			}
		}
		for _, part := range []struct {
			text string
			look bool
		}{{string(runes[:from]), false}, {string(runes[from:to]), true}, {string(runes[to:]), false}} {
			if part.text != "" {
				piece := s
				piece.Text, piece.Bold, piece.Italic = part.text, part.look && s.Bold, part.look && s.Italic
				out = append(out, piece)
			}
		}
	}
	return out
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func firstRune(s Span) rune {
	for _, r := range s.Text {
		return r
	}
	return 0
}

func lastRune(s Span) rune {
	runes := []rune(s.Text)
	if len(runes) == 0 {
		return 0
	}
	return runes[len(runes)-1]
}

var (
	entity     = regexp.MustCompile(`^&(#|[A-Za-z])`)
	tag        = regexp.MustCompile(`^<([A-Za-z/!?]|$)`)
	numberLine = regexp.MustCompile(`^[0-9]{1,9}[.)]( |$)`)
	markLine   = regexp.MustCompile(`^([-+]( |$|[-+ ])|#{1,6}( |$)|>|=|~~~|:?-|\||:)`)
)

// escape writes words so that they stay the words that they are.
func escape(text string, cell, begins bool) string {
	var b strings.Builder
	if begins {
		switch {
		case markLine.MatchString(text):
			b.WriteByte('\\')
		case numberLine.MatchString(text):
			at := strings.IndexAny(text, ".)")
			b.WriteString(text[:at] + `\`)
			text = text[at:]
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		rest := string(runes[i:min(i+2, len(runes))])
		switch {
		case strings.ContainsRune("\\`*[]", r), r == '|' && cell, r == '_' && !inWord(runes, i),
			r == '&' && entity.MatchString(rest), r == '<' && tag.MatchString(rest), r == '!' && i == len(runes)-1:
			if begins && i == 0 && b.Len() == 1 {
				break // escaped above
			}
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func inWord(runes []rune, i int) bool {
	return i > 0 && i < len(runes)-1 && isWord(runes[i-1]) && isWord(runes[i+1])
}

func codeSpan(text string) string {
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// destination writes where a link leads.
func destination(link string, cell bool) string {
	link = strings.NewReplacer("<", "%3C", ">", "%3E", `\`, "%5C", " ", "%20").Replace(link)
	if cell {
		link = strings.ReplaceAll(link, "|", "%7C")
	}
	if strings.Contains(link, ";") {
		link = strings.ReplaceAll(link, "&", "&amp;")
	}
	if strings.ContainsAny(link, "()*_[]`!") {
		return "<" + link + ">"
	}
	return link
}

var marks = regexp.MustCompile(string(markFrom) + `([0-9]+)` + string(markTo))

// FillPictures puts words in the places of pictures. Where there are none, nothing stands there.
func FillPictures(markdown string, words func(number int) string) string {
	return marks.ReplaceAllStringFunc(markdown, func(mark string) string {
		number, err := strconv.Atoi(strings.Trim(mark, string(markFrom)+string(markTo)))
		if err != nil {
			return ""
		}
		if text := cleanLine(words(number)); text != "" {
			return `\[Picture: ` + escape(text, true, false) + `\]`
		}
		return ""
	})
}
