package form

import "partnershipportal/internal/day"

// Field is what a page shows of one field: its words, what was typed, and what is wrong with it.
type Field struct {
	ID     string // of the control; an empty one means Name
	Name   string
	Label  string
	Hint   string
	Value  string
	Values []string // of a field that may hold several
	Error  string
}

// ControlID is the id of the field's control.
func (f Field) ControlID() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

// DateField is what a page shows of a date in parts.
type DateField struct {
	Field            // Name is the prefix of the parts
	Day, Month, Year string
	Precision        day.Precision
	Wrong            string // id of the part that the error is about
}

// Field gives a field with what was typed and what is wrong with it.
func (f *Form) Field(name, label, hint string) Field {
	return Field{
		Name: name, Label: label, Hint: hint,
		Value: f.values.Get(name), Values: f.values[name], Error: f.errs.For(name),
	}
}

// SecretField is Field without the typed value, for passwords.
func (f *Form) SecretField(name, label, hint string) Field {
	return Field{Name: name, Label: label, Hint: hint, Error: f.errs.For(name)}
}

// DateField gives a date in parts with what was typed and what is wrong with it.
func (f *Form) DateField(prefix, label, hint string) DateField {
	d := DateField{
		Field:     Field{Name: prefix, Label: label, Hint: hint, Error: f.errs.For(prefix)},
		Day:       f.values.Get(prefix + "-day"),
		Month:     f.values.Get(prefix + "-month"),
		Year:      f.values.Get(prefix + "-year"),
		Precision: day.Precision(f.values.Get(prefix + "-precision")),
	}
	for _, e := range f.errs.list {
		if e.Field == prefix {
			d.Wrong = e.Target
		}
	}
	return d
}
