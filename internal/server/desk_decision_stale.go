package server

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/web/ui"
)

// storedBeside sets what is stored now beside what was typed, for the fields of an act in which they differ.
func storedBeside(act recordAct, a *askedRecord) []templ.Component {
	if act.fill == nil {
		return nil
	}
	stored := url.Values{}
	act.fill(a.d, stored)
	t := ui.Table{Caption: "What differs", RowHeaders: true, Columns: []ui.Column{{Text: "Field"}, {Text: "Stored now"}, {Text: "What you typed"}}}
	for _, name := range act.fields {
		now, mine := fieldWords(stored, name), fieldWords(a.r.PostForm, name)
		if now != mine {
			t.Rows = append(t.Rows, []ui.Cell{{Text: fieldName(name)}, {Content: typed(now, "Nothing")}, {Content: typed(mine, "Nothing")}})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []templ.Component{t}
}

// fieldWords is what a form holds in a field, in words.
func fieldWords(v url.Values, name string) string {
	if !v.Has(name+"-year") && !v.Has(name+"-precision") {
		list := slices.Clone(v[name])
		for i, x := range list {
			list[i] = strings.TrimSpace(strings.ReplaceAll(x, "\r\n", "\n"))
			if p := decision.Part(x); name == "later" && p.Known() {
				list[i] = p.Words()
			}
		}
		return strings.Join(list, ", ")
	}
	var parts []string
	for _, part := range []string{"-day", "-month", "-year"} {
		if x := strings.TrimSpace(v.Get(name + part)); x != "" {
			parts = append(parts, x)
		}
	}
	if precision := day.Precision(v.Get(name + "-precision")); len(parts) > 0 && precision == day.NotBefore {
		parts = append([]string{"not before"}, parts...)
	}
	return strings.Join(parts, " ")
}

// fieldName names a field of the desk's forms of a record.
func fieldName(name string) string {
	if n, ok := strings.CutPrefix(name, "limb-"); ok {
		return "Limb " + decision.Letter(int(number[int64](n))-1) + ")"
	}
	known := map[string]string{"later": "parts to be added", "maker": decision.PartMaker.Words(), "contact": decision.PartContact.Words()}
	return sentence(or(known[name], or(decision.FieldWords(name), strings.ReplaceAll(name, "-", " "))))
}
