package redline

import (
	"strings"
	"unicode"

	"znkr.io/diff"
)

// compareSpans sets two stretches of text against each other, word by word. What is left between two changes is taken
// into them if it is no more than a space or a small word: whole phrases read better than a rag of single words.
func compareSpans(old, now []Span) []Piece {
	return rewoven(gather(tokensOf(old), tokensOf(now)))
}

// stretch is a run of tokens of which the same became. Both sides are set if they are the same.
type stretch struct{ old, now []token }

func (s stretch) same() bool {
	return len(s.old) > 0 && len(s.old) == len(s.now) && s.old[0] == s.now[0]
}

// gather turns the two texts into stretches that are by turns the same and not.
func gather(x, y []token) []stretch {
	var list []stretch
	var same, open bool
	i, j := 0, 0
	add := func(nowSame bool, dx, dy int) {
		if !open || same != nowSame {
			list = append(list, stretch{x[i:i], y[j:j]})
			open, same = true, nowSame
		}
		s := &list[len(list)-1]
		i, j = i+dx, j+dy
		s.old, s.now = x[i-len(s.old)-dx:i], y[j-len(s.now)-dy:j]
	}
	for _, e := range diff.Edits(x, y) {
		switch e.Op {
		case diff.Match:
			add(true, 1, 1)
		case diff.Delete:
			add(false, 1, 0)
		case diff.Insert:
			add(false, 0, 1)
		}
	}
	return joinRags(list)
}

// joinRags takes what is left between two changes into them where it is too little to read by itself.
func joinRags(list []stretch) []stretch {
	var joined []stretch
	for i, s := range list {
		last := len(joined) - 1
		between := s.same() && last >= 0 && i+1 < len(list)
		switch {
		case last >= 0 && !joined[last].same() && (!s.same() || between && little(s.old, joined[last], list[i+1])):
			joined[last].old = joined[last].old[:len(joined[last].old)+len(s.old)]
			joined[last].now = joined[last].now[:len(joined[last].now)+len(s.now)]
		default:
			joined = append(joined, s)
		}
	}
	return joined
}

const (
	smallWord  = 4 // letters at most: of, the, with
	wholeWords = 6 // changed words on both sides together, from which on a small word between them is taken in
)

// little tells whether what stands between two changes is only white space, or one small word between large changes.
func little(between []token, before, after stretch) bool {
	if !before.replaces() || !after.replaces() {
		return false
	}
	words, letters := weigh(between)
	for _, t := range between {
		if strings.TrimSpace(t.text) != "" && !strings.ContainsFunc(t.text, inWord) {
			return false // a full stop or a comma is a place to rest
		}
	}
	if words == 0 {
		return true
	}
	changed := 0
	for _, side := range [][]token{before.old, before.now, after.old, after.now} {
		n, _ := weigh(side)
		changed += n
	}
	return words == 1 && letters <= smallWord && changed >= wholeWords
}

// replaces tells whether other words took the place of some, and not only another setting.
func (s stretch) replaces() bool {
	return len(s.old) > 0 && len(s.now) > 0 && joinText(s.old) != joinText(s.now)
}

// weigh counts words, and the letters of them.
func weigh(tokens []token) (words, letters int) {
	for _, t := range tokens {
		if strings.ContainsFunc(t.text, inWord) {
			words++
			letters += len(t.text)
		}
	}
	return words, letters
}

// rewoven writes stretches as pieces, what was taken out before what was put in. Where the words are the same and only
// their setting or their link differs, the piece is changed.
func rewoven(list []stretch) []Piece {
	var pieces []Piece
	for _, s := range list {
		old, now := spansOf(s.old), spansOf(s.now)
		switch {
		case s.same():
			for _, span := range old {
				pieces = append(pieces, Piece{Same, span, span})
			}
		case len(old) == 1 && len(now) == 1 && old[0].Text == now[0].Text:
			pieces = append(pieces, Piece{Changed, old[0], now[0]})
		default:
			for _, span := range old {
				pieces = append(pieces, Piece{Op: Removed, Old: span})
			}
			for _, span := range now {
				pieces = append(pieces, Piece{Op: Added, New: span})
			}
		}
	}
	return pieces
}

// spansOf puts tokens together again.
func spansOf(tokens []token) []Span {
	var spans []Span
	for i := 0; i < len(tokens); {
		j := i + 1
		for j < len(tokens) && tokens[j].style == tokens[i].style && tokens[j].link == tokens[i].link {
			j++
		}
		spans = append(spans, Span{joinText(tokens[i:j]), tokens[i].style, tokens[i].link})
		i = j
	}
	return spans
}

func joinText(tokens []token) string {
	if len(tokens) == 1 {
		return tokens[0].text
	}
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
	}
	return b.String()
}

// Join puts neighbouring spans of one setting together and drops empty ones. Texts must be joined to be compared.
func Join(spans []Span) []Span {
	var joined []Span
	for _, s := range spans {
		last := len(joined) - 1
		switch {
		case s.Text == "":
		case last >= 0 && joined[last].Style == s.Style && joined[last].Link == s.Link:
			joined[last].Text += s.Text
		default:
			joined = append(joined, s)
		}
	}
	return joined
}

// wordsOf counts the words of spans.
func wordsOf(spans []Span) int {
	n := 0
	for _, s := range spans {
		n += len(strings.FieldsFunc(s.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	}
	return n
}
