package arrangement

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Limits that no text written by people comes near. Without them some texts of one character over and over take
// goldmark minutes. Past a limit a mark is shown as it was typed.
const (
	maxNesting     = 20       // quotes and lists within each other
	maxDelimiters  = 2_000    // runs of * and _ in one paragraph
	maxLinkLookups = 64 << 20 // bytes looked over for the ends of links that turned out to be none
	maxReferences  = 2_000    // lines of a paragraph that may hold link references
)

const footnotePrefix = "footnotes"

// markdownParser reads paragraphs, headings, lists, quotes, tables, links, code and footnotes. Bare addresses become
// no links, and there is no strikethrough: struck-out words in a signed text would leave open what was agreed.
func markdownParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(shallow{parser.NewListItemParser()}, 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(shallow{extension.NewFootnoteBlockParser()}, 999),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(boundedLinks{extension.NewFootnoteParser()}, 101),
			util.Prioritized(boundedLinks{parser.NewLinkParser()}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(boundedEmphasis{parser.NewEmphasisParser()}, 500),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(boundedReferences{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(plainTree{}, 900),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
}

func markdownRenderer() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(), 1000),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(
			extension.WithFootnoteLinkTitle("Footnote ^^"),
			extension.WithFootnoteBacklinkHTML("Back to the text"),
			extension.WithFootnoteBacklinkTitle("Back to the text, footnote ^^"),
			extension.WithFootnoteIDPrefixFunction(func(n ast.Node) []byte {
				prefix, _ := n.OwnerDocument().Meta()[footnotePrefix].(string)
				return []byte(prefix)
			}),
		), 500),
	))
}

// shallow refuses blocks that are nested too deep.
type shallow struct{ parser.BlockParser }

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		depth++
	}
	if depth > maxNesting {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

var lookupsKey = parser.NewContextKey()

// boundedLinks stops looking for links once too much was looked over in vain.
type boundedLinks struct{ parser.InlineParser }

func (b boundedLinks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	spent, _ := pc.Get(lookupsKey).(int)
	if spent > maxLinkLookups {
		return nil
	}
	_, at := block.Position()
	n := b.InlineParser.Parse(parent, block, pc)
	if n == nil {
		pc.Set(lookupsKey, spent+leftOf(parent, at.Start))
	}
	return n
}

// CloseBlock passes on the end of a block, which turns what is left open into text.
func (b boundedLinks) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := b.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

func leftOf(block ast.Node, from int) int {
	if block.Type() == ast.TypeInline || block.Lines() == nil || block.Lines().Len() == 0 {
		return 0
	}
	lines := block.Lines()
	return max(0, lines.At(lines.Len()-1).Stop-from)
}

var delimitersKey = parser.NewContextKey()

type delimiterCount struct {
	block ast.Node
	runs  int
}

// boundedEmphasis takes only so many marks in one paragraph.
type boundedEmphasis struct{ parser.InlineParser }

func (b boundedEmphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	count, ok := pc.Get(delimitersKey).(*delimiterCount)
	if !ok || count.block != parent {
		count = &delimiterCount{block: parent}
		pc.Set(delimitersKey, count)
	}
	count.runs++
	if count.runs > maxDelimiters {
		return nil
	}
	return b.InlineParser.Parse(parent, block, pc)
}

// boundedReferences looks for link references in paragraphs of a sensible length only.
type boundedReferences struct{ parser.ParagraphTransformer }

func (b boundedReferences) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if node.Lines().Len() <= maxReferences {
		b.ParagraphTransformer.Transform(node, reader, pc)
	}
}

// plainTree replaces images by their words, marks the header cells of tables, and sets headings below those of the
// sections, without a gap between levels.
type plainTree struct{}

var topHeadingKey = parser.NewContextKey()

func (plainTree) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	top, _ := pc.Get(topHeadingKey).(int)
	var images []ast.Node
	var open []int                                                              // levels of the headings that the present one stands under
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			images = append(images, n)
		case *ast.Heading:
			for len(open) > 0 && open[len(open)-1] >= n.Level {
				open = open[:len(open)-1]
			}
			open = append(open, n.Level)
			n.Level = min(top+len(open)-1, 6)
		case *east.TableHeader:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				c.SetAttributeString("scope", []byte("col"))
			}
		}
		return ast.WalkContinue, nil
	})
	for _, image := range images {
		parent := image.Parent()
		for c := image.FirstChild(); c != nil; c = image.FirstChild() {
			parent.InsertBefore(parent, image, c)
		}
		parent.RemoveChild(parent, image)
	}
}
