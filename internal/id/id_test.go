package id_test

import (
	"testing"

	"partnershipportal/internal/id"
)

func TestParse(t *testing.T) {
	t.Parallel()
	if got, err := id.Parse[id.Round]("42"); err != nil || got != 42 {
		t.Errorf("Parse(42) = %d, %v; want 42", got, err)
	}
	for _, s := range []string{"", "0", "-1", "+1", "007", "1e3", "9223372036854775808", " 1", "a"} {
		if got, err := id.Parse[id.Round](s); err == nil {
			t.Errorf("Parse(%q) = %d, want an error", s, got)
		}
	}
}
