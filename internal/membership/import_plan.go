package membership

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/sheet"
)

// snapshot is what the registers say about the organisations that a file names.
type snapshot struct {
	bodies  map[string]*bodyNow // by slug
	holders map[string]string   // slug by scheme and value of a code, of any body
}

type bodyNow struct {
	ID int64
	bodyState
	Partner []period
	Terms   []termNow
	Codes   map[string]string // value by scheme
}

type termNow struct {
	ID int64
	termState
}

// period is from day to day; no last day means until further notice.
type period struct{ StartsOn, EndsOn day.Date }

func (p period) after(last day.Date) bool { return p.EndsOn.IsZero() || p.EndsOn.After(last) }

func (p period) overlaps(q period) bool {
	return (p.EndsOn.IsZero() || !p.EndsOn.Before(q.StartsOn)) && (q.EndsOn.IsZero() || !q.EndsOn.Before(p.StartsOn))
}

// planner works out what a file would do. It is pure: the same file and the same registers give the same plan.
type planner struct {
	of       Register
	now      snapshot
	schedule []Category
	plan     importPlan
	lines    []ImportLine
	problems []sheet.Problem

	bodies map[string]*wantedBody
	terms  map[string]map[period]int // rows of the file by slug and term
	codes  map[string]string         // slug by scheme and value, in the file
	line   *ImportLine
}

// wantedBody is what the first row about a body made of it; later rows must agree.
type wantedBody struct {
	row   int
	now   *bodyNow // nil: new
	after bodyState
	codes map[string]string
}

func makePlan(of Register, rows []wanted, now snapshot, schedule []Category) (importPlan, []ImportLine, []sheet.Problem) {
	p := planner{of: of, now: now, schedule: schedule, bodies: map[string]*wantedBody{}, terms: map[string]map[period]int{}, codes: map[string]string{}}
	for _, w := range rows {
		p.lines = append(p.lines, ImportLine{Row: w.row, Slug: w.slug, Name: w.name, Effect: ImportUnchanged})
		p.line = &p.lines[len(p.lines)-1]
		body := p.body(w)
		if body == nil {
			continue
		}
		p.line.Name = body.after.Name
		p.codesOf(w, body)
		if of == RegisterAgencies {
			p.term(w, body)
		}
	}
	if of == RegisterAgencies {
		p.overlaps()
	}
	return p.plan, p.lines, p.problems
}

func (p *planner) fail(row int, column, message string) {
	p.problems = append(p.problems, sheet.Problem{Row: row, Column: column, Message: message})
}

func (p *planner) effect(e ImportEffect, details ...string) {
	if p.line.Effect != ImportAdds {
		p.line.Effect = e
	}
	p.line.Details = append(p.line.Details, details...)
}

// body is what the row makes of its organisation: nil if that is wrong.
func (p *planner) body(w wanted) *wantedBody {
	if first, known := p.bodies[w.slug]; known {
		if p.of == RegisterOrganisations {
			p.fail(w.row, "slug", "It has the same address as row "+strconv.Itoa(first.row))
			return nil
		}
		if after, ok := p.bodyAfter(w, first.after, true); !ok || after != first.after {
			p.fail(w.row, "", "It says something else about the organisation than row "+strconv.Itoa(first.row))
			return nil
		}
		return first
	}
	now := p.now.bodies[w.slug]
	b := &wantedBody{row: w.row, now: now, codes: map[string]string{}}
	if now == nil {
		return p.newBody(w, b)
	}
	maps.Copy(b.codes, now.Codes)
	after, ok := p.bodyAfter(w, now.bodyState, false)
	if !ok {
		return nil
	}
	b.after = after
	p.bodies[w.slug] = b
	if after != now.bodyState {
		before := now.bodyState
		p.plan.Bodies = append(p.plan.Bodies, planned[bodyState]{Row: w.row, ID: now.ID, Before: &before, After: after})
		p.effect(ImportChanges, before.differences(after)...)
	}
	return b
}

func (p *planner) newBody(w wanted, b *wantedBody) *wantedBody {
	switch {
	case w.name == "":
		p.fail(w.row, "name", "There is no organisation at this address yet. Enter its name to add it")
		return nil
	case w.kind == "":
		p.fail(w.row, "kind", "This is a new organisation. Enter its kind")
		return nil
	}
	b.after, _ = p.bodyAfter(w, bodyState{Slug: w.slug, Name: w.name}, true)
	p.bodies[w.slug] = b
	p.plan.Bodies = append(p.plan.Bodies, planned[bodyState]{Row: w.row, After: b.after})
	p.effect(ImportAdds, "New organisation")
	return b
}

// bodyAfter is a body as it would be with what the row says. Silent leaves saying what is wrong to the caller.
func (p *planner) bodyAfter(w wanted, b bodyState, silent bool) (bodyState, bool) {
	fail := func(column, message string) (bodyState, bool) {
		if !silent {
			p.fail(w.row, column, message)
		}
		return b, false
	}
	if w.name != "" && w.name != strings.Join(strings.Fields(b.Name), " ") {
		return fail("name", "The organisation at this address is called “"+b.Name+"”. Give it its new name on its own page, with the day")
	}
	if w.kind != "" {
		b.Kind = w.kind
	}
	if w.note != nil && *w.note != tidied(b.Note) {
		b.Note = *w.note
	}
	if p.of != RegisterOrganisations {
		return b, true
	}
	if w.from != nil {
		b.From = *w.from
	}
	if w.to != nil && *w.to != b.To {
		if now := p.now.bodies[b.Slug]; now != nil && !w.to.IsZero() && now.memberAfter(*w.to) {
			return fail("to", "It is a safeguarding partner or relevant agency after that day. End that first")
		}
		b.To = *w.to
	}
	if !b.To.IsZero() && b.To.Before(b.From) {
		return fail("to", "The last day must not be before the first day")
	}
	return b, true
}

