package server

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/web/form"
	"partnershipportal/web/ui"
)

// Lengths of the fields of a record, as the database holds them.
const (
	maxPost    = 300
	maxWhy     = 5000
	maxPassage = 100_000
)

var identityAct = recordAct{
	heading: "Number, subject and decision maker", press: "Save", done: "Saved",
	fields: []string{"number-printed", "number-verified", "subject", "maker", "maker-name", "officer", "contact", "source-status", "source-url"},
	fill: func(d decision.Full, v url.Values) {
		for name, value := range map[string]string{"number-printed": d.NumberPrinted, "number-verified": d.NumberVerified, "subject": d.Subject, "maker": d.MakerTitle,
			"maker-name": d.MakerName, "contact": d.ContactTitle, "source-status": d.SourceStatus, "source-url": d.SourceURL} {
			v.Set(name, value)
		}
		tick(v, "officer", d.IsOfficer)
	},
	ask: func(a *askedRecord) []templ.Component {
		f, posts := a.f, a.postTitles()
		return []templ.Component{
			ui.Input{Field: f.Field("number-printed", "Number as printed", "As it stands on the record, even if it is wrong. For example 19/00035"), Width: "20", NoSpellcheck: true},
			ui.Input{Field: f.Field("number-verified", "Verified number", "As the body's own register has it. It counts where it differs"), Width: "20", NoSpellcheck: true},
			ui.Input{Field: f.Field("subject", "Subject", "")},
			ui.Input{Field: f.Field("maker", "Post that decides", "Choose a post that is kept in the portal, or type any other. For example Cabinet Member for Children, Young People and Education"), Suggestions: posts},
			ui.Input{Field: f.Field("maker-name", "Name of the decision maker (optional)", "The post is enough unless the record prints the name")},
			ui.Checkboxes{Field: f.Field("officer", "Who decides?", ""), Options: []ui.Option{{Value: "yes", Text: "An officer decides, and not a member or a meeting"}}, Small: true},
			ui.Input{Field: f.Field("contact", "Post that answers questions", "A post that is kept in the portal with an address is told of what is published"), Suggestions: posts},
			ui.Input{Field: f.Field("source-status", "Status in the source (optional)", "The words of the body's own register, for example “For Determination”")},
			ui.Input{Field: f.Field("source-url", "Address of the source (optional)", "Begins with https://"), NoSpellcheck: true},
		}
	},
	do: func(a *askedRecord) error {
		i := a.d.Identity
		i.NumberPrinted, i.NumberVerified, i.Subject = readDecisionNumber(a.f, "number-printed"), readDecisionNumber(a.f, "number-verified"), readSubject(a.f)
		i.MakerTitle, i.MakerName = a.f.Text("maker", "The post", maxPost), a.f.Text("maker-name", "The name", maxPost)
		i.ContactTitle, i.IsOfficer = a.f.Text("contact", "The post", maxPost), a.f.Checked("officer")
		i.SourceStatus, i.SourceURL = a.f.Text("source-status", "The status", maxPost), a.f.Text("source-url", "The address", 2000)
		posts, err := a.s.Decisions.Posts(a.r.Context(), actorOf(a.r))
		if err != nil {
			return err
		}
		i.MakerPost, i.ContactPost = decision.PostOf(posts, a.d.Organisation, i.MakerTitle), decision.PostOf(posts, a.d.Organisation, i.ContactTitle)
		return a.save(decision.Changes{Identity: &i})
	},
}

func tick(v url.Values, name string, on bool) {
	if on {
		v.Set(name, "yes")
	}
}

