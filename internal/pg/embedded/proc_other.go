//go:build !linux

package embedded

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attributes puts the server into a process group of its own. Here it outlives a portal that is killed; the next
// start stops it.
func attributes(u serverUser) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if u.drop {
		attr.Credential = &syscall.Credential{Uid: u.uid, Gid: u.gid, Groups: []uint32{u.gid}}
	}
	return attr
}

// letThrough has nothing to prepare here: folders on the way have to be open to the server's user.
func letThrough(serverUser) error { return nil }

// servesFolder tells whether a process is a server of the data folder, by its command line.
func servesFolder(pid int, data string) bool {
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres") && strings.Contains(string(out), data)
}
