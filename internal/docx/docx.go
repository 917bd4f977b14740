// Package docx reads Word documents into sections of a text, and writes such sections as Word documents. It knows
// paragraphs, headings, lists, tables, quotations, code, links, bold and italic words and footnotes. Of everything
// else it says what it was, so that somebody can look after it.
//
// It is pure: bytes in, bytes out. A file is never trusted, and nothing that it refers to is ever fetched.
package docx

import (
	"fmt"

	"partnershipportal/internal/fault"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 25 << 20

// The limits of a document. It is a packed archive, so its own size says little.
const (
	maxParts    = 5_000
	maxUnpacked = 64 << 20 // bytes of all the parts that are read
	maxRatio    = 400      // of a part over ratioFrom
	ratioFrom   = 2 << 20
	maxDepth    = 200     // elements within each other
	maxText     = 8 << 20 // bytes of text
	maxPictures = 500
	maxRemarks  = 200
	maxMargins  = 50  // headers and footers
	maxHeading  = 200 // characters
	quoted      = 160 // characters of what is told of something left out
)

// Document is a text with what stands around it in print.
type Document struct {
	Title    string
	Facts    []string // lines below the title
	Header   string   // on every page
	Sections []Section
}

// Section is a part of a text below a heading of the first level.
type Section struct {
	Heading string
	Blocks  []Block
}

// Kind says what a block is.
type Kind int

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	List
	Table
	Quote
	Code
	Rule
)

// Block is a piece of a section. Which fields mean something depends on its kind.
type Block struct {
	Kind    Kind
	Number  string    // of the block as the portal shows it; only written, never read
	Level   int       // of a heading below that of its section, from 1
	Spans   []Span    // of a paragraph or heading
	Ordered bool      // of a list
	Start   int       // the first number of an ordered list
	Items   [][]Block // of a list
	Rows    [][]Cell  // of a table, as many cells in each; the first is its header
	Blocks  []Block   // of a quotation
	Code    string
}

// Cell is what stands in a cell of a table.
type Cell []Span

// Span is a run of characters that look alike, or a line break, a picture or the mark of a footnote.
type Span struct {
	Text    string
	Bold    bool
	Italic  bool
	Code    bool
	Link    string
	Break   bool
	Picture int     // its place in the list of pictures, from 1
	Note    []Block // the text of a footnote
}

// Result is what was read of a file.
type Result struct {
	Title    string // as its first page has it; may be empty
	Sections []Section
	Pictures []Picture
	Remarks  []Remark
}

// Picture is a picture of a file. Its bytes are read by Reader.Picture.
type Picture struct {
	Name    string // as Word calls it
	Alt     string // what it shows, in the words of whoever put it there; often empty
	Section int    // in which it stands, from 1
	part    string
}

// Remark tells of something that was not carried over, or in another form.
type Remark struct {
	What   string // "Comments"
	Detail string // a sentence or more
	Kept   bool   // it is there, in another form
}

var (
	errDamaged  = fault.Field("file", "The file is damaged, or it is no Word document. Open it in Word and save it again as .docx")
	errBomb     = fault.Field("file", "The file unpacks to far more than a document holds. Save it again in Word, without pictures if need be")
	errTooDeep  = fault.Field("file", "The file nests its parts deeper than any document does. Save it again in Word")
	errTooLong  = fault.Field("file", "The document holds more text than a version can. Import it in parts")
	errNothing  = fault.Field("file", "There is no text in the document")
	errOldOrKey = fault.Field("file", "This is a document of an old version of Word, or one with a password. Save it as .docx without a password")
)

// ErrTooLarge refuses a file by its size.
var ErrTooLarge = fault.Field("file", fmt.Sprintf("The file must be %d MB or smaller", MaxFile>>20))
