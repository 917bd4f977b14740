package embedded

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

const (
	capDACOverride   = 1
	capDACReadSearch = 2

	prSetSecurebits     = 28
	securebitsKeepRight = 1 << 2 // SECBIT_NO_SETUID_FIXUP
)

// attributes makes the server end with us, however we end: the kernel sends it the signal of a fast shutdown. Its
// user gets the one right to pass through folders that only root may enter, such as root's home.
func attributes(u serverUser) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	if u.drop {
		attr.Credential = &syscall.Credential{Uid: u.uid, Gid: u.gid, Groups: []uint32{u.gid}}
		if u.passThrough {
			attr.AmbientCaps = []uintptr{passRight()}
		}
	}
	return attr
}

// passRight is the least right that opens closed folders. Containers often withhold it, but give the wider one.
func passRight() uintptr {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return capDACReadSearch
	}
	for line := range strings.Lines(string(status)) {
		if mask, found := strings.CutPrefix(line, "CapPrm:"); found {
			permitted, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			if err == nil && permitted&(1<<capDACReadSearch) == 0 {
				return capDACOverride
			}
		}
	}
	return capDACReadSearch
}

// letThrough prepares the calling thread, which must be locked and never given back, for children that pass through
// closed folders: the right then survives the change of user, up to the start of the program, and counts when the
// program asks whether it may read its own files. Of root's other rights none outlives that start.
func letThrough(u serverUser) error {
	if !u.drop || !u.passThrough {
		return nil
	}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetSecurebits, securebitsKeepRight, 0, 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// servesFolder tells whether a process is a server of the data folder: that is where a server stands.
func servesFolder(pid int, data string) bool {
	at, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	return err == nil && at == data
}
