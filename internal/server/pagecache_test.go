package server

import (
	"bytes"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"partnershipportal/internal/day"
)

func TestPageCache(t *testing.T) {
	t.Parallel()
	today := day.Must("2026-11-22")
	page := func(text string) func() ([]byte, error) { return func() ([]byte, error) { return []byte(text), nil } }
	read := func(t *testing.T, c *pageCache, path string, draw func() ([]byte, error)) string {
		t.Helper()
		p, err := c.get(path, today, draw)
		if err != nil {
			t.Fatal(err)
		}
		return string(p.plain)
	}
	fresh := func() *pageCache {
		c := newPageCache()
		c.trust(true)
		return c
	}

	t.Run("a stampede draws once", func(t *testing.T) {
		t.Parallel()
		c := fresh()
		var drawn atomic.Int32
		release := make(chan struct{})
		var waiting, all sync.WaitGroup
		for range 1000 {
			waiting.Add(1)
			all.Go(func() {
				waiting.Done()
				_, err := c.get("/", today, func() ([]byte, error) {
					drawn.Add(1)
					<-release
					return []byte("page"), nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		waiting.Wait()
		close(release)
		all.Wait()
		if got := drawn.Load(); got != 1 {
			t.Errorf("drawn %d times, want once", got)
		}
	})
	t.Run("what was drawn before a change is neither kept nor given to who asks after it", func(t *testing.T) {
		t.Parallel()
		c := fresh()
		begun, release, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			_, _ = c.get("/", today, func() ([]byte, error) {
				close(begun)
				<-release
				return []byte("old"), nil
			})
		}()
		<-begun
		c.drop()
		if got := read(t, c, "/", page("new")); got != "new" {
			t.Errorf("asked after the change, got %q", got)
		}
		close(release)
		<-done
		if got := read(t, c, "/", page("newer")); got != "new" {
			t.Errorf("got %q, want the page drawn after the change to be kept", got)
		}
	})
	t.Run("nothing is kept while changes are not heard of", func(t *testing.T) {
		t.Parallel()
		c := fresh()
		read(t, c, "/", page("one"))
		c.trust(false)
		read(t, c, "/", page("two"))
		if got := read(t, c, "/", page("three")); got != "three" {
			t.Errorf("got %q, want it drawn anew", got)
		}
	})
	t.Run("memory is bounded, and the pages last used stay", func(t *testing.T) {
		t.Parallel()
		c := fresh()
		big := bytes.Repeat([]byte("x"), maxCachedBytes/10)
		draw := func() ([]byte, error) { return big, nil }
		for i := range 20 {
			read(t, c, "/first", page("first"))
			read(t, c, "/"+strconv.Itoa(i), draw)
		}
		if c.size > maxCachedBytes || len(c.pages) > 12 {
			t.Errorf("%d bytes in %d pages are kept, want at most %d", c.size, len(c.pages), maxCachedBytes)
		}
		if got := read(t, c, "/first", page("again")); got != "first" {
			t.Errorf("the page used all the time was dropped")
		}
	})
}