func (b *bodyNow) memberAfter(last day.Date) bool {
	return slices.ContainsFunc(b.Partner, func(t period) bool { return t.after(last) }) ||
		slices.ContainsFunc(b.Terms, func(t termNow) bool { return t.period().after(last) })
}

func (t termState) period() period { return period{t.From, t.To} }

// codesOf adds codes that are not known yet. What is known is corrected on the organisation's page.
func (p *planner) codesOf(w wanted, b *wantedBody) {
	for _, c := range w.codes {
		name, key := schemeOf(c.Scheme).name, c.Scheme+" "+c.Value
		known, has := b.codes[c.Scheme]
		holder, held := p.now.holders[key]
		if !held {
			holder, held = p.codes[key]
		}
		switch {
		case has && known == c.Value:
		case has:
			p.fail(w.row, c.Scheme, "The "+name+" of the organisation is "+known+". Correct it on its own page")
		case held && holder != w.slug:
			p.fail(w.row, c.Scheme, "This "+name+" belongs to the organisation “"+holder+"”")
		default:
			b.codes[c.Scheme], p.codes[key] = c.Value, w.slug
			p.plan.Codes = append(p.plan.Codes, planned[codeState]{Row: w.row, After: c})
			p.effect(ImportChanges, name+" "+c.Value)
		}
	}
}

// term adds or changes a time as relevant agency. One is told from another by its first day.
func (p *planner) term(w wanted, b *wantedBody) {
	if w.from == nil || w.from.IsZero() || w.basis == "" {
		return // told already
	}
	after := termState{Slug: w.slug, Categories: []int{}, From: *w.from}
	var known *termNow
	if b.now != nil {
		if i := slices.IndexFunc(b.now.Terms, func(t termNow) bool { return t.From == *w.from }); i >= 0 {
			known = &b.now.Terms[i]
			after = known.termState
		}
	}
	after.Basis = w.basis
	if w.categories != nil {
		after.Categories = *w.categories
	}
	if w.reason != nil && *w.reason != tidied(after.Reason) {
		after.Reason = *w.reason
	}
	if w.to != nil {
		after.To = *w.to
	}
	if p.terms[w.slug] == nil {
		p.terms[w.slug] = map[period]int{}
	}
	for other, row := range p.terms[w.slug] {
		if other.StartsOn == after.From {
			p.fail(w.row, "", "It is the same organisation with the same first day as row "+strconv.Itoa(row))
			return
		}
	}
	p.terms[w.slug][after.period()] = w.row
	if known != nil && known.same(after) {
		return
	}
	if message := after.wrong(b.after); message != "" {
		p.fail(w.row, "", message)
		return
	}
	fresh := after.Categories
	if known != nil {
		fresh = without(fresh, known.Categories)
	}
	if err := checkCategories(p.schedule, fresh, after.From); err != nil {
		p.fail(w.row, "categories", fault.Message(err))
		return
	}
	if known == nil {
		p.plan.Terms = append(p.plan.Terms, planned[termState]{Row: w.row, After: after})
		p.effect(ImportAdds, "Relevant agency "+after.words())
		return
	}
	before := known.termState
	p.plan.Terms = append(p.plan.Terms, planned[termState]{Row: w.row, ID: known.ID, Before: &before, After: after})
	p.effect(ImportChanges, before.differences(after)...)
}

// wrong says which rule of agencies the term breaks.
func (t termState) wrong(body bodyState) string {
	switch {
	case t.Basis == Invitee && len(t.Categories) > 0:
		return "An invitee falls under no category of the Schedule. Take the categories out, or write another basis"
	case t.Basis != Invitee && len(t.Categories) == 0:
		return "Write at least one category of the Schedule, or the basis invitee"
	case !body.To.IsZero() && t.period().after(body.To):
		return "The organisation ended on " + body.To.Long() + ". Its time as relevant agency must end by then"
	}
	return ""
}

// overlaps refuses two times of one organisation that share days, in the file or with what is known.
func (p *planner) overlaps() {
	for _, slug := range slices.Sorted(maps.Keys(p.terms)) {
		all := maps.Clone(p.terms[slug])
		if now := p.now.bodies[slug]; now != nil {
			for _, t := range now.Terms {
				if !slices.ContainsFunc(slices.Collect(maps.Keys(all)), func(q period) bool { return q.StartsOn == t.From }) {
					all[t.period()] = 0
				}
			}
		}
		times := slices.SortedFunc(maps.Keys(all), func(a, b period) int { return strings.Compare(a.StartsOn.String(), b.StartsOn.String()) })
		for i := 1; i < len(times); i++ {
			if row := max(all[times[i]], all[times[i-1]]); row > 0 && times[i-1].overlaps(times[i]) {
				p.fail(row, "", "It is a relevant agency on some of these days already: from "+times[i-1].StartsOn.Long()+" and from "+times[i].StartsOn.Long())
			}
		}
	}
	slices.SortStableFunc(p.problems, func(a, b sheet.Problem) int { return a.Row - b.Row })
}
