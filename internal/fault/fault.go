// Package fault is the portal's one error type: a kind that the edge turns into an answer, a sentence that is
// safe to show to the user, and a cause that only the log sees.
package fault

import "errors"

// Kind says what sort of refusal an error is. A kind is itself an error, so errors.Is(err, fault.NotFound) holds.
type Kind string

// The kinds of refusal. Everything that is not a fault is an internal error.
const (
	NotFound        Kind = "not found"       // there is no such thing, or the actor may not know of it
	Forbidden       Kind = "forbidden"       // the actor can see it, but may not do this
	Unauthenticated Kind = "unauthenticated" // nobody is signed in, or the proof of person failed
	Invalid         Kind = "invalid"         // what was entered breaks a rule
	Conflict        Kind = "conflict"        // the thing is not in a state that allows this (any more)
)

// Error makes a kind usable as an error.
func (k Kind) Error() string { return string(k) }

// Error is a refusal that the user is told of.
type Error struct {
	Kind    Kind
	Field   string // id of the form field it belongs to, if any
	Message string // a sentence for the user
	Cause   error  // for the log only
}

// New makes a fault of a kind with a sentence for the user.
func New(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// Field makes an Invalid fault that belongs to one form field.
func Field(field, message string) *Error {
	return &Error{Kind: Invalid, Field: field, Message: message}
}

// Because returns a copy of the fault that carries a cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return string(e.Kind) + ": " + e.Message + ": " + e.Cause.Error()
	}
	return string(e.Kind) + ": " + e.Message
}

// Unwrap yields both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause != nil {
		return []error{e.Kind, e.Cause}
	}
	return []error{e.Kind}
}

// Message returns the sentence for the user, or "" if err is not a fault.
func Message(err error) string {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Message
	}
	return ""
}
