package decision

import (
	"fmt"
	"slices"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// knownRecord is a record that is in the register already.
type knownRecord struct {
	Record
	Revision int
	Exempt   map[Part]string
}

// importSnapshot is what the register says about the records that files name.
type importSnapshot struct {
	bodies map[string]Body
	byKey  map[string]*knownRecord
	rules  ruleset
	today  day.Date
}

// recordKeys are that by which a record is found: its address, its number, and where it was published.
func recordKeys(body id.Organisation, ref, number, source string) []string {
	var keys []string
	for _, k := range []struct{ kind, text string }{{"ref", ref}, {"number", strings.ToUpper(number)}, {"source", source}} {
		if k.text != "" {
			keys = append(keys, fmt.Sprintf("%d %s %s", body, k.kind, k.text))
		}
	}
	return keys
}

// importPlanner works out what files would do. It is pure: the same files and the same register give the same plan.
type importPlanner struct {
	by       authz.Actor
	now      importSnapshot
	plan     importPlan
	lines    []ImportLine
	problems []ImportProblem
	taken    map[string]string // place by key
	held     map[int]bool      // entries about records that are fully exempt
	place    string
}

func makeImportPlan(by authz.Actor, entries []importEntry, now importSnapshot) *importPlanner {
	p := &importPlanner{by: by, now: now, taken: map[string]string{}, held: map[int]bool{}}
	for i, e := range entries {
		p.place = e.Place
		line := ImportLine{Place: e.Place, Number: e.number(), Subject: e.Fields["subject"], Effect: ImportUnchanged, Flags: slices.Clone(e.Flags)}
		p.entry(i, e, &line)
		p.lines = append(p.lines, line)
	}
	return p
}

func (p *importPlanner) fail(column, message string) {
	p.problems = append(p.problems, ImportProblem{Place: p.place, Column: column, Message: message})
}

func (p *importPlanner) entry(i int, e importEntry, line *ImportLine) {
	body, ok := p.body(e.Body)
	if !ok {
		return
	}
	line.Body = body.Name
	if !p.once(body, e) {
		return
	}
	known := p.known(body, e)
	if known == nil {
		p.added(i, body, e, line)
		return
	}
	line.ID, line.Number, line.Subject = known.ID, known.Number(), known.Subject
	p.changed(i, e, known, line)
}

func (p *importPlanner) body(slug string) (Body, bool) {
	if slug == "" {
		p.fail("body", "Say whose record it is, or choose the body on the form")
		return Body{}, false
	}
	body, ok := p.now.bodies[slug]
	if !ok {
		p.fail("body", fmt.Sprintf("There is no organisation with the address “%s”", shortText(slug)))
		return Body{}, false
	}
	if !CanEdit(p.by, body.ID) {
		p.fail("body", "You may not write the records of this body")
		return Body{}, false
	}
	return body, true
}

// once refuses two entries about one record.
func (p *importPlanner) once(body Body, e importEntry) bool {
	keys := recordKeys(body.ID, e.Ref, e.number(), "")
	if e.number() != "" {
		keys = append(keys, recordKeys(body.ID, Ref(e.number()), "", "")...)
	}
	for _, key := range keys {
		if first, taken := p.taken[key]; taken && first != p.place {
			p.fail("", "This is the same record as "+first)
			return false
		}
		p.taken[key] = p.place
	}
	return true
}

// known finds the record that an entry is about.
func (p *importPlanner) known(body Body, e importEntry) *knownRecord {
	number, source := e.number(), e.Fields["source-url"]
	keys := recordKeys(body.ID, e.Ref, number, "")
	if number != "" {
		keys = append(keys, recordKeys(body.ID, Ref(number), "", "")...)
	} else {
		keys = append(keys, recordKeys(body.ID, "", "", source)...)
	}
	for _, key := range keys {
		if k := p.now.byKey[key]; k != nil {
			return k
		}
	}
	return nil
}

// filled writes what an entry says into a draft, and says what can't be written.
func (p *importPlanner) filled(was Draft, e importEntry) (d Draft, ok bool) {
	d, ok = was, true
	d.Limbs, d.Later = slices.Clone(d.Limbs), slices.Clone(d.Later)
	for _, f := range importFields {
		text := e.text(f.name)
		if text == "" || text == asInFile(f.get(&was)) { // an export says what is known already
			continue
		}
		if wrong := f.set(&d, text); wrong != "" {
			p.fail(f.name, wrong)
			ok = false
		}
	}
	if d.MakerTitle != was.MakerTitle {
		d.MakerPost = 0 // the post that is kept in the membership was another one
	}
	if d.ContactTitle != was.ContactTitle {
		d.ContactPost = 0
	}
	return d, ok
}

// withheld takes the texts of a record that is fully exempt out of its open fields: they are passages kept apart. What
// is open already stays open.
func (p *importPlanner) withheld(i int, d, was Draft, e importEntry, line *ImportLine) (Draft, map[Part]string) {
	exempt := map[Part]string{}
	for part, text := range e.Exempt {
		exempt[part] = text
	}
	if d.Restriction != FullyExempt {
		return d, exempt
	}
	p.held[i] = true
	var moved []string
	for _, part := range exemptable {
		f, _ := importFieldOf(string(part))
		text := f.get(&d)
		if part == PartLimbs && d.Preamble != was.Preamble {
			text = strings.TrimSpace(d.Preamble + "\n" + text)
		}
		if part == PartSubject || text == "" || text == f.get(&was) {
			continue
		}
		moved = append(moved, part.Words())
		if exempt[part] == "" {
			exempt[part] = text
		}
		if part == PartLimbs {
			d.Limbs, d.Preamble = was.Limbs, was.Preamble
		} else {
			setText(&d, part, f.get(&was))
		}
	}
	if len(moved) > 0 {
		line.Flags = append(line.Flags, "It is fully exempt, so this is kept with the exempt text: "+strings.Join(moved, ", ")+".")
	}
	return d, exempt
}

func setText(d *Draft, part Part, text string) {
	switch part {
	case PartReasons:
		d.Reasons = text
	case PartFinancial:
		d.Financial = text
	case PartConsultation:
		d.Consultation = text
	case PartAlternatives:
		d.Alternatives = text
	case PartInterests:
		d.Interests = text
	case PartBackground:
		d.Background = text
	}
}

// mayHide refuses exempt passages of an open record, or by somebody without the right.
func (p *importPlanner) mayHide(d Draft, body id.Organisation, exempt map[Part]string) bool {
	switch {
	case len(exempt) == 0:
		return true
	case orOpen(d.Restriction) == Open:
		p.fail("restriction", "The record has exempt passages, but is open. Say part exempt or fully exempt")
	case !CanReadExempt(p.by, body):
		p.fail("restriction", "You have no right to exempt text")
	default:
		return true
	}
	return false
}

// added plans a record that is not in the register.
func (p *importPlanner) added(i int, body Body, e importEntry, line *ImportLine) {
	line.Effect = ImportAdds
	d, ok := p.filled(Draft{Openness: Openness{Restriction: Open}, Urgency: Urgency{CallInApplies: true}}, e)
	d, exempt := p.withheld(i, d, Draft{}, e, line)
	if !said(d.Subject) {
		p.fail("subject", "A new record needs a subject")
		ok = false
	}
	if !e.Stage.Known() {
		p.fail("stage", "A new record needs a stage: "+listed(Stages()))
		ok = false
	}
	if e.Stage == Withdrawn && !said(d.WithdrawnReason) {
		p.fail("withdrawn-reason", "Say why the record was withdrawn")
		ok = false
	}
	if !p.callIns(e) || !ok || !p.mayHide(d, body.ID, exempt) {
		return
	}
	r := Record{Organisation: body.ID, Stage: e.Stage, Origin: Imported, Draft: d, ExemptParts: sortedParts(exempt)}
	r.WasMade = !r.Stage.Before() && (r.Stage != Withdrawn || !r.MadeOn.IsZero())
	for _, c := range e.CallIns {
		r.CallIns = append(r.CallIns, c.callIn())
	}
	for _, f := range checkShape(r) {
		if f.Blocks {
			p.fail(f.Field, f.Text)
			return
		}
	}
	line.Details = append(line.Details, "New record: "+strings.ToLower(e.Stage.Words()))
	line.more(e, r.ExemptParts)
	line.flag(p.now.rules.on(body.ID, rulesDay(r, p.now.today)).Check(r))
	p.plan.Steps = append(p.plan.Steps, importStep{Entry: i, Effect: ImportAdds, Exempt: r.ExemptParts, draft: d, exempt: exempt})
}

// callIns refuses call-ins that say too little.
func (p *importPlanner) callIns(e importEntry) bool {
	for _, c := range e.CallIns {
		switch {
		case c.CalledOn.Day.IsZero() || !c.CalledOn.Precision.Known():
			p.fail("called-in-on", "A call-in needs its day")
		case !said(c.CalledBy) || !said(c.Grounds):
			p.fail("call-in-grounds", "A call-in needs its grounds, and who called it in")
		case c.Outcome != "" && !slices.Contains(Outcomes(), c.Outcome):
			p.fail("call-in-outcome", "This is none of these: "+listed(Outcomes()))
		case (c.Outcome == "") != c.OutcomeOn.Day.IsZero():
			p.fail("call-in-outcome-on", "The outcome of a call-in and its day go together")
		case len(c.CalledBy) > shortWord || len(c.Meeting) > shortWord || len(c.Grounds) > 20_000 || len(c.Note) > 20_000:
			p.fail("call-in-grounds", "A text about the call-in is too long")
		default:
			continue
		}
		return false
	}
	return true
}

func (c ContentCallIn) callIn() CallIn {
	return CallIn{CalledOn: c.CalledOn.Approx(), CalledBy: c.CalledBy, Grounds: c.Grounds, Meeting: c.Meeting, MeetingOn: c.MeetingOn.Approx(),
		Outcome: c.Outcome, OutcomeOn: c.OutcomeOn.Approx(), Note: c.Note}
}

// changed plans what a file changes of a record that is in the register. Fields that the file leaves empty stay.
func (p *importPlanner) changed(i int, e importEntry, known *knownRecord, line *ImportLine) {
	if e.Stage != "" && e.Stage != known.Stage {
		line.Flags = append(line.Flags, fmt.Sprintf("It is at “%s” in the register and at “%s” in the file. An import moves no record on: nothing of it is changed.", known.Stage, e.Stage))
		return
	}
	if e.number() == known.Number() && e.Fields["number-verified"] == "" {
		e.Fields = without(e.Fields, "number-printed") // the file says the number that counts, not how the record prints it
	}
	d, ok := p.filled(known.Draft, e)
	d, exempt := p.withheld(i, d, known.Draft, e, line)
	for part, text := range exempt {
		if known.Exempt[part] == text {
			delete(exempt, part)
		}
	}
	if !ok || !p.mayHide(d, known.Organisation, exempt) {
		return
	}
	step := importStep{Entry: i, Effect: ImportChanges, ID: known.ID, Revision: known.Revision, Before: map[string]string{}, After: map[string]string{},
		Exempt: sortedParts(exempt), draft: d, exempt: exempt}
	for _, f := range importFields {
		before, after := f.get(&known.Draft), f.get(&d)
		if before != after {
			step.Before[f.name], step.After[f.name] = before, after
			line.Details = append(line.Details, f.difference(before, after))
		}
	}
	r := known.Record
	r.Draft = d
	rules := p.now.rules.on(r.Organisation, rulesDay(r, p.now.today))
	found := rules.Check(r)
	line.flag(found)
	if len(step.After) == 0 && len(step.Exempt) == 0 {
		return
	}
	if err := blocking(found); err != nil {
		p.fail("", faultMessage(err))
		return
	}
	if missing := rules.Missing(r, r.Stage); len(missing) > 0 && !r.Stage.Before() && r.Origin != Imported {
		p.fail(string(missing[0].Part), missing[0].Words)
		return
	}
	line.Effect = ImportChanges
	line.more(importEntry{}, step.Exempt)
	p.plan.Steps = append(p.plan.Steps, step)
}

func without(fields map[string]string, name string) map[string]string {
	rest := map[string]string{}
	for k, v := range fields {
		if k != name {
			rest[k] = v
		}
	}
	return rest
}

func faultMessage(err error) string {
	if f, ok := faultOf(err); ok {
		return f.Message
	}
	return ""
}

func sortedParts(exempt map[Part]string) []Part {
	var parts []Part
	for _, p := range exemptable {
		if exempt[p] != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
