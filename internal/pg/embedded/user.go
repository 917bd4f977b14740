package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// serverUser is who the server runs as. PostgreSQL refuses to run as root.
type serverUser struct {
	uid, gid    uint32
	drop        bool // we are root and become this user
	passThrough bool // this user can't enter all the folders on the way by itself
}

// chooseUser says who serves the data folder: ourselves, or if we are root the owner of the data, postgres or nobody.
func chooseUser(data string) (serverUser, error) {
	owner, err := ownerOf(data)
	exists := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return serverUser{}, err
	}
	if me := os.Geteuid(); me != 0 {
		if exists && owner.uid != uint32(me) {
			return serverUser{}, fmt.Errorf("the data in %s belongs to %s: start the portal as that user, or as root", data, userName(owner.uid))
		}
		return serverUser{uid: uint32(me), gid: uint32(os.Getegid())}, nil
	}
	if exists && owner.uid != 0 {
		owner.drop = true
		return owner, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return serverUser{uid: uint32(uid), gid: uint32(gid), drop: true}, nil
		}
	}
	return serverUser{}, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return "user " + u.Username
	}
	return "user number " + id
}

func ownerOf(path string) (serverUser, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return serverUser{}, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return serverUser{}, fmt.Errorf("the owner of %s is not known", path)
	}
	return serverUser{uid: st.Uid, gid: st.Gid}, nil
}

// canReach tells whether the user can enter every folder on the way to the path.
func (u serverUser) canReach(path string) bool {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		enter := info.Mode()&0o001 != 0
		if ok && st.Uid == u.uid {
			enter = info.Mode()&0o100 != 0
		}
		if !enter {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// own gives a folder and what is in it to the user.
func (u serverUser) own(path string) error {
	if !u.drop {
		return nil
	}
	return filepath.WalkDir(path, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, int(u.uid), int(u.gid))
	})
}
