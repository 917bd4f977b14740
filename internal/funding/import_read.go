package funding

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/money"
	"partnershipportal/internal/sheet"
)

// rowReader reads the rows of a file and gathers what is wrong with them.
type rowReader struct {
	file     sheet.Sheet
	today    day.Date
	bodies   []bodyNamed
	planned  map[day.FinancialYear]bool // years that are proposed and agreed in the portal
	problems []sheet.Problem
	row      sheet.Row
}

func (r *rowReader) fail(column, message string) {
	r.problems = append(r.problems, sheet.Problem{Row: r.row.Number, Column: column, Message: message})
}

// columnOf is the column of a field of the form.
var columnOf = map[string]string{"year": "financial year", "organisation": "slug"}

// read reads one row; ok is false if something is wrong with it.
func (r *rowReader) read(row sheet.Row) (i imported, ok bool) {
	r.row = row
	before := len(r.problems)
	i = imported{Row: row.Number, Form: r.form(), Valuation: r.text("valuation", 500), Estimated: r.yes("estimated"), Purpose: r.line("purpose", 200),
		Note: r.text("note", 2000), Precision: r.precision(), Source: r.text("source", 2000)}
	var err error
	if i.Year, err = day.ParseFinancialYear(r.line("financial year", 10)); err != nil {
		r.fail("financial year", "Write the financial year like 2019/20")
	}
	i.Terms = r.terms()
	// With a split the amount follows from it.
	if text := row.Get("amount"); text != "" || row.Get("split") == "" {
		if i.Pence, err = money.Parse(text); err != nil {
			r.fail("amount", err.Error())
		}
	}
	if text := row.Get("agreed"); text != "" {
		on, err := day.Parse(text)
		if err != nil {
			r.fail("agreed", "Write the day like 2022-07-01")
		}
		i.AgreedOn = day.Roughly(on, i.Precision).Date
	}
	body := r.body()
	i.Body, i.Slug = body.ID, body.Slug
	if len(r.problems) > before {
		return i, false
	}
	cmd, err := i.command().tidy()
	if err == nil {
		err = cmd.check(r.today)
	}
	if refusal, is := errors.AsType[*fault.Error](err); is {
		column := refusal.Field
		if named, other := columnOf[column]; other {
			column = named
		}
		if strings.HasPrefix(column, "part") {
			column = "split"
		}
		r.fail(column, refusal.Message)
		return i, false
	}
	i.Pence, i.Terms.Parts = cmd.Pence, cmd.Parts
	if r.planned[i.Year] {
		r.fail("financial year", errNotAgreed.Message)
		return i, false
	}
	if !body.existedIn(i.Year) {
		r.fail("slug", fault.Message(broken["contribution_organisation_existed"]))
		return i, false
	}
	return i, true
}

func (r *rowReader) terms() importedTerms {
	t := importedTerms{Conditions: r.text("conditions", 2000), Decision: r.line("decision", 40)}
	var err error
	if text := r.row.Get("split"); text != "" {
		if t.Parts, err = ParseSplit(text); err != nil {
			r.fail("split", err.Error())
		}
	}
	if text := r.row.Get("total"); text != "" {
		if t.Total, err = money.Parse(text); err != nil {
			r.fail("total", err.Error())
		}
	} else if len(t.Parts) > 0 {
		r.fail("total", "Enter what the payer gives in all, of which the split gives the parts")
	}
	return t
}

func (r *rowReader) form() Form {
	text := strings.ToLower(r.line("form", 20))
	switch {
	case slices.Contains(Forms(), Form(text)):
		return Form(text)
	case text == "in-kind":
		return InKind
	}
	r.fail("form", "Write cash or in kind")
	return ""
}

func (r *rowReader) yes(column string) bool {
	switch strings.ToLower(r.row.Get(column)) {
	case "yes":
		return true
	case "", "no":
		return false
	}
	r.fail(column, "Write yes or no")
	return false
}

func (r *rowReader) precision() day.Precision {
	p := day.Precision(strings.ToLower(r.row.Get("precision")))
	switch {
	case p == "":
		return day.Exact
	case p.Known():
		return p
	}
	r.fail("precision", "Write day, month, year or not before")
	return ""
}

func (r *rowReader) line(column string, most int) string {
	return strings.Join(strings.Fields(r.text(column, most)), " ")
}

func (r *rowReader) text(column string, most int) string {
	text := r.row.Get(column)
	if utf8.RuneCountInString(text) > most {
		r.fail(column, "This has more than "+money.Pence(100 * most).Words()[len("£"):]+" characters")
	}
	return text
}

// body finds the organisation by its address, or else by a name that no other has or had.
func (r *rowReader) body() bodyNamed {
	slug, name := r.row.Get("slug"), plainName(r.row.Get("name"))
	var found []bodyNamed
	for _, b := range r.bodies {
		if (slug != "" && b.Slug == slug || slug == "" && b.Named == name) && !slices.ContainsFunc(found, func(f bodyNamed) bool { return f.ID == b.ID }) {
			found = append(found, b)
		}
	}
	switch {
	case slug == "" && name == "":
		r.fail("slug", "Enter the address of the organisation, or its name")
	case len(found) == 0 && slug != "":
		r.fail("slug", "There is no organisation at this address. Add it first")
	case len(found) == 0:
		r.fail("name", "No organisation has or had this name. Add it first, or enter its address")
	case len(found) > 1:
		r.fail("name", "Several organisations have or had this name. Enter the address of the one that is meant")
	default:
		return found[0]
	}
	return bodyNamed{}
}

func (r *rowReader) nameOf(slug string) string {
	if i := slices.IndexFunc(r.bodies, func(b bodyNamed) bool { return b.Slug == slug }); i >= 0 {
		return r.bodies[i].Name
	}
	return slug
}
