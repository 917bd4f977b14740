// Package assets holds the site's style sheet, script, fonts and images, built and compressed beforehand by build.mjs.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// File is one asset as it is sent. Its address names its content, so it may be cached for good.
type File struct {
	Body        []byte
	Gzip        []byte // nil where packing does not help
	Brotli      []byte // nil where packing does not help
	ContentType string
	ETag        string
}

type bundle struct {
	urls  map[string]string
	files map[string]File
}

var site = must(load(dist))

// Prefix begins the address of every asset.
const Prefix = "/assets/"

// URL gives the address of the asset with the plain name, such as "app.css".
// A name that was not built is a fault of the program and panics.
func URL(name string) string {
	url, ok := site.urls[name]
	if !ok {
		panic(fmt.Sprintf("no asset %q", name))
	}
	return url
}

// Lookup finds an asset by what follows Prefix in its address.
func Lookup(path string) (File, bool) {
	f, ok := site.files[path]
	return f, ok
}

func load(files fs.FS) (bundle, error) {
	manifest, err := fs.ReadFile(files, "dist/manifest.json")
	if err != nil {
		return bundle{}, err
	}
	var entries map[string]struct {
		File       string
		Type       string
		Compressed bool
	}
	if err := json.Unmarshal(manifest, &entries); err != nil {
		return bundle{}, fmt.Errorf("read the manifest of assets: %w", err)
	}
	b := bundle{urls: map[string]string{}, files: map[string]File{}}
	for name, e := range entries {
		f := File{ContentType: e.Type}
		if f.Body, err = fs.ReadFile(files, "dist/"+e.File); err != nil {
			return bundle{}, err
		}
		if e.Compressed {
			if f.Gzip, err = fs.ReadFile(files, "dist/"+e.File+".gz"); err != nil {
				return bundle{}, err
			}
			if f.Brotli, err = fs.ReadFile(files, "dist/"+e.File+".br"); err != nil {
				return bundle{}, err
			}
		}
		sum := sha256.Sum256(f.Body)
		f.ETag = `"` + hex.EncodeToString(sum[:16]) + `"`
		b.urls[name] = Prefix + e.File
		b.files[e.File] = f
	}
	return b, nil
}

func must(b bundle, err error) bundle {
	if err != nil {
		panic(err)
	}
	return b
}
