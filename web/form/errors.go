package form

import "slices"

// Error is one thing wrong with a field.
type Error struct {
	Field   string
	Message string
	Target  string // id of the control to go to
}

// Errors holds what is wrong with a form: the first message of each field, in page order.
// Its zero value is ready for use.
type Errors struct {
	list  []Error
	order []string
}

// Add records a message for a field. A field that already has one keeps it.
func (e *Errors) Add(field, message string) { e.AddAt(field, field, message) }

// AddAt is Add with the id of the control that the error summary leads to.
func (e *Errors) AddAt(field, target, message string) {
	if e.For(field) == "" {
		e.list = append(e.list, Error{Field: field, Message: message, Target: target})
	}
}

// For gives the message of a field, or nothing.
func (e Errors) For(field string) string {
	for _, x := range e.list {
		if x.Field == field {
			return x.Message
		}
	}
	return ""
}

// Any says whether anything is wrong.
func (e Errors) Any() bool { return len(e.list) > 0 }

// List gives the errors in page order; fields that the page order does not name come last, as they were added.
func (e Errors) List() []Error {
	place := func(x Error) int {
		if i := slices.Index(e.order, x.Field); i >= 0 {
			return i
		}
		return len(e.order)
	}
	list := slices.Clone(e.list)
	slices.SortStableFunc(list, func(a, b Error) int { return place(a) - place(b) })
	return list
}
