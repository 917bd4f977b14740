package money

import (
	"strings"
	"unicode"
)

// Refusal says in words for the user why an amount cannot be read.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// Why an amount is refused.
const (
	errNone       Refusal = "Enter the amount in pounds, like 1,234.50"
	errFigures    Refusal = "The amount must be in figures, like 1,234.50"
	errNegative   Refusal = "The amount must not be negative"
	errSpace      Refusal = "The amount must have no space in it"
	errUnseen     Refusal = "The amount has a character that cannot be seen. Delete it and type it again"
	errDecimals   Refusal = "The amount must have two figures after the point at most: pence are the smallest part"
	errAfterPoint Refusal = "The amount must have one or two figures after its only point"
	errNoPounds   Refusal = "The amount must have a figure before the point, like 0.50"
	errComma      Refusal = "The amount has a comma in the wrong place. Put commas before each three figures, like 1,234,567, or none"
	errZeros      Refusal = "The amount must not begin with a zero"
	errTooLarge   Refusal = "The amount is too large"
)

// Parse reads an amount of pounds as people write it: 1234, 1,234.5, £1,234.50. Space around it is let pass. What
// could be meant in two ways is refused with a Refusal, and so is a negative amount.
func Parse(s string) (Pence, error) {
	s = strings.Trim(s, " ")
	if s == "" {
		return 0, errNone
	}
	if err := checkCharacters(s); err != nil {
		return 0, err
	}
	pounds, pence, hasPoint := strings.Cut(strings.TrimPrefix(s, "£"), ".")
	switch {
	case pounds == "" && hasPoint:
		return 0, errNoPounds
	case pounds == "":
		return 0, errNone
	case strings.Contains(pence, ","):
		return 0, errComma
	case hasPoint && (pence == "" || strings.Contains(pence, ".")):
		return 0, errAfterPoint
	case len(pence) > 2:
		return 0, errDecimals
	}
	digits, err := ungroup(pounds)
	switch {
	case err != nil:
		return 0, err
	case len(digits) > 1 && digits[0] == '0':
		return 0, errZeros
	case len(digits) > 13: // so that the sum below can't overflow
		return 0, errTooLarge
	}
	var p Pence
	for _, d := range digits + (pence + "00")[:2] {
		p = p*10 + Pence(d-'0')
	}
	if p > Most {
		return 0, errTooLarge
	}
	return p, nil
}

// checkCharacters lets nothing pass but figures, commas, points and one pound sign in front.
func checkCharacters(s string) error {
	for _, minus := range []string{"-", "−", "("} {
		if strings.HasPrefix(strings.TrimPrefix(s, "£"), minus) {
			return errNegative
		}
	}
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9', r == ',', r == '.', r == '£' && i == 0:
		case r == ' ':
			return errSpace
		case unicode.IsSpace(r), !unicode.IsPrint(r): // no-break spaces, zero-width joiners, marks of direction
			return errUnseen
		default:
			return errFigures
		}
	}
	return nil
}

// ungroup takes the commas out, if they stand before each three figures.
func ungroup(pounds string) (string, error) {
	groups := strings.Split(pounds, ",")
	if len(groups) == 1 {
		return pounds, nil
	}
	for i, g := range groups {
		if i == 0 && (len(g) == 0 || len(g) > 3) || i > 0 && len(g) != 3 {
			return "", errComma
		}
	}
	return strings.Join(groups, ""), nil
}
