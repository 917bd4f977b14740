package arrangement

import (
	"bytes"

	"partnershipportal/internal/docx"
)

// WordText is a text with what is printed around it on paper.
type WordText struct {
	Title    string
	Facts    []string // lines below the title
	Header   string   // on every page
	Site     string   // the portal's own address, to which links within it are led
	Sections []Text
}

// Word writes a text as a Word document, with the paragraph numbers that it has in the portal. The same text always gives
// the same bytes.
func (w WordText) Word() ([]byte, error) {
	d := docx.Document{Title: w.Title, Facts: w.Facts, Header: w.Header}
	for i, s := range w.Sections {
		d.Sections = append(d.Sections, docx.Section{Heading: s.Heading, Blocks: wordBlocks(i+1, s.Markdown, w.Site)})
	}
	var b bytes.Buffer
	err := docx.Write(&b, d)
	return b.Bytes(), err
}
