package sheet

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// formulaStarts begin what spreadsheet programs take for a formula, full-width forms included.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

var (
	// negative is a plain number below zero: it starts like a formula, but is none.
	negative = regexp.MustCompile(`^[-－]£?[0-9]+(,[0-9]{3})*(\.[0-9]+)?$`)
	// international is a telephone number with the code of its country.
	international = regexp.MustCompile(`^\+[0-9]{1,3}( ?\([0-9]{1,5}\))?( ?[0-9]){5,14}$`)
	// shortened is a number that the spreadsheet program has rounded for display, so that digits are lost.
	shortened = regexp.MustCompile(`^-?[0-9]([.,][0-9]+)?[Ee]\+[0-9]{2,3}$`)
)

// looksLikeFormula tells whether a spreadsheet program would take the text for a formula.
func looksLikeFormula(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune(formulaStarts, first) && !negative.MatchString(text) && strings.Trim(text, "-－") != ""
}

// isRisky tells whether a CSV cell must not stand bare: a program would compute it, or show other digits.
func isRisky(text string) bool { return looksLikeFormula(text) || shortened.MatchString(text) }

// guarded tells whether a text is a risky one behind any number of apostrophes.
func guarded(text string) bool { return isRisky(strings.TrimSpace(strings.TrimLeft(text, "'"))) }

// guard puts an apostrophe before what a spreadsheet program would compute. unguard takes it off again: every tidy
// text comes back as it was, those that began with an apostrophe of their own too.
func guard(text string) string {
	if guarded(text) {
		return "'" + text
	}
	return text
}

func unguard(text string) string {
	if strings.HasPrefix(text, "'") && guarded(text) {
		return strings.TrimSpace(text[1:])
	}
	return text
}

const (
	formulaProblem   = "This is a formula. Replace it by its value, or put an apostrophe before it"
	shortenedProblem = "The spreadsheet program has shortened this number. Format the column as text and type all its digits"
)

// judge says what is wrong with the bare text of a CSV cell.
func judge(text string) string {
	switch {
	case shortened.MatchString(text):
		return shortenedProblem
	case looksLikeFormula(text) && !international.MatchString(text):
		return formulaProblem
	}
	return ""
}
