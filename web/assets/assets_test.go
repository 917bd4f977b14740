package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestURL(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"app.css", "app.js", "mark.svg", "atkinson-400.woff2", "atkinson-700.woff2", "font-licence.txt"} {
		url := URL(name)
		f, ok := Lookup(strings.TrimPrefix(url, Prefix))
		if !ok || len(f.Body) == 0 || f.ContentType == "" || f.ETag == "" {
			t.Errorf("%s: its address %s leads to no complete file", name, url)
		}
	}
	if _, ok := Lookup("app.css"); ok {
		t.Error("an address without a hash must not be served")
	}
}

func TestCompressedCopies(t *testing.T) {
	t.Parallel()
	for name, f := range site.files {
		if f.Gzip == nil {
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(f.Gzip))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, f.Body) {
			t.Errorf("%s: the gzip copy holds something else (%v)", name, err)
		}
		if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(f.Brotli))); err != nil || !bytes.Equal(got, f.Body) {
			t.Errorf("%s: the brotli copy holds something else (%v)", name, err)
		}
	}
}

func TestWeight(t *testing.T) {
	t.Parallel()
	const most = 42_000 // leaves 8 kB for the HTML of an ordinary page of 50 kB
	total := 0
	for _, name := range []string{"app.css", "app.js", "mark.svg", "atkinson-400.woff2", "atkinson-700.woff2"} {
		f := site.files[strings.TrimPrefix(URL(name), Prefix)]
		if f.Brotli != nil {
			total += len(f.Brotli)
		} else {
			total += len(f.Body)
		}
	}
	if total > most {
		t.Errorf("the assets of a page weigh %d bytes, want at most %d", total, most)
	}
}

func TestStyleSheet(t *testing.T) {
	t.Parallel()
	css := string(site.files[strings.TrimPrefix(URL("app.css"), Prefix)].Body)
	for _, banned := range []string{"GDS Transport", "crest", "crown", `url("http`, "url(http", "data:"} {
		if strings.Contains(css, banned) {
			t.Errorf("the style sheet mentions %q", banned)
		}
	}
	for _, m := range regexp.MustCompile(`url\("?(/assets/)?([^")]+)`).FindAllStringSubmatch(css, -1) {
		if _, ok := Lookup(m[2]); !ok {
			t.Errorf("the style sheet asks for %s, which does not exist", m[0])
		}
	}
}
