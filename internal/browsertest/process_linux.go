package browsertest

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end the command when the test binary is gone, however it went.
func dieWithParent(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
