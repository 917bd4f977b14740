// Package text holds the wording of the demonstration's arrangements, edition by edition.
package text

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// Section is one numbered section of an edition. Its number is its place in the list.
type Section struct {
	Heading  string // without number or mark-up
	Markdown string // the body, without the heading
}

//go:embed 2019/*.md next/*.md
var files embed.FS

// Edition2019 gives the sections of the June 2019 edition, in order.
func Edition2019() []Section { return read("2019") }

// NextEdition gives the sections of the edition that follows it in the demonstration, in order.
func NextEdition() []Section { return read("next") }

// read panics on a broken file: the files are part of the binary, so only a build can be at fault.
func read(folder string) []Section {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(err)
	}
	sections := make([]Section, 0, len(entries))
	for _, entry := range entries {
		content, err := fs.ReadFile(files, path.Join(folder, entry.Name()))
		if err != nil {
			panic(err)
		}
		first, rest, _ := strings.Cut(string(content), "\n")
		heading, ok := strings.CutPrefix(first, "# ")
		if !ok {
			panic(folder + "/" + entry.Name() + " does not begin with a heading")
		}
		sections = append(sections, Section{Heading: strings.TrimSpace(heading), Markdown: strings.TrimSpace(rest) + "\n"})
	}
	return sections
}
