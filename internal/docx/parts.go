package docx

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// relation is what a part refers to.
type relation struct {
	kind     string // last piece of its type: "image", "hyperlink"
	target   string
	external bool
}

// relations reads what a part refers to. A part that refers to nothing has none.
func (a *archive) relations(part string) (map[string]relation, error) {
	found := map[string]relation{}
	name := path.Dir(part) + "/_rels/" + path.Base(part) + ".rels"
	if part == "" {
		name = "_rels/.rels"
	}
	if !a.has(name) {
		return found, nil
	}
	err := a.walk(name, func(w *walker, _ element) error {
		return w.each(func(e element) error {
			r := relation{kind: path.Base(e.attr("Type")), target: e.attr("Target"), external: e.attr("TargetMode") == "External"}
			if !r.external {
				r.target = inside(part, r.target)
			}
			found[e.attr("Id")] = r
			return nil
		})
	})
	return found, err
}

// inside makes the name of a part of what a part calls it.
func inside(part, target string) string {
	if strings.HasPrefix(target, "/") {
		return partName(target)
	}
	return partName(path.Dir(part) + "/" + target)
}

// mainPart is the part with the text.
func (a *archive) mainPart() (string, error) {
	rels, err := a.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind == "officeDocument" && !r.external && a.has(r.target) {
			return r.target, nil
		}
	}
	if a.has("word/document.xml") {
		return "word/document.xml", nil
	}
	return "", errDamaged
}

// LinkTo is the address of a link, if it is one that the portal shows.
func LinkTo(target string) string {
	target = strings.TrimSpace(target)
	u, err := url.Parse(target)
	if err != nil || !slices.Contains([]string{"http", "https", "mailto", "tel"}, strings.ToLower(u.Scheme)) {
		return ""
	}
	if u.Opaque == "" && u.Host == "" {
		return ""
	}
	return u.String()
}

// style is what a style says of the paragraphs or words that have it.
type style struct {
	name         string // in small letters; Word's own have the same name in every language
	basedOn      string
	outline      int // heading level from 1; 0 if none
	list, level  string
	bold, italic *bool
}

// inherit fills in what a style leaves to those that it is based on.
func inherit(styles map[string]style) {
	for key, s := range styles {
		for up, steps := styles[s.basedOn], 0; steps < 20; up, steps = styles[up.basedOn], steps+1 {
			if s.outline == 0 {
				s.outline = up.outline
			}
			if s.list == "" {
				s.list, s.level = up.list, up.level
			}
			if s.bold == nil {
				s.bold = up.bold
			}
			if s.italic == nil {
				s.italic = up.italic
			}
			if up.basedOn == "" {
				break
			}
		}
		styles[key] = s
	}
}

func (a *archive) styles(name string) (map[string]style, error) {
	styles := map[string]style{}
	if !a.has(name) {
		return styles, nil
	}
	err := a.walk(name, func(w *walker, _ element) error {
		return w.each(func(e element) error {
			if e.name != "w:style" {
				return nil
			}
			s := style{}
			err := w.every(func(in element) error {
				s.take(in)
				return nil
			})
			if level, ok := strings.CutPrefix(s.name, "heading "); ok && s.outline == 0 {
				s.outline = atoi(level)
			}
			styles[e.attr("w:styleId")] = s
			return err
		})
	})
	inherit(styles)
	return styles, err
}

func (s *style) take(in element) {
	on := in.on()
	switch in.name {
	case "w:name":
		s.name = strings.ToLower(in.val())
	case "w:basedOn":
		s.basedOn = in.val()
	case "w:outlineLvl":
		s.outline = outlineLevel(in.val())
	case "w:numId":
		s.list = in.val()
	case "w:ilvl":
		s.level = in.val()
	case "w:b":
		s.bold = &on
	case "w:i":
		s.italic = &on
	}
}

// outlineLevel makes a level from 1 of Word's from 0, of which the tenth is that of ordinary text.
func outlineLevel(val string) int {
	if n := atoi(val); n < 9 && val != "" {
		return n + 1
	}
	return 0
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

// numbering says what the lists look like, and counts them.
type numbering struct {
	abstract map[string][9]listLevel // what lists look like, by its own name
	lists    map[string]listOf
	counts   map[string]*[9]int // by abstract
	begun    map[string]bool    // lists that begin anew, and have begun
}

type listOf struct {
	abstract string
	starts   map[int]int // levels that begin anew at a number
}

type listLevel struct {
	format string // "bullet", "decimal", "lowerLetter", "none"
	start  int
}

func (a *archive) numbering(name string) (*numbering, error) {
	n := &numbering{abstract: map[string][9]listLevel{}, lists: map[string]listOf{}, counts: map[string]*[9]int{}, begun: map[string]bool{}}
	if !a.has(name) {
		return n, nil
	}
	err := a.walk(name, func(w *walker, _ element) error {
		return w.each(func(e element) error {
			switch e.name {
			case "w:abstractNum":
				levels, err := readLevels(w)
				n.abstract[e.attr("w:abstractNumId")] = levels
				return err
			case "w:num":
				of, err := readList(w)
				n.lists[e.attr("w:numId")] = of
				return err
			}
			return nil
		})
	})
	return n, err
}

func readLevels(w *walker) (levels [9]listLevel, err error) {
	at := 0
	err = w.every(func(e element) error {
		switch e.name {
		case "w:lvl":
			at = min(atoi(e.attr("w:ilvl")), 8)
			levels[at].start = 1
		case "w:numFmt":
			levels[at].format = e.val()
		case "w:start":
			levels[at].start = atoi(e.val())
		}
		return nil
	})
	return levels, err
}

func readList(w *walker) (of listOf, err error) {
	of.starts = map[int]int{}
	at := 0
	err = w.every(func(e element) error {
		switch e.name {
		case "w:abstractNumId":
			of.abstract = e.val()
		case "w:lvlOverride":
			at = min(atoi(e.attr("w:ilvl")), 8)
		case "w:startOverride":
			of.starts[at] = atoi(e.val())
		}
		return nil
	})
	return of, err
}

// item counts a paragraph of a list, and tells its format and its number there. Without a format it is in no list.
func (n *numbering) item(list string, level int) (format string, number int) {
	of, known := n.lists[list]
	if !known {
		return "", 0
	}
	look := n.abstract[of.abstract][level]
	if look.format == "none" || look.format == "" {
		return "", 0
	}
	counts := n.counts[of.abstract]
	if counts == nil {
		counts = &[9]int{}
		for i, l := range n.abstract[of.abstract] {
			counts[i] = l.start - 1
		}
		n.counts[of.abstract] = counts
	}
	if start, anew := of.starts[level]; anew && !n.begun[list+"/"+strconv.Itoa(level)] {
		n.begun[list+"/"+strconv.Itoa(level)] = true
		counts[level] = start - 1
	}
	counts[level]++
	for deeper := level + 1; deeper < len(counts); deeper++ {
		counts[deeper] = n.abstract[of.abstract][deeper].start - 1
	}
	return look.format, counts[level]
}
