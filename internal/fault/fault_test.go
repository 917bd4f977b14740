package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"partnershipportal/internal/fault"
)

func TestAFaultAnswersForItsKindAndItsCause(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("lock round 7: %w", fault.New(fault.NotFound, "There is no such round").Because(io.EOF))
	if !errors.Is(err, fault.NotFound) {
		t.Error("the kind is not found through the wrapping")
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is not found through the wrapping")
	}
	if errors.Is(err, fault.Conflict) {
		t.Error("the fault answers for a kind that it is not")
	}
	if got, want := fault.Message(err), "There is no such round"; got != want {
		t.Errorf("message = %q, want %q", got, want)
	}
	if got := fault.Message(io.EOF); got != "" {
		t.Errorf("an internal error has the message %q for the user, want none", got)
	}
}

func TestBecauseLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	base := fault.Field("title", "Enter a title")
	_ = base.Because(io.EOF)
	if base.Cause != nil {
		t.Error("Because changed the fault that it was called on")
	}
}
