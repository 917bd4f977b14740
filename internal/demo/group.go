package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/file"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
)

const maidstone = "maidstone-borough-council"

// loadGroups gives the partnership groups at work. All of it is invented, but for the name of the Scrutiny and Challenge
// Group, of which the council's committee spoke in May 2019.
func (l *loader) loadGroups(ctx context.Context) error {
	for _, do := range []func(context.Context) error{l.loadScrutinyGroup, l.loadDistrictGroup, l.loadEndedGroup} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// member is a body's time in a group, since the group began unless told otherwise.
type member struct {
	body     string
	from, to day.Date
}

func (l *loader) addGroup(ctx context.Context, c group.AddCommand, members ...member) error {
	c.From, c.Demonstration = boards, true
	if _, err := l.groups.Add(ctx, l.portal(), c); err != nil {
		return err
	}
	for _, m := range members {
		if m.from.IsZero() {
			m.from = boards
		}
		if err := l.groups.AddMember(ctx, l.portal(), group.MemberCommand{Slug: c.Slug, Body: m.body, From: m.from, To: m.to}); err != nil {
			return fmt.Errorf("member %s: %w", m.body, err)
		}
	}
	terms, err := paper("terms-of-reference.docx", "Terms of reference: "+c.Name, "Demonstration data. No terms of reference were obtained.", "Purpose: "+c.Purpose,
		"Chair: "+c.Chair+".", "The group meets "+c.Rhythm+".", "It reports to the safeguarding partners.")
	if err != nil {
		return err
	}
	return l.groups.AddTerms(ctx, l.portal(), c.Slug, boards, file.AddCommand{Title: "Terms of reference", Content: terms})
}

// hold records a meeting as held, with a paper, minutes and who attended.
func (l *loader) hold(ctx context.Context, slug string, on day.Date, place string, attended ...group.AttendanceCommand) (id.Meeting, error) {
	met, err := l.groups.PlanMeeting(ctx, l.portal(), slug, on, place)
	if err != nil {
		return 0, err
	}
	agenda, err := paper("agenda.docx", "Agenda, "+on.Long(), "Demonstration data.", "1. Actions of the last meeting", "2. The next edition of the arrangements", "3. Any other matters")
	if err != nil {
		return 0, err
	}
	if err := l.groups.AddMeetingFile(ctx, l.portal(), slug, met, group.Paper, file.AddCommand{Title: "Agenda of " + on.Long(), Content: agenda}); err != nil {
		return 0, err
	}
	if err := l.groups.MoveMeeting(ctx, l.portal(), slug, met, group.Held, ""); err != nil {
		return 0, err
	}
	minutes, err := paper("minutes.docx", "Minutes, "+on.Long(), "Demonstration data.", "The group went through its actions.",
		"It read the draft of the next edition and raised the actions that the log shows.")
	if err != nil {
		return 0, err
	}
	if err := l.groups.AddMeetingFile(ctx, l.portal(), slug, met, group.Minutes, file.AddCommand{Title: "Minutes of " + on.Long(), Content: minutes}); err != nil {
		return 0, err
	}
	for _, a := range attended {
		a.Slug, a.Meeting = slug, met
		if err := l.groups.RecordAttendance(ctx, l.portal(), a); err != nil {
			return 0, err
		}
	}
	return met, nil
}

func (l *loader) loadScrutinyGroup(ctx context.Context) error {
	const slug = "scrutiny-and-challenge-group"
	err := l.addGroup(ctx, group.AddCommand{Slug: slug, Name: "Scrutiny and Challenge Group", Chair: "Independent scrutineer", Rhythm: "every three months",
		Purpose: "Looks at how well the arrangements work, and challenges the safeguarding partners where they do not."},
		member{body: council}, member{body: police}, member{body: ccgs, to: icbsBegin.Add(-1)}, member{body: icb, from: icbsBegin}, member{body: "kent-health-trusts"})
	if err != nil {
		return err
	}
	met, err := l.hold(ctx, slug, l.today.Add(-35), "Online",
		group.AttendanceCommand{Body: council, Post: "Director of children’s services", Presence: group.Present},
		group.AttendanceCommand{Body: police, Post: "Head of protecting vulnerable people", Presence: group.Present},
		group.AttendanceCommand{Body: icb, Post: "Chief nurse", Presence: group.Apologies})
	if err != nil {
		return err
	}
	if _, err := l.groups.PlanMeeting(ctx, l.portal(), slug, l.today.Add(56), "Demonstration House, Maidstone"); err != nil {
		return err
	}
	for _, a := range []group.RaiseCommand{
		{What: "Say how officers and staff will learn of the next edition.", Owner: police, DueOn: l.today.Add(12)},
		{What: "Give the group the figures of repeat referrals for the last two years.", Owner: council, DueOn: l.today.Add(-4)},
		{What: "Name a contact for questions about health’s part in the arrangements.", Owner: icb, DueOn: l.today.Add(40)},
	} {
		a.Slug, a.Meeting = slug, met
		if _, err := l.groups.Raise(ctx, l.portal(), a); err != nil {
			return err
		}
	}
	return l.groups.Report(ctx, l.portal(), group.ReportCommand{Slug: slug, Number: 2, Done: true, Note: "The figures were sent to the members of the group."})
}

func (l *loader) loadDistrictGroup(ctx context.Context) error {
	const slug = "district-councils-safeguarding-group"
	members := []member{{body: council}, {body: police, from: day.Must("2021-04-01")}}
	for _, a := range agencies {
		if a.kind == "district council" {
			members = append(members, member{body: a.slug})
		}
	}
	err := l.addGroup(ctx, group.AddCommand{Slug: slug, Name: "District Councils Safeguarding Group", Chair: "Safeguarding lead of a district council, in turn", Rhythm: "every six weeks",
		Purpose: "Brings together those who lead on safeguarding in the twelve district councils, and agrees how the arrangements reach housing, leisure and licensing."}, members...)
	if err != nil {
		return err
	}
	met, err := l.hold(ctx, slug, l.today.Add(-21), "Council offices, Maidstone",
		group.AttendanceCommand{Body: maidstone, Post: "Head of housing", Presence: group.Present},
		group.AttendanceCommand{Body: "ashford-borough-council", Post: "Safeguarding lead", Presence: group.Present},
		group.AttendanceCommand{Body: "thanet-district-council", Post: "Safeguarding lead", Presence: group.Absent})
	if err != nil {
		return err
	}
	if _, err := l.groups.PlanMeeting(ctx, l.portal(), slug, l.today.Add(21), "Online"); err != nil {
		return err
	}
	for _, a := range []group.RaiseCommand{
		{What: "Tell housing teams whom to ask about the thresholds for help.", Owner: maidstone, DueOn: l.today.Add(-9)},
		{What: "Send the list of licensed premises that were visited.", Owner: police, DueOn: l.today.Add(20)},
	} {
		a.Slug, a.Meeting = slug, met
		if _, err := l.groups.Raise(ctx, l.portal(), a); err != nil {
			return err
		}
	}
	staff, err := l.as(ctx, "staff@district-council.example")
	if err != nil {
		return err
	}
	return l.groups.Report(ctx, staff, group.ReportCommand{Slug: slug, Number: 1, Note: "A note is drafted. It goes to the housing teams with the next bulletin."})
}

func (l *loader) loadEndedGroup(ctx context.Context) error {
	const slug = "transition-group"
	err := l.addGroup(ctx, group.AddCommand{Slug: slug, Name: "Transition Group", Chair: "Business manager of the partnership", Rhythm: "every month",
		Purpose: "Saw the work of the former board through, and moved what lasted to the partnership."}, member{body: council}, member{body: police}, member{body: ccgs, to: day.Must("2020-03-31")})
	if err != nil {
		return err
	}
	return l.groups.End(ctx, l.portal(), slug, day.Must("2020-03-31"))
}

// paper makes a short Word document with a heading.
func paper(name, heading string, paragraphs ...string) (file.Checked, error) {
	const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	var text strings.Builder
	text.WriteString(`<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>` + wordRun(heading) + `</w:p>`)
	for _, p := range paragraphs {
		text.WriteString(`<w:p>` + wordRun(p) + `</w:p>`)
	}
	const relations, office = `http://schemas.openxmlformats.org/package/2006/relationships`, `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + file.DOCX + `.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/_rels/document.xml.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="r1" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`},
		{"word/document.xml", `<w:document ` + space + `><w:body>` + text.String() + `</w:body></w:document>`},
		{"word/styles.xml", `<w:styles ` + space + `><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="24"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>` +
			`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style></w:styles>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			return file.Checked{}, fmt.Errorf("pack %s: %w", name, err)
		}
		_, _ = w.Write([]byte(xml.Header + part[1])) // into memory: never fails
	}
	if err := z.Close(); err != nil {
		return file.Checked{}, fmt.Errorf("pack %s: %w", name, err)
	}
	return file.Check("file", name, bytes.NewReader(b.Bytes()), int64(b.Len()))
}

func wordRun(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // into memory: never fails
	return `<w:r><w:t xml:space="preserve">` + b.String() + `</w:t></w:r>`
}
