//go:build !linux

package pgtest

import "os"

// parent is where the test server lives.
func parent() string { return os.TempDir() }
