package account

import (
	"context"
	"errors"
	"strings"
	"testing"

	"partnershipportal/internal/fault"
)

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	const email = "first.officer@example.org"
	for name, password := range map[string]string{
		"too short":                        "elevenchars",
		"long enough only if not composed": "e\u0301leve\u0301ncha\u0301", // 13 code points, 10 characters
		"the address":                      "First.Officer@example.org",
		"the mailbox":                      "first.officer",
		"one that many choose":             "Safeguarding1",
		"one character again and again":    "xxxxxxxxxxxxxxxx",
		"too long":                         strings.Repeat("ab", 101),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := checkPassword(password, email)
			if !errors.Is(err, fault.Invalid) {
				t.Errorf("%q: %v, want it refused", password, err)
			}
		})
	}
	for _, password := range []string{"three unrelated words", "demonstration-only", "zwölf Zeichen ja", "🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋📎"} {
		if err := checkPassword(password, email); err != nil {
			t.Errorf("%q is refused: %v", password, err)
		}
	}
}

func TestHashing(t *testing.T) {
	t.Parallel()
	h, ctx := newHasher(), context.Background()
	stored, err := h.hash(ctx, "caf\u00e9 with twelve")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %s", stored)
	}
	for password, want := range map[string]bool{"caf\u00e9 with twelve": true, "cafe\u0301 with twelve": true, "cafe with twelve": false, "": false} {
		if got, err := h.matches(ctx, password, stored); err != nil || got != want {
			t.Errorf("matches(%q) = %v, %v; want %v", password, got, err, want)
		}
	}
	if got, err := h.matches(ctx, "anything at all", ""); err != nil || got {
		t.Errorf("no hash matches: %v, %v", got, err)
	}
	if _, err := h.matches(ctx, "x", "$2y$10$something"); err == nil {
		t.Error("a hash of another kind is taken")
	}
}

func TestHashingGivesUpWithItsCaller(t *testing.T) {
	t.Parallel()
	h := newHasher()
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.hash(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("hash = %v, want it to give up", err)
	}
}
