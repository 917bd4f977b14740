package server

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"golang.org/x/sync/singleflight"

	"partnershipportal/internal/day"
)

const (
	maxCachedBytes = 64 << 20
	drawLimit      = 10 * time.Second
	gzipLevel      = 6
	brotliLevel    = 6 // the highest level takes twenty times as long and saves a tenth
)

// pageCache keeps public pages as they are sent. It is used only while the database tells of changes; without that
// every page is drawn anew, so that no reader ever sees a page from before a publication.
type pageCache struct {
	drawing singleflight.Group

	mu         sync.Mutex
	trusted    bool
	generation uint64 // goes up with every change, so that a page drawn before it is not kept after it
	today      day.Date
	pages      map[string]*list.Element
	order      list.List // of *keptPage, the last used first
	size       int
}

type keptPage struct {
	key  string
	page *sentPage
}

// sentPage is a page as it is sent: plain, and packed in the ways that browsers take.
type sentPage struct {
	etag                string // without quotes and without the mark of the packing
	plain, gzip, brotli []byte
}

func (p *sentPage) bytes() int { return len(p.plain) + len(p.gzip) + len(p.brotli) }

func newPageCache() *pageCache { return &pageCache{pages: map[string]*list.Element{}} }

// Connected tells the server that it will hear of every change from now on.
func (s *Server) Connected() { s.pages.trust(true); s.forgetChrome() }

// Changed tells the server that something published has changed.
func (s *Server) Changed() { s.pages.drop(); s.forgetChrome() }

// Disconnected tells the server that it no longer hears of changes.
func (s *Server) Disconnected() { s.pages.trust(false) }

func (c *pageCache) trust(trusted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trusted = trusted
	c.clear()
}

func (c *pageCache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
}

func (c *pageCache) clear() {
	c.generation++
	c.pages, c.size = map[string]*list.Element{}, 0
	c.order.Init()
}

// get gives a page from memory, or draws it: once for all who ask at the same time.
func (c *pageCache) get(path string, today day.Date, draw func() ([]byte, error)) (*sentPage, error) {
	page, generation, trusted := c.find(path, today)
	if page != nil {
		return page, nil
	}
	if !trusted {
		body, err := draw()
		if err != nil {
			return nil, err
		}
		return packPage(body, false), nil
	}
	// The generation in the key keeps whoever asks after a change from being given what was drawn before it.
	flight := strconv.FormatUint(generation, 10) + " " + today.String() + " " + path
	drawn, err, _ := c.drawing.Do(flight, func() (any, error) {
		if page, now, _ := c.find(path, today); page != nil && now == generation {
			return page, nil // kept by a flight that ended just before this one began
		}
		body, err := draw()
		if err != nil {
			return nil, err
		}
		page := packPage(body, true)
		c.keep(path, today, generation, page)
		return page, nil
	})
	if err != nil {
		return nil, err
	}
	return drawn.(*sentPage), nil
}

func (c *pageCache) find(path string, today day.Date) (page *sentPage, generation uint64, trusted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if today.After(c.today) { // at midnight another version may come into force
		c.clear()
		c.today = today
	}
	if e, ok := c.pages[path]; ok && today == c.today {
		c.order.MoveToFront(e)
		return e.Value.(*keptPage).page, c.generation, c.trusted
	}
	return nil, c.generation, c.trusted
}

func (c *pageCache) keep(path string, today day.Date, generation uint64, page *sentPage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.trusted || generation != c.generation || today != c.today || page.bytes() > maxCachedBytes/4 {
		return
	}
	if _, twice := c.pages[path]; twice {
		return
	}
	c.pages[path] = c.order.PushFront(&keptPage{key: path, page: page})
	c.size += page.bytes()
	for c.size > maxCachedBytes {
		oldest := c.order.Remove(c.order.Back()).(*keptPage)
		delete(c.pages, oldest.key)
		c.size -= oldest.page.bytes()
	}
}

