package embedded

import (
	"os"
	"strconv"
	"syscall"
)

// capReadSearch lets the server's user pass through folders that only root may enter, such as root's home.
const capReadSearch = 2 // CAP_DAC_READ_SEARCH

// attributes makes the server end with us, however we end: the kernel sends it the signal of a fast shutdown.
func attributes(u serverUser) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	if u.drop {
		attr.Credential = &syscall.Credential{Uid: u.uid, Gid: u.gid, Groups: []uint32{u.gid}}
		if u.passThrough {
			attr.AmbientCaps = []uintptr{capReadSearch}
		}
	}
	return attr
}

// servesFolder tells whether a process is a server of the data folder: that is where a server stands.
func servesFolder(pid int, data string) bool {
	at, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	return err == nil && at == data
}
