//go:build !linux

package browsertest

import "os/exec"

// dieWithParent does nothing where the kernel offers no such thing: Main ends the command.
func dieWithParent(*exec.Cmd) {}
