package ui

import (
	"time"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
)

func contentExamples() []example {
	return append(append(recordExamples(), readingExamples()...), navigationExamples()...)
}

func recordExamples() []example {
	signed := TimeAt(time.Date(2026, 11, 22, 15, 48, 0, 0, time.UTC))
	columns := []Column{
		{Text: "Organisation", SortPath: "#example-table", Sorted: "ascending"}, {Text: "Since", SortPath: "#example-table"}, {Text: "Contribution", Numeric: true},
	}
	return []example{
		{"Tag", []exampleState{{"every state", exampleTags()}}},
		{"Summary list", []exampleState{
			{"with actions", SummaryList{Rows: []Row{
				{Key: "Title", Value: "Multi-agency safeguarding arrangements", Actions: []Action{{"Change", "#example-summary-list", "the title"}}},
				{Key: "Takes effect", Content: TimeOf(day.On(day.Must("2019-09-17"))), Actions: []Action{{"Change", "#example-summary-list", "the day"}, {"Remove", "#example-summary-list", "the day"}}},
				{Key: "Digest", Content: Digest{Value: exampleDigest, Label: "SHA-256", ID: "row-digest"}},
			}}},
			{"compact", SummaryList{Compact: true, Rows: []Row{{Key: "Office", Value: "Chief Constable"}, {Key: "Method", Value: "Password"}}}},
		}},
		{"Table", []exampleState{
			{"sorted, with numbers", Table{Caption: "Contributions", Columns: columns, RowHeaders: true, Rows: [][]Cell{
				{{Text: "Kent County Council", Path: "#example-table"}, {Content: TimeOf(day.Roughly(day.Must("2019-06-01"), day.Month))}, {Text: "£120,000"}},
				{{Text: "Kent Police", Path: "#example-table"}, {Text: "2019"}, {Text: "£5,000"}},
			}}},
			{"without rows", Table{Caption: "Rounds", Empty: "No round has been opened yet."}},
		}},
		{"Chart", []exampleState{{"cash and in kind, two years", exampleChart()}, {"what is drawn of very unequal sums", exampleUnequal()}}},
		{"Timeline", []exampleState{{"three entries", Timeline{Entries: []TimelineEntry{
			{What: "Signed for Kent Police", Who: "Chief Constable", When: signed, State: Signed},
			{What: "Round opened", Who: "Business support", When: TimeOf(day.On(day.Must("2026-11-20"))), Detail: "Three seats", Link: &Link{"See the text", "#example-timeline"}},
			{What: "Arrangements published", When: TimeOf(day.Roughly(day.Must("2019-06-01"), day.Month))},
		}}}}},
		{"Task list", []exampleState{{"three tasks", TaskList{Items: []Task{
			{Text: "Title and dates", Path: "#example-task-list", Status: "Complete"},
			{Text: "Sections", Hint: "14 sections, 6,200 words", Path: "#example-task-list", State: Draft},
			{Text: "Open the round", Status: "Can’t start yet"},
		}}}}},
		{"Identity bar", []exampleState{
			{"a lead officer", IdentityBar{Name: "A. Officer", Office: "Chief Constable", Organisation: "Kent Police"}},
			{"a delegate", IdentityBar{Office: "Deputy Chief Constable", Organisation: "Kent Police", ActingFor: "Chief Constable"}},
		}},
		{"Digest", []exampleState{{"of a text", Digest{Value: exampleDigest}}}},
		{"Time", []exampleState{
			{"a day", TimeOf(day.On(day.Must("2019-09-17")))},
			{"a month", TimeOf(day.Roughly(day.Must("2019-06-01"), day.Month))},
			{"a year", TimeOf(day.Roughly(day.Must("2017-01-01"), day.Year))},
			{"not before", TimeOf(day.Approx{Date: day.Must("2022-07-20"), Precision: day.NotBefore})},
			{"an instant", signed},
		}},
	}
}

