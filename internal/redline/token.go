package redline

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// token is what is compared: a word, a number, a mark, white space, or a sum of money, a date or a name as a whole.
type token struct {
	text  string
	style Style
	link  string
}

// tokensOf takes spans apart. No token reaches beyond its span.
func tokensOf(spans []Span) []token {
	var list []token
	scratch := atomScratch.Get().(*[]atom)
	defer atomScratch.Put(scratch)
	for _, s := range spans {
		atoms := atomsOf(s.Text, (*scratch)[:0])
		*scratch = atoms
		list = slices.Grow(list, len(atoms))
		for i := 0; i < len(atoms); {
			end := whole(atoms, i)
			from, to := atoms[i].start, atoms[end-1].end
			list = append(list, token{s.Text[from:to], s.Style, s.Link})
			i = end
		}
	}
	return list
}

type atomKind uint8

const (
	word atomKind = iota
	number
	space
	mark
)

// atom is the least that a text is made of.
type atom struct {
	kind       atomKind
	text       string
	start, end int
}

// atomScratch is used again and again: atoms are gone once the tokens are there.
var atomScratch = sync.Pool{New: func() any { return new([]atom) }}

// atomsOf appends the atoms of a text.
func atomsOf(s string, atoms []atom) []atom {
	for i := 0; i < len(s); {
		r, width := utf8.DecodeRuneInString(s[i:])
		kind, end := mark, i+width
		switch {
		case unicode.IsSpace(r):
			kind, end = space, run(s, end, unicode.IsSpace)
		case unicode.IsDigit(r):
			kind, end = number, numberEnd(s, end)
		case inWord(r):
			kind, end = word, wordEnd(s, end)
		}
		atoms = append(atoms, atom{kind, s[i:end], i, end})
		i = end
	}
	return atoms
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func run(s string, from int, in func(rune) bool) int {
	for from < len(s) {
		r, width := utf8.DecodeRuneInString(s[from:])
		if !in(r) {
			break
		}
		from += width
	}
	return from
}

// wordEnd reads on over apostrophes and hyphens that stand between letters.
func wordEnd(s string, from int) int {
	for {
		from = run(s, from, inWord)
		next, ok := joined(s, from, "'’-‑", inWord)
		if !ok {
			return from
		}
		from = next
	}
}

// numberEnd reads a number with its parts and its unit: 1,234.56, 2019/20, 17/09/2019, 10:30, 8m, 1st, 12%.
func numberEnd(s string, from int) int {
	for {
		from = run(s, from, inWord)
		next, ok := joined(s, from, ",.:/-–", unicode.IsDigit)
		if !ok {
			break
		}
		from = next
	}
	if strings.HasPrefix(s[from:], "%") {
		from++
	}
	return from
}

// joined tells whether one of the marks stands at the place with something after it that goes on.
func joined(s string, at int, marks string, goesOn func(rune) bool) (int, bool) {
	r, width := utf8.DecodeRuneInString(s[at:])
	if width == 0 || !strings.ContainsRune(marks, r) {
		return at, false
	}
	next, more := utf8.DecodeRuneInString(s[at+width:])
	return at + width, more > 0 && goesOn(next)
}

// whole finds where what begins at an atom ends: a sum of money, a date, a name, or the atom alone.
func whole(atoms []atom, i int) int {
	for _, read := range []func([]atom, int) int{money, date, name} {
		if end := read(atoms, i); end > i {
			return end
		}
	}
	return i + 1
}

// after gives the atom that follows on a single space.
func after(atoms []atom, i int) (atom, bool) {
	if i+1 >= len(atoms) || atoms[i].kind != space {
		return atom{}, false
	}
	return atoms[i+1], true
}

// money reads £1,234.56, £1.2 million and 250 pounds.
func money(atoms []atom, i int) int {
	signed := atoms[i].kind == mark && strings.ContainsAny(atoms[i].text, "£€$")
	if signed {
		i++
	}
	if i >= len(atoms) || atoms[i].kind != number {
		return 0
	}
	end := i + 1
	unit, ok := after(atoms, end)
	if ok && slices.Contains([]string{"hundred", "thousand", "million", "billion", "m", "bn", "k"}, unit.text) && signed {
		return end + 2
	}
	if ok && slices.Contains([]string{"pounds", "pence"}, unit.text) {
		return end + 2
	}
	if !signed {
		return 0
	}
	return end
}

var months = map[string]bool{"January": true, "February": true, "March": true, "April": true, "May": true, "June": true, "July": true,
	"August": true, "September": true, "October": true, "November": true, "December": true, "Jan": true, "Feb": true, "Mar": true, "Apr": true,
	"Jun": true, "Jul": true, "Aug": true, "Sep": true, "Sept": true, "Oct": true, "Nov": true, "Dec": true}

var weekdays = map[string]bool{"Monday": true, "Tuesday": true, "Wednesday": true, "Thursday": true, "Friday": true, "Saturday": true, "Sunday": true}

// date reads 17 September 2019, Tuesday 17 September, 1st July and September 2019.
func date(atoms []atom, i int) int {
	if weekdays[atoms[i].text] {
		if next, ok := after(atoms, i+1); ok && next.kind == number {
			if end := date(atoms, i+2); end > 0 {
				return end
			}
		}
		return 0
	}
	end := i
	if atoms[i].kind == number && dayOfMonth(atoms[i].text) {
		if month, ok := after(atoms, i+1); !ok || !months[month.text] {
			return 0
		}
		end = i + 3
	} else if months[atoms[i].text] {
		end = i + 1
	}
	if end == i {
		return 0
	}
	year, ok := after(atoms, end)
	if ok && year.kind == number && len(year.text) == 4 {
		return end + 2
	}
	if end == i+1 {
		return 0 // a month without a day or a year may be a word: "May"
	}
	return end
}

func dayOfMonth(s string) bool {
	digits := strings.TrimRight(s, "sthndr")
	return len(digits) >= 1 && len(digits) <= 2 && len(s)-len(digits) <= 2
}

// plainWords are written with a capital only because a sentence begins with them.
var plainWords = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`A After All Also An And Any Are As At Because Before Both But By Each Every For From Have How I If In Is It Its May
		Must No Not Of On Once One Or Other Our Shall Should Since Some Such That The Their There These They This Those Through To Under Until We What
		When Where Which While Who Will With Within Without You Your`) {
		set[w] = true
	}
	return set
}()

