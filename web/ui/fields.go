package ui

import (
	"slices"
	"strconv"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/web/form"
)

// ErrorSummary lists what is wrong with a form, each entry leading to its field.
type ErrorSummary struct {
	Errors form.Errors
}

// Input is a field for one line of text.
type Input struct {
	Field        form.Field
	Type         string // "text" where empty
	Autocomplete string
	InputMode    string
	Width        string // "2", "3", "4", "5", "10", "20" characters, or full where empty
	Prefix       string // such as "£"
	HideLabel    bool
	NoSpellcheck bool
	Suggestions  []string // offered while typing; anything else can be typed too
}

// Textarea is a field for longer text.
type Textarea struct {
	Field     form.Field
	Rows      int // 5 where zero
	Max       int // characters; shows a count where set
	Monospace bool
}

// PasswordInput is a field for a password that can be shown while typing.
type PasswordInput struct {
	Field form.Field
	New   bool // the password is being chosen, not asked for
}

// Option is one entry of a select, of radios or of checkboxes.
type Option struct {
	Value    string
	Text     string
	Hint     string
	Disabled bool
}

// Select is a field that offers one of many values in a list.
type Select struct {
	Field     form.Field
	Options   []Option
	Empty     string // text of a first entry without a value, such as "Choose a partner"
	HideLabel bool
}

// Radios is a field that offers one of a few values.
type Radios struct {
	Field   form.Field
	Options []Option
	Inline  bool
	Small   bool
	Heading bool // the legend is the page's h1
}

// Checkboxes is a field that offers any number of values.
type Checkboxes struct {
	Field   form.Field
	Options []Option
	Small   bool
}

// Declaration is a single box to tick, with its whole sentence as the label.
type Declaration struct {
	Field form.Field
}

// DateInput is an exact day in three fields.
type DateInput struct {
	Field form.DateField
}

// PrecisionDate is a date together with how much of it is known.
type PrecisionDate struct {
	Field form.DateField
}

// FileUpload is a field for one file, or for several at once.
type FileUpload struct {
	Field    form.Field
	Accept   string // such as ".pdf,.docx"
	Multiple bool
}

// Hidden is a value that the form carries along unseen.
type Hidden struct {
	Name  string
	Value string
}

func hintID(f form.Field) string  { return f.ControlID() + "-hint" }
func errorID(f form.Field) string { return f.ControlID() + "-error" }

// describedBy names what a screen reader adds to a field; more are further ids.
func describedBy(f form.Field, more ...string) string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, hintID(f))
	}
	if f.Error != "" {
		ids = append(ids, errorID(f))
	}
	return strings.Join(append(ids, more...), " ")
}

// optionID gives the first option the field's own id, so that the error summary leads to it.
func optionID(f form.Field, i int) string {
	if i == 0 {
		return f.ControlID()
	}
	return f.ControlID() + "-" + strconv.Itoa(i+1)
}

func chosen(f form.Field, value string) bool {
	return f.Value == value || slices.Contains(f.Values, value)
}

func (c Input) kind() string {
	if c.Type == "" {
		return "text"
	}
	return c.Type
}

func (c Textarea) rows() string {
	if c.Rows == 0 {
		return "5"
	}
	return strconv.Itoa(c.Rows)
}

func (c Textarea) more() []string {
	if c.Max > 0 {
		return []string{c.Field.ControlID() + "-info"}
	}
	return nil
}

func (c PasswordInput) autocomplete() string {
	if c.New {
		return "new-password"
	}
	return "current-password"
}

type precisionOption struct {
	value day.Precision
	text  string
	hint  string
}

func precisions() []precisionOption {
	return []precisionOption{
		{day.Exact, "The exact day", ""},
		{day.Month, "Only the month and year", "Leave the day empty"},
		{day.Year, "Only the year", "Leave the day and the month empty"},
		{day.NotBefore, "Not before this day", "The earliest day is known, the day itself is not"},
	}
}

func (c PrecisionDate) precision() day.Precision {
	if c.Field.Precision == "" {
		return day.Exact
	}
	return c.Field.Precision
}
