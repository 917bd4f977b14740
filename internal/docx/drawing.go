package docx

import (
	"strings"
)

// drawing reads a picture, or tells of what else was drawn.
func (b *body) drawing(w *walker, e element, spans *[]Span) error {
	p, isPicture, other := Picture{}, false, ""
	err := w.every(func(in element) error {
		switch in.name {
		case "wp:docPr":
			p.Name, p.Alt = in.attr("name"), in.attr("descr")
			if p.Alt == "" {
				p.Alt = in.attr("title")
			}
		case "v:shape":
			p.Alt = in.attr("alt")
		case "a:blip", "v:imagedata":
			isPicture = true
			r := b.rels[in.attr("r:embed")+in.attr("r:id")]
			if !r.external && r.kind == "image" {
				p.part = r.target
			}
			if t := in.attr("o:title"); p.Alt == "" {
				p.Alt = t
			}
		case "c:chart":
			other = "Chart"
		case "dgm:relIds":
			other = "Diagram"
		case "o:OLEObject":
			other = "Object of another program"
		case "w:txbxContent":
			return b.textBox(w)
		}
		return nil
	})
	switch {
	case other != "" && !b.quiet():
		b.tally.add(other, shortened(p.Alt))
	case isPicture && !b.quiet():
		if len(b.tally.pictures) >= maxPictures {
			return err
		}
		p.Alt, p.Name = cleanLine(p.Alt), cleanLine(p.Name)
		b.tally.pictures = append(b.tally.pictures, p)
		*spans = append(*spans, Span{Picture: len(b.tally.pictures)})
	case e.name == "w:object":
		b.tally.add("Object of another program", "")
	}
	return err
}

func (b *body) textBox(w *walker) error {
	inner := b.aside(b.rels)
	inner.tally = newTally() // what stands in it is told of as a whole
	blocks, err := inner.blocks(w)
	b.tally.size += inner.tally.size
	if words := plain(blocks); words != "" {
		b.tally.add("Text box", words)
	}
	return err
}

func (b *body) equation(w *walker) error {
	var words strings.Builder
	err := w.every(func(e element) error {
		if e.name != "m:t" {
			return nil
		}
		text, err := w.text()
		words.WriteString(text)
		return err
	})
	b.tally.add("Equation", shortened(words.String()))
	return err
}
