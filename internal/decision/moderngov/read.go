package moderngov

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"partnershipportal/internal/fault"
)

// fileField is the form field that faults about the file belong to.
const fileField = "file"

func refuse(format string, args ...any) *fault.Error {
	return fault.Field(fileField, fmt.Sprintf(format, args...))
}

var errNoPage = refuse("This is not a saved ModernGov page of a decision, an issue or a list of decisions")

// Read reads a saved page. Fault: Invalid, on the field "file".
func Read(data []byte) (Page, error) {
	if len(data) > MaxFile {
		return Page{}, refuse("The page is larger than %d MB. Save it as “HTML only”", MaxFile>>20)
	}
	if wrong := otherKind(data); wrong != "" {
		return Page{}, refuse("%s", wrong)
	}
	text, notices, err := decode(data)
	if err != nil {
		return Page{}, refuse("The letters of this page cannot be told. Save it again as UTF-8").Because(err)
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return Page{}, refuse("This page is nested too deeply to be read").Because(err)
	}
	address := addressOf(doc)
	kind, ok := kindOf(doc, address)
	if !ok {
		return Page{}, errNoPage
	}
	p := Page{Kind: kind, Address: address, Notices: notices}
	lines := linesOf(doc, address)
	if kind == List {
		p.readList(lines)
	} else {
		p.Candidates = []Candidate{readOne(address, lines)}
	}
	return p.judged()
}

// judged refuses a page in which nothing was found.
func (p Page) judged() (Page, error) {
	if len(p.Candidates) == 0 {
		return Page{}, refuse("No decision was found in this page")
	}
	if len(p.Candidates) > MaxCandidates {
		return Page{}, refuse("The page has more than %d decisions. Choose a shorter period and save it again", MaxCandidates)
	}
	for _, c := range p.Candidates {
		if c.Title == "" && c.Number == "" && len(c.Limbs) == 0 {
			return Page{}, refuse("A decision in this page has neither a number nor a title")
		}
	}
	return p, nil
}

func otherKind(data []byte) string {
	start := data[:min(len(data), 2048)]
	switch {
	case len(bytes.TrimSpace(start)) == 0:
		return "The file is empty"
	case bytes.HasPrefix(start, []byte("%PDF-")):
		return "This is a PDF file. Choose the saved HTML page"
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("\xd0\xcf\x11\xe0")):
		return "This is no HTML page. Choose the saved HTML page"
	case bytes.Contains(start, []byte("MIME-Version:")) && bytes.Contains(start, []byte("multipart/related")):
		return "This page was saved as one archive (MHTML). Save it as “HTML only”"
	}
	return ""
}

// decode makes text of the bytes. What is sound UTF-8 is that, whatever the page declares, since browsers often save in
// it and leave the declaration. Else the declaration counts, and without one Windows-1252, as browsers do it.
func decode(data []byte) (text string, notices []string, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	wide := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if utf8.Valid(data) && !wide {
		return clean(string(data)), nil, nil
	}
	encoding, name, certain := charset.DetermineEncoding(data, "")
	certain = certain || bytes.Contains(bytes.ToLower(data[:min(len(data), 1024)]), []byte("charset"))
	if name == "utf-8" {
		encoding, name = charset.Lookup("windows-1252")
		certain = false
	}
	decoded, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return "", nil, err
	}
	if !certain {
		notices = append(notices, "The page does not rightly say in which encoding it is. It was read as "+name+": look at accents and quotation marks.")
	}
	return clean(string(decoded)), notices, nil
}

// clean takes out what no text has.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return r
		case r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\u00ad' || r == '\ufeff' || (r >= '\u200b' && r <= '\u200f') || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069'):
			return -1
		}
		return r
	}, text)
}

var savedFrom = regexp.MustCompile(`saved from url=\([0-9]+\)(https?://\S+)`)

// addressOf finds where the page says that it comes from: the browser's note on saving, or the page's own link to itself.
func addressOf(doc *html.Node) string {
	var saved, canonical string
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.CommentNode && saved == "":
			if m := savedFrom.FindStringSubmatch(n.Data); m != nil {
				saved = webAddress(m[1], nil)
			}
		case n.Type == html.ElementNode && n.Data == "link" && strings.EqualFold(attribute(n, "rel"), "canonical") && canonical == "":
			canonical = webAddress(attribute(n, "href"), nil)
		}
	}
	if saved != "" {
		return saved
	}
	return canonical
}

// webAddress is an address on the web in full, or "" if it is none.
func webAddress(href string, base *url.URL) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || len(href) > 2000 {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// kindOf tells the kind by the page's own address, by where its forms lead, and at last by its headings and links.
func kindOf(doc *html.Node, address string) (Kind, bool) {
	if k, ok := namedIn(address); ok {
		return k, true
	}
	links, heading := 0, Kind("")
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "form":
			if k, ok := namedIn(attribute(n, "action")); ok {
				return k, true
			}
		case "h1", "h2", "title":
			switch normal(textOf(n)) {
			case "decision details":
				heading = Details
			case "issue details", "issue history":
				heading = Issue
			case "decisions", "delegated decisions", "officer decisions", "executive decisions":
				heading = List
			}
		case "a":
			if isEntry(attribute(n, "href")) {
				links++
			}
		}
	}
	if heading == List && links == 0 {
		return "", false
	}
	if heading == "" && links > 1 {
		heading = List
	}
	return heading, heading != ""
}

func namedIn(address string) (Kind, bool) {
	lower := strings.ToLower(address)
	for _, k := range []Kind{Details, Issue, List} {
		if strings.Contains(lower, strings.ToLower(string(k))+".aspx") {
			return k, true
		}
	}
	if strings.Contains(lower, "mglistofficerdecisions.aspx") {
		return List, true
	}
	return "", false
}

// isEntry tells whether a link of a list leads to one of its decisions.
func isEntry(href string) bool {
	k, ok := namedIn(href)
	return ok && k != List
}
