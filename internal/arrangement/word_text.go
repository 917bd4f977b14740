package arrangement

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"partnershipportal/internal/docx"
)

// wordBlocks reads the Markdown of a section as the blocks of a Word document, each with the number that it has in the
// portal. Links within the site are led to the portal's address.
func wordBlocks(number int, markdown, site string) []docx.Block {
	r := wordReader{source: []byte(cleanText(markdown)), site: strings.TrimRight(site, "/")}
	doc := theMarkdown().parse(r.source, "", 1)
	r.notes = map[int]ast.Node{}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if list, ok := n.(*east.FootnoteList); ok {
			for f := list.FirstChild(); f != nil; f = f.NextSibling() {
				if note, ok := f.(*east.Footnote); ok {
					r.notes[note.Index] = note
				}
			}
		}
	}
	var out []docx.Block
	counted := 0
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		b, ok := r.block(n)
		if !ok {
			continue
		}
		if b.Kind != docx.Heading && b.Kind != docx.Rule {
			counted++
			b.Number = fmt.Sprintf("%d.%d", number, counted)
		}
		out = append(out, b)
	}
	return out
}

type wordReader struct {
	source []byte
	site   string
	notes  map[int]ast.Node
	noting bool
}

func (r wordReader) blocks(parent ast.Node) []docx.Block {
	var out []docx.Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if b, ok := r.block(n); ok {
			out = append(out, b)
		}
	}
	return out
}

// block reads a block, unless there is nothing to show of it.
func (r wordReader) block(n ast.Node) (docx.Block, bool) {
	switch n := n.(type) {
	case *ast.Heading:
		spans := r.spans(n)
		return docx.Block{Kind: docx.Heading, Level: n.Level, Spans: spans}, len(spans) > 0
	case *ast.Paragraph, *ast.TextBlock:
		spans := r.spans(n)
		return docx.Block{Spans: spans}, len(spans) > 0
	case *ast.List:
		b := docx.Block{Kind: docx.List, Ordered: n.IsOrdered()}
		if b.Ordered {
			b.Start = n.Start
		}
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			b.Items = append(b.Items, r.blocks(item))
		}
		return b, true
	case *ast.Blockquote:
		return docx.Block{Kind: docx.Quote, Blocks: r.blocks(n)}, true
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return docx.Block{Kind: docx.Code, Code: r.lines(n)}, true
	case *ast.ThematicBreak:
		return docx.Block{Kind: docx.Rule}, true
	case *east.Table:
		return r.table(n), true
	}
	return docx.Block{}, false
}

func (r wordReader) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		b.Write(at.Value(r.source))
	}
	return strings.TrimRight(b.String(), "\n")
}

func (r wordReader) table(n *east.Table) docx.Block {
	b := docx.Block{Kind: docx.Table}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []docx.Cell
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, r.spans(cell))
		}
		b.Rows = append(b.Rows, cells)
	}
	return b
}

func (r wordReader) spans(parent ast.Node) []docx.Span {
	return docx.Tidy(r.inline(parent, docx.Span{}))
}

// inline reads what is inside a node. Look is how its words look by what is around them.
func (r wordReader) inline(parent ast.Node, look docx.Span) []docx.Span {
	var out []docx.Span
	put := func(text string) {
		s := look
		s.Text = text
		out = append(out, s)
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			put(literal(n.Segment.Value(r.source)))
			if n.HardLineBreak() {
				out = append(out, docx.Span{Break: true})
			} else if n.SoftLineBreak() {
				put(" ")
			}
		case *ast.String:
			put(string(n.Value))
		case *ast.Emphasis:
			inner := look
			inner.Bold, inner.Italic = look.Bold || n.Level == 2, look.Italic || n.Level == 1
			out = append(out, r.inline(n, inner)...)
		case *ast.CodeSpan:
			inner := look
			inner.Code = true
			for _, s := range r.code(n) {
				inner.Text = s
				out = append(out, inner)
			}
		case *ast.Link:
			inner := look
			inner.Link = r.address(string(n.Destination))
			out = append(out, r.inline(n, inner)...)
		case *ast.AutoLink:
			inner := look
			inner.Link, inner.Text = r.address(string(n.URL(r.source))), string(n.Label(r.source))
			out = append(out, inner)
		case *east.FootnoteLink:
			if note := r.notes[n.Index]; note != nil && !r.noting {
				inner := r
				inner.noting = true
				if blocks := inner.blocks(note); len(blocks) > 0 {
					out = append(out, docx.Span{Note: blocks})
				}
			}
		case *ast.RawHTML, *east.FootnoteBacklink:
		default:
			out = append(out, r.inline(n, look)...)
		}
	}
	return out
}

func (r wordReader) code(n ast.Node) []string {
	var out []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			out = append(out, strings.ReplaceAll(string(c.Segment.Value(r.source)), "\n", " "))
		case *ast.String:
			out = append(out, string(c.Value))
		}
	}
	return out
}

// literal takes the marks off that let characters stand for themselves.
func literal(source []byte) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(source); i++ {
		if source[i] == '\\' && i+1 < len(source) && util.IsPunct(source[i+1]) {
			b.WriteString(entities(source[from:i]))
			b.WriteByte(source[i+1])
			i++
			from = i + 1
		}
	}
	return b.String() + entities(source[from:])
}

func entities(source []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(source)))
}

// fromWord writes a section of a Word document in Markdown. Where marks of bold and italic words would not be read as
// such, a block goes without them: words come first.
func fromWord(s docx.Section) (markdown string, lostLook bool) {
	plain := map[int]bool{}
	for i := range s.Blocks {
		block := s.Blocks[i : i+1]
		if !docx.Same(block, wordBlocks(1, docx.Markdown(block, nil), "")) {
			plain[i] = true
		}
	}
	return Clean(docx.Markdown(s.Blocks, plain)), len(plain) > 0
}

// address is where a link leads outside the portal: Word knows no addresses within a site.
func (r wordReader) address(destination string) string {
	destination = literal([]byte(destination))
	switch {
	case strings.HasPrefix(destination, "/") && !strings.HasPrefix(destination, "//") && r.site != "":
		destination = r.site + destination
	case !strings.Contains(destination, ":"):
		return ""
	}
	return docx.LinkTo(destination)
}