func packPage(body []byte, packed bool) *sentPage {
	sum := sha256.Sum256(body)
	p := &sentPage{etag: base64.RawURLEncoding.EncodeToString(sum[:16]), plain: body}
	if !packed {
		return p
	}
	var zipped, brotlied bytes.Buffer // writing to memory never fails
	gz, _ := gzip.NewWriterLevel(&zipped, gzipLevel)
	_, _ = gz.Write(body)
	_ = gz.Close()
	br := brotli.NewWriterLevel(&brotlied, brotliLevel)
	_, _ = br.Write(body)
	_ = br.Close()
	p.gzip, p.brotli = zipped.Bytes(), brotlied.Bytes()
	return p
}

// publicPage makes one page of the public side for a day. Its answer depends on the path and the day alone.
type publicPage func(r *http.Request, today day.Date) (view, error)

// page registers a public page that is kept in memory.
func (p publicRoutes) page(pattern string, h publicPage) { p.get(pattern, p.s.kept(h)) }

// pageOrQuery registers a public page that is kept in memory, but for requests that ask for something in their query.
func (p publicRoutes) pageOrQuery(pattern string, h publicPage, asked handler) {
	plain := p.s.kept(h)
	p.get(pattern, func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.RawQuery != "" {
			return asked(w, r)
		}
		return plain(w, r)
	})
}

// kept answers with the page from memory, drawing it where it is not there.
func (s *Server) kept(h publicPage) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		today := day.Of(s.Now())
		page, err := s.pages.get(r.URL.Path, today, func() ([]byte, error) {
			// Others may wait for this page, so it does not end with the request that happened to come first.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), drawLimit)
			defer cancel()
			r := r.WithContext(ctx)
			v, err := h(r, today)
			if err != nil {
				return nil, err
			}
			return s.drawPublic(r, v)
		})
		if err != nil {
			return err
		}
		sendPage(w, r, page)
		return nil
	}
}

// drawPublic draws a page with what is published of the partnership at this moment.
func (s *Server) drawPublic(r *http.Request, v view) ([]byte, error) {
	set, err := s.Settings.Public(r.Context())
	if err != nil {
		return nil, err
	}
	return drawBytes(r, v, s.chromeWith(r, v, set))
}

// showPublic shows a public page that depends on more than its path, so that it is drawn for each request.
func (s *Server) showPublic(w http.ResponseWriter, r *http.Request, status int, v view) error {
	body, err := s.drawPublic(r, v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
	return nil
}

// sendPage sends a kept page, or says that the browser has it already. Browsers and proxies may keep it, but ask each
// time: a superseded page never passes for the one in force.
func sendPage(w http.ResponseWriter, r *http.Request, p *sentPage) {
	body, coding := p.choose(r.Header.Get("Accept-Encoding"))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=0, must-revalidate")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", p.tag(coding))
	if p.known(r.Header.Get("If-None-Match")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
}

func (p *sentPage) choose(accepted string) (body []byte, coding string) {
	switch {
	case p.brotli != nil && accepts(accepted, "br"):
		return p.brotli, "br"
	case p.gzip != nil && accepts(accepted, "gzip"):
		return p.gzip, "gzip"
	}
	return p.plain, ""
}

// accepts tells whether a list of codings has one that is not refused by a weight of zero.
func accepts(list, coding string) bool {
	for item := range strings.SplitSeq(list, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		return !found || strings.Trim(q, "0.") != ""
	}
	return false
}

// tag is the strong validator: the packings differ byte by byte, so each has its own.
func (p *sentPage) tag(coding string) string {
	if coding == "" {
		return `"` + p.etag + `"`
	}
	return `"` + p.etag + "-" + coding + `"`
}

func (p *sentPage) known(ifNoneMatch string) bool {
	for item := range strings.SplitSeq(ifNoneMatch, ",") {
		tag := strings.TrimPrefix(strings.TrimSpace(item), "W/")
		if tag == "*" || tag == p.tag("") || tag == p.tag("gzip") || tag == p.tag("br") {
			return true
		}
	}
	return false
}
