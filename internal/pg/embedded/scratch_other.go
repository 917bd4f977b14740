//go:build !linux

package embedded

import "os"

// Scratch is the folder for servers of tests.
func Scratch() string { return os.TempDir() }