// name reads Kent County Council, Chief Constable of Kent Police, Children Act 2004: capitalised words, with small ones
// between them. A name of one word, and an abbreviation, is a token anyway.
func name(atoms []atom, i int) int {
	if !capital(atoms[i]) || plainWords[atoms[i].text] {
		return 0
	}
	end := i + 1
	for {
		next, ok := after(atoms, end)
		switch {
		case !ok:
			return end
		case capital(next):
			end += 2
			continue
		case (next.text == "and" || next.text == "&") && end == i+1: // Kent and Medway Clinical Commissioning Group
		case (next.text == "of" || next.text == "for") && (end > i+1 || !begins(atoms, i)):
		case next.kind == number && len(next.text) == 4 && year(atoms[end-1].text):
			return end + 2
		default:
			return end
		}
		beyond := end + 2
		if the, ok := after(atoms, beyond); ok && the.text == "the" {
			beyond += 2
		}
		if far, ok := after(atoms, beyond); !ok || !capital(far) {
			return end
		}
		end = beyond + 2
	}
}

// begins tells whether a sentence begins at an atom, so that its capital says nothing.
func begins(atoms []atom, i int) bool {
	return i < 2 || atoms[i-1].kind == space && strings.ContainsAny(atoms[i-2].text, ".!?:")
}

// year tells whether a year belongs to the word before it.
func year(w string) bool {
	return slices.Contains([]string{"Act", "Regulations", "Order", "Rules", "Children", "Measure"}, w)
}

func capital(a atom) bool {
	if a.kind != word {
		return false
	}
	r, _ := utf8.DecodeRuneInString(a.text)
	return unicode.IsUpper(r)
}
