package funding

import (
	"bytes"
	"encoding/json"
	"fmt"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// ContentSchema names the layout of the frozen content of a funding year. A change of its keys needs a new name.
const ContentSchema = "funding-year/1"

// Content is what the partners sign of a funding year, as one JSON document. It is written once, when a round opens;
// from then on only the written bytes count.
type Content struct {
	Schema        string          `json:"schema"`
	FinancialYear string          `json:"financialYear"` // 2019/20
	OpeningPence  money.Pence     `json:"openingPence"`  // the reserve brought forward
	ReviewDueOn   day.Date        `json:"reviewDueOn"`   // "" if none is set
	Method        string          `json:"method"`
	Lines         []ContentLine   `json:"lines"`
	Budget        []ContentBudget `json:"budget"`
}

// ContentLine is what one organisation is to give, as signed.
type ContentLine struct {
	Line            id.FundingLine `json:"line"`
	Organisation    string         `json:"organisation"` // its name on the day
	Slug            string         `json:"slug"`
	Form            Form           `json:"form"`
	PayerTotalPence money.Pence    `json:"payerTotalPence"`
	Pence           money.Pence    `json:"pence"` // our part of it
	Parts           []ContentPart  `json:"parts"`
	Valuation       string         `json:"valuation"`
	Estimated       bool           `json:"estimated"`
	Purpose         string         `json:"purpose"`
	Conditions      string         `json:"conditions"`
	Note            string         `json:"note"`
	Decision        string         `json:"decision"` // the number of the decision that authorised it, or ""
}

// ContentPart is a share of a payer's total. A line without parts is given to this partnership whole.
type ContentPart struct {
	Label  string `json:"label"`
	Weight int64  `json:"weight"`
	IsOurs bool   `json:"isOurs"`
}

// ContentBudget is what is to be spent on a category.
type ContentBudget struct {
	Category string      `json:"category"` // its name
	Pence    money.Pence `json:"pence"`
}

// Year is the financial year as a number.
func (c Content) Year() (day.FinancialYear, error) { return day.ParseFinancialYear(c.FinancialYear) }

// Freeze writes the content as the exact bytes that are signed: UTF-8 JSON, two spaces of indentation, LF, no trailing
// white space, nothing escaped that JSON lets stand.
func (c Content) Freeze() ([]byte, error) {
	c.Schema = ContentSchema
	c.Lines, c.Budget = append([]ContentLine{}, c.Lines...), append([]ContentBudget{}, c.Budget...)
	for i, l := range c.Lines {
		c.Lines[i].Parts = append([]ContentPart{}, l.Parts...)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("freeze funding year %s: %w", c.FinancialYear, err)
	}
	return b.Bytes(), nil
}

// ReadContent reads frozen bytes.
func ReadContent(frozen []byte) (Content, error) {
	var c Content
	if err := json.Unmarshal(frozen, &c); err != nil {
		return Content{}, fmt.Errorf("read a frozen funding year: %w", err)
	}
	if c.Schema != ContentSchema {
		return Content{}, fmt.Errorf("frozen funding year has the unknown schema %q", c.Schema)
	}
	if _, err := c.Year(); err != nil {
		return Content{}, fmt.Errorf("read a frozen funding year: %w", err)
	}
	return c, nil
}