var keyAct = recordAct{
	heading: "Is it a key decision?", press: "Save", done: "Saved", fields: []string{"key", "key-reason"},
	intro: "A key decision spends or saves a significant sum, or has a significant effect on two or more wards or divisions.",
	fill: func(d decision.Full, v url.Values) {
		v.Set("key", string(d.Key.Key))
		v.Set("key-reason", d.Key.Reason)
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{
			ui.Radios{Field: a.f.Field("key", "Key decision", ""), Options: []ui.Option{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No"}}, Inline: true},
			ui.Textarea{Field: a.f.Field("key-reason", "Why is it a key decision?", "Needed for a key decision"), Max: maxWhy},
		}
	},
	do: func(a *askedRecord) error {
		k := decision.Key{Key: decision.KeyState(a.f.Choice("key", "Choose whether it is a key decision", "yes", "no")), Reason: a.f.Text("key-reason", "The reason", maxWhy)}
		return a.save(decision.Changes{Key: &k})
	},
}

// recordDate is one stated day of a record.
type recordDate struct {
	part  decision.Part
	label string
	hint  string
	get   func(*decision.Dates) *day.Approx
	made  bool // only of a decision that was made
}

var recordDates = []recordDate{
	{decision.PartNoticeOn, "Day of the notice", "When the notice of the decision was published", func(d *decision.Dates) *day.Approx { return &d.NoticeOn }, false},
	{decision.PartDueOn, "Day or period when the decision is due", "", func(d *decision.Dates) *day.Approx { return &d.DueOn }, false},
	{decision.PartMadeOn, "Day on which the decision was made", "", func(d *decision.Dates) *day.Approx { return &d.MadeOn }, true},
	{decision.PartPublishedOn, "Day on which the body published the record", "Call-in runs from this day", func(d *decision.Dates) *day.Approx { return &d.PublishedOn }, true},
	{decision.PartEffectiveOn, "Day on which it takes effect, as the record states it", "Leave it empty if the record states none: the portal reckons it", func(d *decision.Dates) *day.Approx { return &d.EffectiveOn }, true},
	{decision.PartImplementedOn, "Day on which it was carried out", "", func(d *decision.Dates) *day.Approx { return &d.ImplementedOn }, true},
	{"withdrawn-on", "Day of the withdrawal", "", func(d *decision.Dates) *day.Approx { return &d.WithdrawnOn }, false},
}

// offered tells whether the record can have the day.
func (x recordDate) offered(d decision.Full) bool {
	if x.part == "withdrawn-on" {
		return d.Stage == decision.Withdrawn
	}
	return !x.made || d.WasMade
}

// readOptional reads a day that may be left empty.
func readOptional(f *form.Form, field, label string) day.Approx {
	if f.Raw(field+"-day") == "" && f.Raw(field+"-month") == "" && f.Raw(field+"-year") == "" {
		return day.Approx{}
	}
	return f.DateWithPrecision(field, label, "")
}

var datesAct = recordAct{
	heading: "The stated dates", press: "Save", done: "Saved",
	intro:  "Enter each day as exactly as the record states it, and leave unknown days empty. What the rules reckon stands beside them on the record.",
	fields: []string{"notice-on", "due-on", "made-on", "published-on", "effective-on", "implemented-on", "withdrawn-on"},
	fill: func(d decision.Full, v url.Values) {
		for _, x := range recordDates {
			form.PutDateWithPrecision(v, string(x.part), *x.get(&d.Dates))
		}
	},
	ask: func(a *askedRecord) []templ.Component {
		var list []templ.Component
		for _, x := range recordDates {
			if x.offered(a.d) {
				list = append(list, ui.PrecisionDate{Field: a.f.DateField(string(x.part), x.label, x.hint)})
			}
		}
		return list
	},
	do: func(a *askedRecord) error {
		dates := a.d.Dates
		for _, x := range recordDates {
			if x.offered(a.d) {
				*x.get(&dates) = readOptional(a.f, string(x.part), x.label)
			}
		}
		return a.save(decision.Changes{Dates: &dates})
	},
}

// exemptCategories are the paragraphs of Schedule 12A, Part 1, in our own short words.
func exemptCategories() []ui.Option {
	words := []string{"about an individual", "likely to show who an individual is", "financial or business affairs of a person or body", "consultations or negotiations about staff",
		"legal advice that could be kept from a court", "a notice, order or direction that is proposed", "preventing, investigating or prosecuting crime"}
	list := make([]ui.Option, len(words))
	for i, w := range words {
		n := strconv.Itoa(i + 1)
		list[i] = ui.Option{Value: n, Text: "Paragraph " + n + ": " + w}
	}
	return list
}

var opennessAct = recordAct{
	heading: "How far the record is open", press: "Save", done: "Saved", fields: []string{"restriction", "exempt-category", "public-interest"},
	intro: "What you write on this page is public. An exempt passage itself is kept apart, on a page of its own.",
	fill: func(d decision.Full, v url.Values) {
		v.Set("restriction", string(d.Restriction))
		v.Set("public-interest", d.PublicInterest)
		if d.Category != 0 {
			v.Set("exempt-category", strconv.Itoa(d.Category))
		}
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{
			ui.Radios{Field: a.f.Field("restriction", "Is the record for publication?", ""), Options: []ui.Option{{Value: string(decision.Open), Text: "Yes, the whole record"},
				{Value: string(decision.PartExempt), Text: "In part: some passages or files are exempt"}, {Value: string(decision.FullyExempt), Text: "No: the record is exempt"}}},
			ui.Select{Field: a.f.Field("exempt-category", "Category of exempt information", "Local Government Act 1972, Schedule 12A, Part 1"), Options: exemptCategories(), Empty: "None"},
			ui.Textarea{Field: a.f.Field("public-interest", "Why does keeping it back serve the public interest better?", "Needed where something is exempt"), Max: maxWhy},
		}
	},
	do: func(a *askedRecord) error {
		o := decision.Openness{Restriction: decision.Restriction(a.f.Choice("restriction", "Choose whether the record is for publication", string(decision.Open),
			string(decision.PartExempt), string(decision.FullyExempt))), PublicInterest: a.f.Text("public-interest", "The reason", maxWhy)}
		if raw := a.f.Raw("exempt-category"); raw != "" {
			o.Category = int(number[int64](a.f.Choice("exempt-category", "Choose a category from the list", values(exemptCategories())...)))
		}
		return a.save(decision.Changes{Openness: &o})
	},
}

var urgencyAct = recordAct{
	heading: "Urgency and call-in", press: "Save", done: "Saved",
	fields: []string{"route", "urgency-reason", "urgency-told", "urgency-agreed", "urgency-on", "call-in-applies", "call-in-waived", "call-in-waived-reason", "call-in-waived-by"},
	intro:  "Urgency shortens the notice of a key decision. Whether call-in is waived is a matter of its own.",
	fill: func(d decision.Full, v url.Values) {
		for name, value := range map[string]string{"route": or(string(d.Route), "ordinary"), "urgency-reason": d.Urgency.Reason, "urgency-told": d.Told, "urgency-agreed": d.Agreed,
			"call-in-waived-reason": d.CallInWaivedReason, "call-in-waived-by": d.CallInWaivedBy} {
			v.Set(name, value)
		}
		form.PutDateWithPrecision(v, "urgency-on", d.Urgency.On)
		tick(v, "call-in-applies", d.CallInApplies)
		tick(v, "call-in-waived", d.CallInWaived)
	},
	ask: func(a *askedRecord) []templ.Component {
		f, posts := a.f, a.postTitles()
		return []templ.Component{
			ui.Radios{Field: f.Field("route", "How is notice given?", ""), Options: []ui.Option{
				{Value: "ordinary", Text: "Ordinary notice", Hint: "28 clear days for a key decision"},
				{Value: string(decision.GeneralException), Text: "General exception", Hint: "Five clear days, with notice to the chair of scrutiny"},
				{Value: string(decision.SpecialUrgency), Text: "Special urgency", Hint: "The chair of scrutiny agrees that it can't wait"}}},
			ui.Textarea{Field: f.Field("urgency-reason", "Why can't it wait?", "Needed for general exception and special urgency"), Max: maxWhy},
			ui.Input{Field: f.Field("urgency-told", "Post that had notice of the general exception", "For example Chair of the Scrutiny Committee. A post that is kept in the portal with an address is told by letter"), Suggestions: posts},
			ui.Input{Field: f.Field("urgency-agreed", "Post that agreed to the special urgency", ""), Suggestions: posts},
			ui.PrecisionDate{Field: f.DateField("urgency-on", "Day of that notice or agreement", "")},
			ui.Checkboxes{Field: f.Field("call-in-applies", "Call-in", ""), Options: []ui.Option{{Value: "yes", Text: "The decision can be called in", Hint: "It then waits for the call-in period before it takes effect"}}},
			ui.Checkboxes{Field: f.Field("call-in-waived", "Is call-in waived?", ""), Options: []ui.Option{{Value: "yes", Text: "Call-in is waived for this decision"}}},
			ui.Textarea{Field: f.Field("call-in-waived-reason", "Why is call-in waived?", ""), Rows: 3, Max: maxWhy},
			ui.Input{Field: f.Field("call-in-waived-by", "Post that waived it", ""), Suggestions: posts},
		}
	},
	do: func(a *askedRecord) error {
		f := a.f
		u := decision.Urgency{Reason: f.Text("urgency-reason", "The reason", maxWhy), Told: f.Text("urgency-told", "The post", maxPost), Agreed: f.Text("urgency-agreed", "The post", maxPost),
			On: readOptional(f, "urgency-on", "The day"), CallInApplies: f.Checked("call-in-applies"), CallInWaived: f.Checked("call-in-waived"),
			CallInWaivedReason: f.Text("call-in-waived-reason", "The reason", maxWhy), CallInWaivedBy: f.Text("call-in-waived-by", "The post", maxPost)}
		if chosen := f.Choice("route", "Choose how notice is given", "ordinary", string(decision.GeneralException), string(decision.SpecialUrgency)); chosen != "ordinary" {
			u.Route = decision.Route(chosen)
		}
		return a.save(decision.Changes{Urgency: &u})
	},
}
