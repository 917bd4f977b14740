package server_test

import (
	"context"
	"time"
)

// failingStore is a session store whose database has failed.
type failingStore struct{ err error }

func (f failingStore) Find(string) ([]byte, bool, error)      { return nil, false, f.err }
func (f failingStore) Commit(string, []byte, time.Time) error { return f.err }
func (f failingStore) Delete(string) error                    { return f.err }
func (f failingStore) FindCtx(context.Context, string) ([]byte, bool, error) {
	return nil, false, f.err
}
func (f failingStore) CommitCtx(context.Context, string, []byte, time.Time) error { return f.err }
func (f failingStore) DeleteCtx(context.Context, string) error                    { return f.err }
