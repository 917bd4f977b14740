package ui

import (
	"context"
	"io"
	"strconv"
)

// Chart draws figures as bars above the table that has the same figures in words. It never stands without the table,
// and says nothing by colour alone.
type Chart struct {
	ID          string // unique on the page
	Title       string
	Description string   // what is to be seen, in a sentence or two
	Key         []string // what the kinds of parts are; none where there is one kind
	Bars        []Bar
	Table       Table
}

// Bar is a thing with one line, or with several that are to be compared.
type Bar struct {
	Label string
	Lines []BarLine
}

// BarLine is one drawn line: its parts end to end.
type BarLine struct {
	Name  string // tells the lines of one bar apart, such as "2021/22"; may be empty
	Words string // the figure as people read it
	Parts []BarPart
}

// BarPart is a stretch of a line. No size is negative.
type BarPart struct {
	Kind PartKind
	Size int64
}

// PartKind is how a part is drawn.
type PartKind int

// The kinds of parts, in the order of the chart's key.
const (
	Solid  PartKind = iota
	Hollow          // an outline
	Striped
)

// Render draws the component.
func (c Chart) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// longest is the size of the longest line, by which all are drawn.
func (c Chart) longest() int64 {
	var most int64
	for _, b := range c.Bars {
		for _, l := range b.Lines {
			most = max(most, l.size())
		}
	}
	return most
}

func (l BarLine) size() int64 {
	var sum int64
	for _, p := range l.Parts {
		sum += p.Size
	}
	return sum
}

// stretch is a part with its place on the line.
type stretch struct {
	kind     PartKind
	x, width string // in percent
}

// least is the width in hundredths of a percent below which a part could not be seen.
const least = 40

// stretches places the parts of a line, given the size of the longest one. What is nothing is not drawn.
func (l BarLine) stretches(longest int64) []stretch {
	var drawn []stretch
	var x int64
	for _, p := range l.Parts {
		if p.Size <= 0 || longest <= 0 {
			continue
		}
		width := max(p.Size*10000/longest, least) // a sum in pence is far below the most that this can hold
		width = min(width, 10000-min(x, 10000-least))
		drawn = append(drawn, stretch{p.Kind, percent(x), percent(width)})
		x += width
	}
	return drawn
}

// percent writes hundredths of a percent.
func percent(hundredths int64) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64) + "%"
}

// title is what a pointer held over the line shows.
func (l BarLine) title(label string) string {
	if l.Name != "" {
		label += ", " + l.Name
	}
	return label + ": " + l.Words
}
