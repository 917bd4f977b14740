package moderngov

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return n.Type == html.ElementNode && slices.Contains(strings.Fields(attribute(n, "class")), class)
}

// hiddenFromReaders tells whether an element is not shown. What only screen readers are told is shown.
func hiddenFromReaders(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	css := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(css, "display:none") || strings.Contains(css, "mso-hide:all")
}

func headingLevel(n *html.Node) int {
	switch n.DataAtom {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}

// textOf is the text in an element, in one line.
func textOf(n *html.Node) string {
	var text strings.Builder
	var collect func(*html.Node)
	collect = func(n *html.Node) {
		switch {
		case text.Len() > maxText:
			return
		case n.Type == html.TextNode:
			text.WriteString(n.Data)
		case n.Type == html.ElementNode && (skipped[n.DataAtom] && n.DataAtom != atom.Title || hiddenFromReaders(n)):
			return
		case n.DataAtom == atom.Br || blocks[n.DataAtom]:
			text.WriteString(" ")
		case hasClass(n, "mgHide"):
			text.WriteString(" ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			collect(c)
		}
	}
	collect(n)
	return squeeze(text.String())
}

// squeeze makes one space of every stretch of space, and cuts what no field of a page would hold.
func squeeze(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return text
}
