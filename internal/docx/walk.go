package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// prefixes are the names by which the code knows the namespaces that matter, of both editions of the format.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w:",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                       "w:",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":    "r:",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                "r:",
	"http://schemas.openxmlformats.org/package/2006/relationships":           "rel:",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":             "m:",
	"http://purl.oclc.org/ooxml/officeDocument/math":                         "m:",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a:",
	"http://purl.oclc.org/ooxml/drawingml/main":                              "a:",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp:",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":             "wp:",
	"http://schemas.openxmlformats.org/drawingml/2006/chart":                 "c:",
	"http://purl.oclc.org/ooxml/drawingml/chart":                             "c:",
	"http://schemas.openxmlformats.org/drawingml/2006/diagram":               "dgm:",
	"http://purl.oclc.org/ooxml/drawingml/diagram":                           "dgm:",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":            "mc:",
	"urn:schemas-microsoft-com:vml":                                          "v:",
	"urn:schemas-microsoft-com:office:office":                                "o:",
	"http://www.w3.org/XML/1998/namespace":                                   "xml:",
}

func named(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	if p, known := prefixes[n.Space]; known {
		return p + n.Local
	}
	return "?:" + n.Local
}

// element is the start of an element, by the names above.
type element struct {
	name  string
	attrs []xml.Attr
}

func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if named(a.Name) == name {
			return a.Value
		}
	}
	return ""
}

// val is the attribute that most elements of Word say everything by.
func (e element) val() string { return e.attr("w:val") }

// on tells whether a switch such as w:b is on. Without a value it is.
func (e element) on() bool {
	switch e.val() {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

// walker goes through a part from start to end. It never goes back and holds nothing.
type walker struct {
	d     *xml.Decoder
	depth int
}

// walk visits the root of a part.
func (a *archive) walk(name string, visit func(*walker, element) error) error {
	part, err := a.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = part.Close() }() // nothing was written
	w := &walker{d: xml.NewDecoder(part)}
	for {
		token, err := w.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return asFault(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := visit(w, element{named(start.Name), start.Attr}); err != nil {
				return asFault(err)
			}
		}
	}
}

func (w *walker) next() (xml.Token, error) {
	token, err := w.d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case xml.StartElement:
		if w.depth++; w.depth > maxDepth {
			return nil, errTooDeep
		}
	case xml.EndElement:
		w.depth--
	case xml.Directive:
		if bytes.HasPrefix(bytes.TrimSpace(t), []byte("DOCTYPE")) {
			return nil, errDamaged // a document of Word declares nothing, entities least of all
		}
	}
	return token, nil
}

// each visits the children of the element that was just started, to its end. What a visit doesn't go into is passed over.
func (w *walker) each(visit func(element) error) error { return w.children(visit, nil) }

func (w *walker) children(visit func(element) error, text func(xml.CharData)) error {
	base := w.depth
	for {
		token, err := w.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := visit(element{named(t.Name), t.Attr}); err != nil {
				return err
			}
			for w.depth > base {
				if _, err := w.next(); err != nil {
					return err
				}
			}
		case xml.CharData:
			if text != nil {
				text(t)
			}
		case xml.EndElement:
			return nil // of the element itself; those of children were read above
		}
	}
}

// text is the text right inside the element that was just started.
func (w *walker) text() (string, error) {
	var b strings.Builder
	err := w.children(func(element) error { return nil }, func(t xml.CharData) { b.Write(t) })
	return b.String(), err
}

// every visits all that is inside the element that was just started, at whatever depth. A visit that reads on by itself
// keeps what it read from being visited.
func (w *walker) every(visit func(element) error) error {
	return w.each(func(e element) error {
		before := w.depth
		if err := visit(e); err != nil {
			return err
		}
		if w.depth < before {
			return nil // it read the element to its end
		}
		return w.every(visit)
	})
}
