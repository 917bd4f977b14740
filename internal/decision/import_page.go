package decision

import (
	"fmt"
	"slices"
	"strings"

	"partnershipportal/internal/decision/moderngov"
)

// page reads a saved ModernGov page.
func (r *importReader) page(f Upload) (moderngov.Kind, error) {
	p, err := moderngov.Read(f.Data)
	if err != nil {
		return "", err
	}
	for _, n := range p.Notices {
		r.notices = append(r.notices, f.Name+": "+n)
	}
	if n := len(p.Around); n > 0 {
		r.notices = append(r.notices, fmt.Sprintf("%s: text that belongs to no decision was left out, for example “%s”.", f.Name, shortText(p.Around[0].Text)))
	}
	says := map[moderngov.Kind]int{moderngov.List: 1, moderngov.Issue: 2, moderngov.Details: 3}[p.Kind]
	for i, c := range p.Candidates {
		place := f.Name
		if len(p.Candidates) > 1 {
			place = fmt.Sprintf("%s, entry %d", f.Name, i+1)
		}
		r.add(pageEntry(place, c), says)
	}
	return p.Kind, nil
}

// pageEntry is what a page says of a decision. What has no field, or does not fit it, is a remark.
func pageEntry(place string, c moderngov.Candidate) importEntry {
	e := importEntry{Place: place, Fields: map[string]string{}}
	remark := func(label, text string) {
		if text != "" {
			e.Remarks = append(e.Remarks, Remark{Label: cut(label, 300), Body: cut(text, longText)})
		}
	}
	limbs := make([]Limb, len(c.Limbs))
	for i, l := range c.Limbs {
		limbs[i] = Limb(l)
	}
	var d Draft
	for _, v := range []struct{ name, label, text string }{
		{"number-printed", "Number", c.Number}, {"subject", "Title", c.Title}, {"maker", "Decision maker", c.Maker}, {"source-status", "Status", c.Status},
		{"source-url", "Address", c.Address}, {"key", "Key decision", string(c.Key)}, {"key-reason", "Why it is a key decision", c.KeyReason},
		{"preamble", "Before the decision", c.Preamble}, {"limbs", "Decision", limbsText(limbs)}, {"reasons", "Reasons", c.Reasons},
		{"financial", "Financial implications", c.Financial}, {"consultation", "Consultation", c.Consultation}, {"alternatives", "Alternatives", c.Alternatives},
		{"interests", "Interests", c.Interests}, {"dispensation", "Dispensation", c.Dispensation}, {"background", "Background papers", c.Background},
		{"restriction", "Restriction", c.Restriction}, {"call-in-applies", "Subject to call-in", string(c.CallIn)}, {"notice-on", "Notice", dayText(c.NoticeOn)},
		{"due-on", "Due", dayText(c.DueOn)}, {"made-on", "Made", dayText(c.MadeOn)}, {"published-on", "Published", dayText(c.PublishedOn)},
		{"effective-on", "Effective", dayText(c.EffectiveOn)},
	} {
		if v.text == "" {
			continue
		}
		if f, _ := importFieldOf(v.name); f.set(&d, v.text) != "" {
			remark(v.label, v.text)
			continue
		}
		e.Fields[v.name] = v.text
	}
	remark("Reference on the source’s site", c.Ref)
	for _, m := range c.Remarks {
		remark(m.Label, m.Text)
	}
	var links []string
	for _, a := range c.Attachments {
		links = append(links, a.Text+" <"+a.Address+">")
	}
	remark("Documents", strings.Join(links, "\n"))
	e.stageOfPage(d)
	return e
}

// cut shortens a text to what there is room for.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// The words of status that tell the stage where the days do not.
var (
	withdrawnWords   = []string{"withdrawn", "abandoned"}
	decidedWords     = []string{"recommendations approved", "recommendations modified", "approved", "implemented"}
	implementedWords = []string{"implemented"}
	calledInWords    = []string{"called in", "call-in"}
)

// stageOfPage tells the stage from what the page states, and says where that is open to doubt.
func (e *importEntry) stageOfPage(d Draft) {
	is := func(words []string) bool {
		return slices.Contains(words, strings.ToLower(strings.TrimSpace(d.SourceStatus)))
	}
	made := !d.MadeOn.IsZero() || !d.EffectiveOn.IsZero() || !d.PublishedOn.IsZero() && len(d.Limbs) > 0
	switch {
	case is(withdrawnWords):
		e.Stage = Withdrawn
		e.Fields["withdrawn-reason"] = "The source gives no reason. Its status is “" + d.SourceStatus + "”."
	case is(implementedWords) && made:
		e.Stage = Implemented
	case made:
		e.Stage = Made
	case is(decidedWords) && len(d.Limbs) > 0:
		e.Stage = Made
		e.Flags = append(e.Flags, "The page gives no day of the decision. By its status it was made.")
	case len(d.Limbs) > 0:
		e.Stage = Proposed
	default:
		e.Stage = Notice
	}
	if e.Stage == Made && strings.EqualFold(d.SourceStatus, "for determination") {
		e.Flags = append(e.Flags, "The page’s status is “"+d.SourceStatus+"”, but it gives days of a decision made.")
	}
	if is(calledInWords) {
		e.Flags = append(e.Flags, "The page says that it was called in. Record the call-in with its grounds on the record’s page.")
	}
	if e.Stage.Before() {
		e.notMade(d)
	}
}

// notMade keeps as a remark the day of publication, which only a decision made has.
func (e *importEntry) notMade(d Draft) {
	if !d.PublishedOn.IsZero() {
		delete(e.Fields, "published-on")
		e.Remarks = append(e.Remarks, Remark{Label: "Published", Body: d.PublishedOn.Words()})
	}
}
