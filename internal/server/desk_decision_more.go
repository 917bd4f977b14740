package server

import (
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/decision"
	"partnershipportal/internal/file"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// files lists the files of the record. An exempt one is named only to those who may read it.
func (d recordParts) files() page.DeskPart {
	t := ui.Table{Caption: "Files", HideCaption: true, RowHeaders: true, Empty: "No file is attached.",
		Columns: []ui.Column{{Text: "File"}, {Text: "What it is"}, {Text: "Size"}, {Text: "For publication"}, {Text: "Take off"}}}
	for _, f := range d.Files {
		if f.IsExempt && !d.CanReadExempt {
			t.Rows = append(t.Rows, []ui.Cell{{Text: "An exempt file"}, {Text: sentence(string(f.Kind))}, {Text: ""}, {Text: "No: exempt"}, {Text: ""}})
			continue
		}
		row := []ui.Cell{{Text: or(f.Title, f.Name), Path: route.DeskDecisionFileTo(d.Body.Slug, d.Ref, f.ID)}, {Text: sentence(string(f.Kind))},
			{Text: file.Words(f.MediaType) + ", " + sizeWords(f.Size)}, {Text: map[bool]string{true: "No: exempt", false: "Yes"}[f.IsExempt]}, {Text: ""}}
		if d.CanEdit {
			row[4] = ui.Cell{Text: "Take off file " + strconv.FormatInt(f.ID, 10), Path: route.DeskDecisionTakeOff(d.Body.Slug, d.Ref, "detach", f.ID)}
		}
		t.Rows = append(t.Rows, row)
	}
	return page.DeskPart{ID: "files", Heading: "Files and background papers", Content: []templ.Component{t}, Links: d.links("attach", "Attach a file")}
}

// authorises lists the versions and rounds whose sign-off the decision authorises.
func (d recordParts) authorises() page.DeskPart {
	t := ui.Table{Caption: "What it authorises", HideCaption: true, RowHeaders: true, Empty: "The record is linked to no version or round.",
		Columns: []ui.Column{{Text: "Document"}, {Text: "Version"}, {Text: "Round"}, {Text: "Unlink"}}}
	for _, a := range d.Authorises {
		row := []ui.Cell{{Text: a.DocumentTitle}, {Text: strconv.Itoa(a.VersionNumber)}, {Text: "Any"}, {Text: ""}}
		if a.Round != 0 {
			row[2] = ui.Cell{Text: "Round " + strconv.Itoa(a.RoundNumber), Path: route.SignOffRoundTo(a.Round)}
		}
		if d.CanEdit {
			row[3] = ui.Cell{Text: "Unlink version " + strconv.Itoa(a.VersionNumber), Path: route.DeskDecisionTakeOff(d.Body.Slug, d.Ref, "unlink", a.ID)}
		}
		t.Rows = append(t.Rows, row)
	}
	p := page.DeskPart{ID: "authorises", Heading: "What it authorises", Content: []templ.Component{t}}
	if d.IsMade() {
		p.Links = d.links("authorise", "Link it to a version or a round")
	} else {
		p.Content = append(p.Content, page.Paragraph{Text: "Only a decision that was made can authorise a sign-off."}.Content())
	}
	return p
}

// exempt says which parts have an exempt passage, and leads those with the right to it.
func (d recordParts) exempt() page.DeskPart {
	if d.Restriction != decision.PartExempt && d.Restriction != decision.FullyExempt {
		return page.DeskPart{}
	}
	p := page.DeskPart{ID: "exempt", Heading: "Exempt passages"}
	var items []ui.Link
	for _, part := range d.ExemptParts {
		items = append(items, ui.Link{Text: sentence(part.Words())})
	}
	if len(items) == 0 {
		p.Content = []templ.Component{page.Paragraph{Text: "No part has an exempt passage."}.Content()}
	} else {
		p.Content = []templ.Component{page.Points{Items: items}.Content()}
	}
	if d.CanReadExempt && d.CanEdit {
		p.Links = d.links("exempt", "Read or change exempt passages")
	}
	return p
}

func (d recordParts) publications() page.DeskPart {
	t := ui.Table{Caption: "Publications", HideCaption: true, RowHeaders: true, Empty: "Nothing of this record has been published.",
		Columns: []ui.Column{{Text: "Number"}, {Text: "Stage"}, {Text: "When"}, {Text: "By"}, {Text: "Reason of the correction"}}}
	for _, x := range d.Publications {
		reason := x.Reason
		if x.Withholds {
			reason += " (earlier wording withheld)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: strconv.Itoa(x.Number)}, {Text: x.Stage.Words()}, {Content: ui.TimeAt(x.At)}, {Text: or(x.By, "The portal")}, {Text: reason}})
	}
	p := page.DeskPart{ID: "publications", Heading: "Publications", Content: []templ.Component{t}}
	if now := d.Standing(); d.CanEdit && !d.CanPublish && (now.Published == "" || now.Changed) {
		p.Content = append(p.Content, page.Paragraph{Text: "Business support publishes the record. Ask them once it is ready."}.Content())
	}
	return p
}

func (d recordParts) corrections() page.DeskPart {
	t := ui.Table{Caption: "Corrections", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Field"}, {Text: "Before"}, {Text: "After"}, {Text: "When"}, {Text: "Why"}}}
	for _, c := range d.Corrections {
		why := c.Reason
		if !c.IsCorrection {
			why = "The record moved to “" + c.Stage.Words() + "”"
		}
		if c.Withheld {
			why += " (earlier wording withheld from the public)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(or(decision.FieldWords(c.Field), c.Field))}, {Content: typed(decision.ValueWords(c.Field, c.Before), "Nothing")},
			{Content: typed(decision.ValueWords(c.Field, c.After), "Nothing")}, {Content: ui.TimeAt(c.PublishedAt)}, {Text: why}})
	}
	if len(t.Rows) == 0 {
		return page.DeskPart{}
	}
	return page.DeskPart{ID: "corrections", Heading: "What changed between publications", Content: []templ.Component{t}}
}

func (d recordParts) remarks() page.DeskPart {
	if len(d.Remarks) == 0 {
		return page.DeskPart{}
	}
	rows := make([]ui.Row, 0, len(d.Remarks))
	for _, m := range d.Remarks {
		rows = append(rows, ui.Row{Key: m.Label, Content: typed(m.Body, "Nothing")})
	}
	return page.DeskPart{ID: "remarks", Heading: "Found by the import and not understood",
		Content: append([]templ.Component{page.Paragraph{Text: "These are kept as they stood in the source. They are not published."}.Content()}, rowsOf(rows)...)}
}

// others are the acts that are needed seldom.
func (d recordParts) others() page.DeskPart {
	if !d.CanEdit || d.Stage == decision.Withdrawn {
		return page.DeskPart{}
	}
	p := page.DeskPart{ID: "others", Heading: "Other acts", Links: d.links("withdraw", "Withdraw the record")}
	if len(d.Publications) == 0 {
		p.Links = append(p.Links, d.links("retract", "Take it out: it was entered in error")...)
	}
	return p
}