func readingExamples() []example {
	text := func(s string) templ.Component { return textComponent(s) }
	return []example{
		{"Heading", []exampleState{{"with caption and state", Heading{Caption: "Version 2", Text: "Multi-agency safeguarding arrangements", State: InForce, second: true}}}},
		{"Notification banner", []exampleState{
			{"something done", NotificationBanner{Heading: "You signed for Kent Police", Text: "Two partners have still to sign.", Success: true}},
			{"something to know", NotificationBanner{Heading: "The text changed since you read it", Link: &Link{"Read the text now", "#example-notification-banner"}}},
		}},
		{"Panel", []exampleState{{"a receipt", Panel{Title: "Signed for Kent Police", Text: "22 November 2026 at 3:48pm", second: true}}}},
		{"Warning text", []exampleState{{"a consequence", WarningText{Text: "A sign-off is final. It cannot be taken back."}}}},
		{"Inset text", []exampleState{{"an aside", exampleInset()}}},
		{"Details", []exampleState{{"closed", exampleDetails()}}},
		{"Card", []exampleState{{"with a heading", exampleCard()}}},
		{"Empty state", []exampleState{{"with an action", EmptyState{Text: "Nothing is waiting for you.", Action: &Link{"Read the arrangements", "#example-empty-state"}}}}},
		{"Version bar", []exampleState{
			{"in force", VersionBar{State: InForce, Text: "In force since 17 September 2019.", Rows: []Row{
				{Key: "Signed off by", Value: "Kent County Council, Kent Police, Kent CCGs"},
				{Key: "Digest", Content: Digest{Value: exampleDigest, Label: "SHA-256", ID: "bar-digest"}},
			}, Links: []Link{{"Sign-offs", "#example-version-bar"}, {"Earlier versions", "#example-version-bar"}}}},
			{"superseded", VersionBar{State: Superseded, Text: "Replaced on 1 April 2027."}},
		}},
		{"Document", []exampleState{{"two sections", Document{Sections: []DocSection{
			{ID: "section-1", Number: "1", Heading: "Who the partners are", Paragraphs: []DocParagraph{
				{ID: "p-1-1", Number: "1.1", Body: text("Three bodies share the duty to safeguard children in Kent. Each answers for its own part, and none may leave the whole to another.")},
				{ID: "p-1-2", Number: "1.2", Body: text("They meet at least four times a year.")},
			}},
			{ID: "section-2", Number: "2", Heading: "How they decide", Paragraphs: []DocParagraph{
				{ID: "p-2-1", Number: "2.1", Body: text("Every partner signs one and the same text.")},
				{Body: text("A paragraph that belongs to the one before has no number.")},
			}},
		}}}}},
		{"Prose", []exampleState{{"from Markdown", exampleProse()}}},
		{"Conflict", []exampleState{{"two texts", Conflict{
			What: "Section 3, Membership", SavedBy: "Business support", SavedAt: "3:48pm",
			Saved: "The partners meet four times a year.", Yours: "The partners meet six times a year.\nThe chair is chosen yearly.",
		}}}},
	}
}

func navigationExamples() []example {
	return []example{
		{"Contents list", []exampleState{{"numbered", ContentsList{Items: []ContentsItem{
			{"1", "Who the partners are", "#section-1"}, {"2", "How they decide", "#section-2"},
		}}}}},
		{"Sub navigation", []exampleState{{"second of three", SubNav{Label: "This version", Current: "#example-sub-navigation", Items: []Link{
			{"Text", "#example-tag"}, {"Sign-offs", "#example-sub-navigation"}, {"Timeline", "#example-timeline"},
		}}}}},
		{"Pagination", []exampleState{{"both ways", Pagination{Previous: "#example-pagination", Next: "#example-pagination", NextTitle: "How they decide"}}}},
	}
}

func exampleChart() Chart {
	line := func(name, words string, cash, inKind int64) BarLine {
		return BarLine{Name: name, Words: words, Parts: []BarPart{{Solid, cash}, {Hollow, inKind}}}
	}
	return Chart{ID: "chart-years", Title: "Cash and in kind, 2019/20 and the year before", Key: []string{"Cash", "In kind"},
		Description: "Kent County Council gives most in both years. Kent Police gives more than the year before.",
		Bars: []Bar{
			{"Kent County Council", []BarLine{line("2019/20", "£120,000", 12000000, 0), line("2018/19", "£120,000", 12000000, 0)}},
			{"Kent Police", []BarLine{line("2019/20", "£50,000 and £8,000 in kind", 5000000, 800000), line("2018/19", "£45,000", 4500000, 0)}},
		},
		Table: Table{Caption: "Cash and in kind", RowHeaders: true, Columns: []Column{{Text: "Organisation"}, {Text: "2019/20", Numeric: true}, {Text: "2018/19", Numeric: true}},
			Rows: [][]Cell{{{Text: "Kent County Council"}, {Text: "£120,000"}, {Text: "£120,000"}}, {{Text: "Kent Police"}, {Text: "£58,000"}, {Text: "£45,000"}}}}}
}

func exampleUnequal() Chart {
	line := func(words string, size int64) []BarLine {
		return []BarLine{{Words: words, Parts: []BarPart{{Striped, size}}}}
	}
	return Chart{ID: "chart-unequal", Title: "Where the money goes", Description: "Nearly all is spent on staff.", Key: []string{"Cash", "In kind", "Spent"},
		Bars: []Bar{{"Staff", line("£900,000", 90000000)}, {"Contingency", line("£5", 500)}, {"Website", line("£0", 0)}},
		Table: Table{Caption: "Spending", RowHeaders: true, Columns: []Column{{Text: "What for"}, {Text: "Spent", Numeric: true}},
			Rows: [][]Cell{{{Text: "Staff"}, {Text: "£900,000"}}, {{Text: "Contingency"}, {Text: "£5"}}, {{Text: "Website"}, {Text: "£0"}}}}}
}
