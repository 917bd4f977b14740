package server

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/arrangement"
	"partnershipportal/web/ui"
)

// documentOf lays out the text of a version with its section and paragraph numbers.
func documentOf(sections []arrangement.Text) ui.Document {
	var doc ui.Document
	for i, section := range sections {
		drawn := ui.DocSection{ID: sectionAnchor(i + 1), Number: strconv.Itoa(i + 1), Heading: section.Heading}
		for _, b := range arrangement.RenderSection(i+1, section.Markdown) {
			// Raw is safe here and only here: RenderSection has sanitised the block.
			drawn.Paragraphs = append(drawn.Paragraphs, ui.DocParagraph{ID: b.Anchor, Number: b.Number, Body: templ.Raw(b.HTML)})
		}
		doc.Sections = append(doc.Sections, drawn)
	}
	return doc
}

// contentsOf lists the sections of a version, each leading to its place on the page.
func contentsOf(sections []arrangement.Text) ui.ContentsList {
	var list ui.ContentsList
	for i, section := range sections {
		list.Items = append(list.Items, ui.ContentsItem{Number: strconv.Itoa(i + 1), Text: section.Heading, Path: "#" + sectionAnchor(i+1)})
	}
	return list
}

func sectionAnchor(number int) string { return fmt.Sprintf("section-%d", number) }
