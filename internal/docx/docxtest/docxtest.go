// Package docxtest makes Word documents for tests, as Word itself writes them.
package docxtest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

const names = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
	`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
	`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" ` +
	`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" ` +
	`xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"`

// Parts are the parts of a document by their names.
type Parts map[string]string

// With is the document with another part.
func (p Parts) With(name, content string) Parts {
	p = maps.Clone(p)
	p[name] = content
	return p
}

// Bytes packs the document.
func (p Parts) Bytes() []byte { return Zip(p) }

// Zip packs parts in the order of their names.
func Zip(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = io.WriteString(f, parts[name])
		}
		if err != nil {
			panic(err) // into memory
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Unzip reads all parts of a document.
func Unzip(t testing.TB, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
	}
	return parts
}

// New makes a document of what stands in its body.
func New(body ...string) Parts {
	return Parts{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":         Relations(Relation("rId1", "officeDocument", "word/document.xml", false)),
		"word/document.xml":   `<w:document ` + names + `><w:body>` + strings.Join(body, "") + `</w:body></w:document>`,
		"word/styles.xml":     stylesPart,
		"word/_rels/document.xml.rels": Relations(Relation("rId1", "styles", "styles.xml", false), Relation("rId2", "numbering", "numbering.xml", false),
			Relation("pic-map.png", "image", "media/map.png", false), Relation("pic-logo.png", "image", "media/logo.png", false)),
	}
}

// Relations is a part of relations.
func Relations(list ...string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + strings.Join(list, "") + `</Relationships>`
}

// Relation is one of them.
func Relation(id, kind, target string, external bool) string {
	mode := ""
	if external {
		mode = ` TargetMode="External"`
	}
	return fmt.Sprintf(`<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"%s/>`, id, kind, escape(target), mode)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // into memory
	return b.String()
}

// Run is words without a look of their own.
func Run(text string) string { return Looking("", text) }

// Looking is words with a look: "<w:b/>".
func Looking(look, text string) string {
	return `<w:r><w:rPr>` + look + `</w:rPr><w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}

// Paragraph is a paragraph of what is inside it.
func Paragraph(inner string) string { return `<w:p>` + inner + `</w:p>` }

// Styled is a paragraph in a style.
func Styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + Run(text) + `</w:p>`
}

// Heading is a heading of the first level.
func Heading(text string) string { return HeadingAt(1, text) }

// HeadingAt is a heading of some level.
func HeadingAt(level int, text string) string { return Styled(fmt.Sprintf("Heading%d", level), text) }

// Item is a paragraph of a list.
func Item(list, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr>%s</w:p>`, level, list, Run(text))
}

// Link is words that lead to a relation.
func Link(relation, text string) string {
	return `<w:hyperlink r:id="` + relation + `">` + Run(text) + `</w:hyperlink>`
}

// Picture is a picture whose relation is called after its name.
func Picture(name, alt string) string {
	return `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="` + escape(name) + `" descr="` + escape(alt) + `"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="pic-` +
		escape(name) + `"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
}

var stylesPart = func() string {
	s := `<w:styles ` + names + `><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>`
	for n := 1; n <= 4; n++ {
		s += fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="Heading%d"><w:name w:val="heading %d"/><w:pPr><w:outlineLvl w:val="%d"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>`, n, n, n-1)
	}
	return s + `<w:style w:type="paragraph" w:styleId="Ueberschrift"><w:name w:val="House heading"/><w:basedOn w:val="Heading1"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/></w:style><w:style w:type="paragraph" w:styleId="HTMLPreformatted"><w:name w:val="HTML Preformatted"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style><w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/></w:style>` +
		`<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style></w:styles>`
}()
