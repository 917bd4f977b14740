package membership_test

import (
	"maps"
	"slices"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
)

// fact is a dated fact as the naive model keeps it: a row that is never forgotten.
type fact struct {
	body, words string
	from, to    day.Date
	retracted   bool
}

func (f *fact) counts(on day.Date) bool {
	return !f.retracted && !f.from.After(on) && (f.to.IsZero() || !f.to.Before(on))
}

// reaches tells that the fact began before a day and holds on it or after it.
func (f *fact) reaches(on day.Date) bool {
	return !f.retracted && f.from.Before(on) && (f.to.IsZero() || !f.to.Before(on))
}

// touched is a fact that a succession ended or made.
type touched struct {
	*fact
	made     bool
	was, set day.Date
}

// told is one succession of the model.
type told struct {
	cmd     membership.SucceedCommand
	changes []touched
}

// model is what the membership is, kept in the plainest way: lists of facts, changed one by one.
type model struct {
	names, partners, agencies, bodies []*fact
	standing                          map[int64]*told
}

func (m *model) of(list []*fact, body string) []*fact {
	return slices.Collect(func(yield func(*fact) bool) {
		for _, f := range list {
			if f.body == body && !f.retracted && !yield(f) {
				return
			}
		}
	})
}

// rename closes the open name on the day before, and adds one.
func (m *model) rename(body, name string, on day.Date, t *told) {
	for _, n := range m.of(m.names, body) {
		if n.to.IsZero() {
			t.end(n, on)
		}
	}
	m.names = append(m.names, t.make(&fact{body: body, words: name, from: on}))
}

func (t *told) end(f *fact, on day.Date) {
	t.changes = append(t.changes, touched{fact: f, was: f.to, set: on.Add(-1)})
	f.to = on.Add(-1)
}

func (t *told) make(f *fact) *fact {
	t.changes = append(t.changes, touched{fact: f, made: true})
	return f
}

// succeed does what the recording of a succession does.
func (m *model) succeed(cmd membership.SucceedCommand) *told {
	t := &told{cmd: cmd}
	after := slices.Clone(cmd.Successors)
	if cmd.Begins != nil {
		after = append(after, cmd.Begins.Slug)
		m.bodies = append(m.bodies, t.make(&fact{body: cmd.Begins.Slug, from: cmd.On}))
		m.names = append(m.names, &fact{body: cmd.Begins.Slug, words: cmd.Begins.Name, from: cmd.On})
	}
	if cmd.Kind == membership.Renaming {
		m.rename(cmd.Predecessors[0], cmd.NewName, cmd.On, t)
		return t
	}
	for _, place := range []*[]*fact{&m.partners, &m.agencies} {
		left := false
		for _, body := range cmd.Predecessors {
			for _, f := range m.of(*place, body) {
				if f.reaches(cmd.On) {
					t.end(f, cmd.On)
					left = true
				}
			}
		}
		for _, body := range after {
			if left && !slices.ContainsFunc(m.of(*place, body), func(f *fact) bool { return f.counts(cmd.On) }) {
				*place = append(*place, t.make(&fact{body: body, from: cmd.On}))
			}
		}
	}
	for _, body := range cmd.Predecessors {
		for _, f := range m.of(m.bodies, body) {
			if f.to.IsZero() || !f.to.Before(cmd.On) {
				t.end(f, cmd.On)
			}
		}
	}
	return t
}

// reverse takes back what a succession changed.
func (m *model) reverse(t *told) {
	for _, c := range t.changes {
		if c.made {
			c.retracted = true
		}
	}
	for _, c := range t.changes {
		if c.made || c.retracted || c.to != c.set {
			continue
		}
		c.to = c.was
		if slices.Contains(m.names, c.fact) {
			for _, n := range m.of(m.names, c.body) { // a later name stays, and bounds this one
				if n.from.After(c.set) && (c.to.IsZero() || !n.from.After(c.to)) {
					c.to = n.from.Add(-1)
				}
			}
		}
	}
}

// retractName takes a name back and lets the one before it go on.
func (m *model) retractName(n *fact) {
	n.retracted = true
	for _, f := range m.of(m.names, n.body) {
		if !n.from.IsZero() && f.to == n.from.Add(-1) {
			f.to = n.to
		}
	}
}

// answer is what is so of a body on a day.
type answer struct {
	Name            string
	Partner, Agency bool
}

// answers are those of the bodies that exist on a day, by their address.
func (m *model) answers(on day.Date) map[string]answer {
	all := map[string]answer{}
	for _, b := range m.bodies {
		if !b.counts(on) {
			continue
		}
		holds := func(list []*fact) bool {
			return slices.ContainsFunc(m.of(list, b.body), func(f *fact) bool { return f.counts(on) })
		}
		all[b.body] = answer{Name: m.nameOn(b.body, on), Partner: holds(m.partners), Agency: holds(m.agencies)}
	}
	return all
}

// nameOn is the name of the day, or the last one before it, or the first of all.
func (m *model) nameOn(body string, on day.Date) string {
	names := m.of(m.names, body)
	slices.SortFunc(names, func(a, b *fact) int {
		if a.from.Before(b.from) {
			return -1
		}
		return 1
	})
	name := names[0].words
	for _, n := range names {
		if !n.from.After(on) {
			name = n.words
		}
	}
	return name
}

// span are the days of which everything is asked.
func span() []day.Date {
	var days []day.Date
	for i := range 40 {
		days = append(days, firstDay.Add(i-2))
	}
	return days
}

var firstDay = day.Must("2022-03-01")

func (m *model) everyDay() map[string]map[string]answer {
	all := map[string]map[string]answer{}
	for _, d := range span() {
		all[d.String()] = m.answers(d)
	}
	return all
}

func (m *model) standingOnes() []int64 { return slices.Sorted(maps.Keys(m.standing)) }
