package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"partnershipportal/internal/fault"
)

// The cost of one password: 19 MiB and two passes, in one thread.
const (
	argonMemory  = 19 * 1024
	argonTime    = 2
	argonThreads = 1
	saltLength   = 16
	keyLength    = 32
)

// MinPassword is how many characters a password has at least.
const MinPassword = 12

// maxPassword keeps the hashing of a very long one from costing much.
const maxPassword = 200

// common are passwords long enough that people choose all the same. Compared without regard to case.
var common = []string{
	"123456789012", "1234567890123", "12345678901234", "123456789123", "abcdefghijkl", "abcdefghijklm", "abcd12345678",
	"administrator", "administrator1", "changemechangeme", "childprotection", "correcthorsebatterystaple",
	"iloveyouiloveyou", "letmeinletmein", "manchesterunited", "partnership1", "partnershipportal",
	"password1234", "password12345", "password123456", "password2024", "password2025", "password2026", "passwordpassword",
	"qwerty123456", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas", "safeguarding", "safeguarding1", "safeguarding12",
	"safeguarding123", "safeguardingchildren", "welcome12345", "welcomewelcome", "workingtogether",
}

// checkPassword applies the rules for a new password. Faults: Invalid, for the field "password".
func checkPassword(password, email string) error {
	p := norm.NFC.String(password)
	lower := strings.ToLower(p)
	mailbox, _, _ := strings.Cut(email, "@")
	switch {
	case utf8.RuneCountInString(p) < MinPassword:
		return fault.Field("password", fmt.Sprintf("Password must have at least %d characters", MinPassword))
	case utf8.RuneCountInString(p) > maxPassword:
		return fault.Field("password", fmt.Sprintf("Password must have %d characters or fewer", maxPassword))
	case lower == strings.ToLower(email) || lower == strings.ToLower(mailbox):
		return fault.Field("password", "Password must not be your email address")
	case slices.Contains(common, lower) || strings.Count(lower, lower[:1]) == len(lower):
		return fault.Field("password", "Password is too easy to guess. Choose another, for example three unrelated words")
	}
	return nil
}

// hasher bounds how many passwords are hashed at once, so that a flood of them can't take the memory.
type hasher struct {
	slots chan struct{}
	dummy string // hash of no known password, for accounts that don't exist
}

func newHasher() *hasher {
	h := &hasher{slots: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	h.dummy = encode(randomBytes(saltLength), randomBytes(keyLength))
	return h
}

func (h *hasher) acquire(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := randomBytes(saltLength)
	return encode(salt, derive(password, salt, argonTime, argonMemory, argonThreads)), nil
}

// matches compares a password with a stored hash. An empty hash costs as much time, and never matches.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	var version, memory, passes int
	var threads uint8
	fields := strings.Split(stored, "$")
	if len(fields) != 6 || fields[1] != "argon2id" {
		return false, fmt.Errorf("stored password hash has an unknown form")
	}
	if _, err := fmt.Sscanf(fields[2]+" "+fields[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil {
		return false, fmt.Errorf("stored password hash has unknown parameters: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil {
		return false, fmt.Errorf("stored password hash has a broken salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil {
		return false, fmt.Errorf("stored password hash is broken: %w", err)
	}
	got := derive(password, salt, uint32(passes), uint32(memory), threads)
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func derive(password string, salt []byte, passes, memory uint32, threads uint8) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, passes, memory, threads, keyLength)
}

func encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64(salt), b64(key))
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}
