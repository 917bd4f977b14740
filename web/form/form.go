// Package form reads and checks the shape of submitted fields. Rules about the partnership's records live elsewhere.
package form

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLine is the most characters that a single-line field takes unless its reader says otherwise.
const MaxLine = 200

// Form is one submission: its values as sent and what is wrong with them so far.
type Form struct {
	values url.Values
	errs   Errors
}

// New starts reading a submission. With values of one's own it fills a form that is shown for the first time.
func New(values url.Values) *Form {
	if values == nil {
		values = url.Values{}
	}
	return &Form{values: values}
}

// UnknownFieldError says that a submission held a field that its form does not have.
type UnknownFieldError struct{ Name string }

func (e UnknownFieldError) Error() string { return fmt.Sprintf("unknown field %q", e.Name) }

// Only refuses a submission with any field but the named ones. The names also give the page order of the errors.
// For a date the prefix alone stands for all its parts.
func (f *Form) Only(names ...string) error {
	f.errs.order = names
	for sent := range f.values {
		if !slices.ContainsFunc(names, func(n string) bool { return sent == n || isDatePart(sent, n) }) {
			return UnknownFieldError{Name: sent}
		}
	}
	return nil
}

// Errors gives everything found wrong so far, in page order.
func (f *Form) Errors() Errors { return f.errs }

// Fail adds a message for a field, unless the field already has one.
func (f *Form) Fail(name, message string) { f.errs.Add(name, message) }

// Raw gives a value as it was sent, for showing it again.
func (f *Form) Raw(name string) string { return f.values.Get(name) }

// Has says whether the submission holds the field at all, as for a button that was pressed.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Text reads a text of at most max characters; empty is allowed. Line ends become \n and outer space is cut.
// label names the field inside messages, as in "Title must be 200 characters or fewer".
func (f *Form) Text(name, label string, max int) string {
	v, ok := f.clean(name, label)
	if !ok {
		return ""
	}
	if n := utf8.RuneCountInString(v); n > max {
		f.errs.Add(name, fmt.Sprintf("%s must be %s characters or fewer", label, thousands(max)))
	}
	return v
}

// Line reads one line of text of at most MaxLine characters; empty is allowed.
func (f *Form) Line(name, label string) string {
	v := f.Text(name, label, MaxLine)
	if strings.ContainsFunc(v, unicode.IsControl) {
		f.errs.Add(name, label+" must be on one line")
	}
	return v
}

// Required reads one line of text and gives the message when it is empty.
func (f *Form) Required(name, label, message string) string {
	v := f.Line(name, label)
	if v == "" {
		f.errs.Add(name, message)
	}
	return v
}

// RequiredText reads a longer text and gives the message when it is empty.
func (f *Form) RequiredText(name, label string, max int, message string) string {
	v := f.Text(name, label, max)
	if v == "" {
		f.errs.Add(name, message)
	}
	return v
}

// Secret reads a password exactly as typed. No character is cut or changed.
func (f *Form) Secret(name, message string) string {
	v := f.values.Get(name)
	switch {
	case v == "":
		f.errs.Add(name, message)
	case !utf8.ValidString(v) || strings.ContainsRune(v, 0) || len(v) > 1024:
		f.errs.Add(name, "The password has characters that cannot be used, or is too long")
	}
	return v
}

// Int reads a whole number between lowest and highest; an empty field gets the message.
func (f *Form) Int(name, label, message string, lowest, highest int) int {
	v, ok := f.clean(name, label)
	if !ok {
		return 0
	}
	if v == "" {
		f.errs.Add(name, message)
		return 0
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		f.errs.Add(name, label+" must be a whole number")
		return 0
	case n < lowest || n > highest:
		f.errs.Add(name, fmt.Sprintf("%s must be between %s and %s", label, thousands(lowest), thousands(highest)))
		return 0
	}
	return n
}

// Choice reads one of the allowed values; nothing or anything else gets the message.
func (f *Form) Choice(name, message string, allowed ...string) string {
	v := f.values.Get(name)
	if !slices.Contains(allowed, v) {
		f.errs.Add(name, message)
		return ""
	}
	return v
}

// Choices reads any number of the allowed values, each once, in the order of allowed.
func (f *Form) Choices(name, message string, allowed ...string) []string {
	var chosen []string
	for _, a := range allowed {
		if slices.Contains(f.values[name], a) {
			chosen = append(chosen, a)
		}
	}
	for _, v := range f.values[name] {
		if !slices.Contains(allowed, v) {
			f.errs.Add(name, message)
			break
		}
	}
	return chosen
}

// Checked says whether a single checkbox is ticked.
func (f *Form) Checked(name string) bool { return f.values.Get(name) != "" }

// Agreed is Checked with a message for when the box is not ticked, as for a declaration.
func (f *Form) Agreed(name, message string) bool {
	if !f.Checked(name) {
		f.errs.Add(name, message)
		return false
	}
	return true
}

// Email reads a required e-mail address, in lower case.
func (f *Form) Email(name, message string) string {
	v := f.Required(name, "Email address", message)
	if v == "" {
		return ""
	}
	a, err := mail.ParseAddress(v)
	if err != nil || a.Address != v || !strings.Contains(v[strings.LastIndex(v, "@")+1:], ".") {
		f.errs.Add(name, "Enter an email address in the correct format, like name@example.org")
		return ""
	}
	return strings.ToLower(v)
}

func (f *Form) clean(name, label string) (string, bool) {
	v := f.values.Get(name)
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
		f.errs.Add(name, label+" has characters that cannot be used")
		return "", false
	}
	v = strings.ReplaceAll(v, "\r\n", "\n")
	v = strings.ReplaceAll(v, "\r", "\n")
	return strings.TrimSpace(v), true
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
