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
		doc.Sections = append(doc.Sections, documentSection(i+1, section))
	}
	return doc
}

func documentSection(number int, section arrangement.Text) ui.DocSection {
	drawn := ui.DocSection{ID: sectionAnchor(number), Number: strconv.Itoa(number), Heading: section.Heading}
	for _, b := range arrangement.RenderSection(number, section.Markdown) {
		// Raw is safe here and only here: RenderSection has sanitised the block.
		drawn.Paragraphs = append(drawn.Paragraphs, ui.DocParagraph{ID: b.Anchor, Number: b.Number, Body: templ.Raw(b.HTML)})
	}
	return drawn
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
