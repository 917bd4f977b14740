// Package sheet reads the spreadsheets that people upload, CSV or XLSX, into named columns and numbered rows, and
// writes lists as spreadsheets. What it writes it reads back unchanged. It is pure: no clock, no file, no database.
package sheet

import (
	"fmt"
	"slices"
	"strings"
)

// The limits of a file that is read.
const (
	MaxFile    = 20 << 20 // bytes of the file as uploaded
	MaxRows    = 10_000   // below the header
	MaxColumns = 100
	MaxCell    = 32_767 // characters, as in Excel

	maxProblems = 500 // reading stops after so many
)

// Kind says what the cells of a column hold.
type Kind int

// The kinds of column.
const (
	Text Kind = iota
	Day       // reads the ways in which people write a day, and becomes YYYY-MM-DD
)

// Column is one named column of a file, for reading it and for explaining it.
type Column struct {
	Name     string
	Kind     Kind
	Required bool     // the file must have the column
	Key      bool     // together with the other key columns it tells rows apart
	Also     []string // other names of it, the likeliest first; only ReadKnown looks for them
	Help     string   // what to write into it
	Example  string
}

// Row is one row below the header.
type Row struct {
	Number int               // as the spreadsheet program shows it
	Cells  map[string]string // by the name of the column
}

// Get is the text in a column, or "" where the file has no such column.
func (r Row) Get(column string) string { return r.Cells[column] }

// Problem is something wrong with one row, or with a cell of it.
type Problem struct {
	Row     int // 0: the file as a whole
	Column  string
	Message string
}

// String says the problem with its place.
func (p Problem) String() string {
	switch {
	case p.Row == 0:
		return p.Message
	case p.Column == "":
		return fmt.Sprintf("Row %d: %s", p.Row, p.Message)
	}
	return fmt.Sprintf("Row %d, %s: %s", p.Row, p.Column, p.Message)
}

// Sheet is what a file holds.
type Sheet struct {
	Columns []string // that the file has, in its order
	Rows    []Row
	Notices []string // what the reader should know, for example that only the first sheet was read
}

// Has tells whether the file has the column.
func (s Sheet) Has(column string) bool { return slices.Contains(s.Columns, column) }

// Table is a list to be written as a spreadsheet. Each list of the portal is made into one of these once, and given
// out as CSV or XLSX from it.
type Table struct {
	Title  string // of the sheet
	Header []string
	Rows   [][]string
}

// Template is an empty table with the columns of a register.
func Template(title string, columns []Column) Table {
	t := Table{Title: title}
	for _, c := range columns {
		t.Header = append(t.Header, c.Name)
	}
	return t
}

// grid is a file before its columns are known: every row that is not blank.
type grid struct {
	lines   []line
	notices []string
}

type line struct {
	number int
	cells  []cell
}

// cell is the text of a cell, or what is wrong with it.
type cell struct {
	text    string
	problem string
	serial  bool // a bare number of a workbook, which in a column of days counts them
}

func (l line) blank() bool {
	return !slices.ContainsFunc(l.cells, func(c cell) bool { return c.text != "" || c.problem != "" })
}

// Read reads a file, CSV or XLSX by its content, with the columns that it may have. What is wrong with single rows
// comes as problems, each with its row number; then the rows are not to be used. Fault: Invalid, on the field "file"
// (the file as a whole cannot be read).
func Read(data []byte, columns []Column) (Sheet, []Problem, error) {
	g, err := readGrid(data, csvCell)
	if err != nil {
		return Sheet{}, nil, err
	}
	return arrange(g, columns)
}

// readGrid reads the cells of a file. How the cells of CSV are judged is the caller's; those of a workbook say themselves
// what they are.
func readGrid(data []byte, cellOf func(string) cell) (grid, error) {
	if len(data) > MaxFile {
		return grid{}, ErrTooLarge
	}
	if len(data) == 0 {
		return grid{}, refuse("The file is empty")
	}
	switch kind := kindOf(data); kind {
	case workbook:
		return readXLSX(data)
	case plainText:
		return readCSV(data, cellOf)
	default:
		return grid{}, refuse("%s", kind)
	}
}

// fileKind is what the first bytes of a file tell; other than the two that are read it is what to say.
type fileKind string

const (
	plainText fileKind = "text"
	workbook  fileKind = "workbook"
	oldOrLock fileKind = "This workbook has a password or is in the old .xls format. Save it without a password as .xlsx or CSV"
	pdf       fileKind = "This is a PDF file. Choose a CSV or .xlsx file"
	picture   fileKind = "This is a picture. Choose a CSV or .xlsx file"
	rich      fileKind = "This is not a spreadsheet. Choose a CSV or .xlsx file"
)

func kindOf(data []byte) fileKind {
	for _, k := range []struct {
		start string
		kind  fileKind
	}{
		{"PK\x03\x04", workbook}, {"PK\x05\x06", workbook}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", oldOrLock}, {"%PDF-", pdf},
		{"\x89PNG", picture}, {"\xff\xd8\xff", picture}, {"GIF8", picture}, {"{\\rtf", rich}, {"<!DOCTYPE", rich}, {"<html", rich},
		{"<?xml", rich}, {"\x1f\x8b", rich}, {"7z\xbc\xaf", rich}, {"Rar!", rich},
	} {
		if strings.HasPrefix(string(data[:min(len(data), 16)]), k.start) {
			return k.kind
		}
	}
	return plainText
}
