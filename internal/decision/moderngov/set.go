package moderngov

import (
	"strings"

	"partnershipportal/internal/day"
)

// set gives a value to its field. Where the page says it twice, or in a way that is not understood, it is a remark.
func (r *reader) set(o open) {
	text := strings.Join(o.lines, "\n")
	switch f := o.field; {
	case f == documents:
		r.documents(o)
		return
	case f == decided || f == decision:
		r.decision(o)
	case r.taken[f] && f != unknown:
		if r.words(f) == nil || *r.words(f) != text {
			r.keep(o)
		}
	case !r.understood(f, text):
		r.keep(o)
	default:
		r.taken[f] = true
		if !f.long() {
			return // a link on a name or a meeting leads to a page about them
		}
	}
	r.keepLinks(o)
}

// keep makes a remark of a value.
func (r *reader) keep(o open) { r.c.remark(o.label, strings.Join(o.lines, "\n")) }

// keepLinks remarks on the links in a value: what was meant to be read there is not in the page.
func (r *reader) keepLinks(o open) {
	var list []string
	for _, k := range o.links {
		list = append(list, k.Text+" <"+k.Address+">")
	}
	if len(list) > 0 {
		r.c.remark("Links under “"+o.label+"”", strings.Join(list, "\n"))
	}
}

// understood gives a value to a field that can hold it.
func (r *reader) understood(f field, text string) bool {
	if day := r.days(f); day != nil {
		return r.day(day, f, text)
	}
	if words := r.words(f); words != nil {
		if !f.long() && !fits(f, text) {
			return false
		}
		*words = text
		return true
	}
	switch f {
	case title:
		r.named(text)
		return true
	case meeting:
		if a, _, ok := ReadDate(text); ok && a.Precision == day.Exact {
			r.metOn = a
		}
		return false // the meeting itself has no field
	case key, callIn:
		return r.answer(f, text)
	case decisionType:
		switch normal(text) {
		case "key", "key decision":
			r.c.Key = Yes
		case "non key", "non key decision", "not key":
			r.c.Key = No
		default:
			return false
		}
		return true
	case restriction:
		r.c.Restriction = openness(text)
		return r.c.Restriction != ""
	}
	return false
}

// fits tells whether a text can be what a short field holds.
func fits(f field, text string) bool {
	switch f {
	case number, ref:
		return len(text) <= 40 && strings.ContainsAny(text, "0123456789") && !strings.Contains(text, "\n")
	}
	return len(text) <= 500
}

func (r *reader) words(f field) *string {
	c := &r.c
	return map[field]*string{
		number: &c.Number, ref: &c.Ref, maker: &c.Maker, status: &c.Status, keyReason: &c.KeyReason, reasons: &c.Reasons, financial: &c.Financial,
		consultation: &c.Consultation, alternatives: &c.Alternatives, interests: &c.Interests, dispensation: &c.Dispensation, background: &c.Background,
	}[f]
}

func (r *reader) days(f field) *day.Approx {
	c := &r.c
	return map[field]*day.Approx{noticeOn: &c.NoticeOn, dueOn: &c.DueOn, madeOn: &c.MadeOn, publishedOn: &c.PublishedOn, effectiveOn: &c.EffectiveOn}[f]
}

// day reads a day. What follows the day stays as a remark with the whole text.
func (r *reader) day(to *day.Approx, f field, text string) bool {
	a, rest, ok := ReadDate(text)
	if !ok || a.Precision == day.NotBefore && f != dueOn {
		return false
	}
	*to = a
	if rest != "" {
		r.taken[f] = true
		return false
	}
	return true
}

func (r *reader) answer(f field, text string) bool {
	to := &r.c.Key
	if f == callIn {
		to = &r.c.CallIn
	}
	said := Unsaid
	switch normal(text) {
	case "yes", "y", "true":
		said = Yes
	case "no", "n", "false":
		said = No
	default:
		return false
	}
	if *to != Unsaid {
		return *to == said // said before in other words; a contradiction is kept as a remark
	}
	*to = said
	return true
}

// openness reads how far a record is open. ModernGov puts a dash and a link behind it.
func openness(text string) string {
	switch n := strings.TrimSuffix(strings.TrimSpace(normal(text)), " view reasons"); n {
	case "open", "part exempt", "fully exempt":
		return n
	case "exempt", "full exempt":
		return "fully exempt"
	case "partly exempt", "partially exempt":
		return "part exempt"
	}
	return ""
}

// decision reads the text of the decision. Under the label "Decision" some pages print nothing but the day.
func (r *reader) decision(o open) {
	if len(o.lines) > 0 {
		a, rest, ok := ReadDate(o.lines[0])
		switch {
		case !ok || len(o.lines) > 1:
		case rest == "" && a.Precision != day.NotBefore && !r.taken[madeOn]:
			r.c.MadeOn, r.taken[madeOn] = a, true
			return
		case a.Precision == day.NotBefore:
			if !r.taken[dueOn] {
				r.c.DueOn, r.taken[dueOn] = a, true
			}
			r.keep(o)
			return
		}
	}
	if r.taken[decision] || len(o.lines) == 0 {
		r.keep(o)
		return
	}
	r.taken[decision] = true
	r.c.Preamble, r.c.Limbs = split(o.lines)
}

// documents lists what is attached. Lines without a link name something that is not in reach.
func (r *reader) documents(o open) {
	r.c.Attachments = append(r.c.Attachments, o.links...)
	r.keep(o)
}
