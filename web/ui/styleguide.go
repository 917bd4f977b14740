package ui

import (
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/web/form"
)

// example is one component with its states; the style guide shows them and the goldens keep them.
type example struct {
	name   string
	states []exampleState
}

type exampleState struct {
	name  string
	shown templ.Component
}

func (e example) id() string {
	return "example-" + strings.ReplaceAll(strings.ToLower(e.name), " ", "-")
}

const exampleDigest = "5f1c0f9d3a7be2448c6d0f0b1e9a7c35d2b84e6f90a1c3d5e7f8192a3b4c5d6e"

func exampleField(name, label, hint, value, problem string) form.Field {
	return form.Field{Name: name, Label: label, Hint: hint, Value: value, Error: problem}
}

func examples() []example {
	return append(append(fieldExamples(), choiceExamples()...), contentExamples()...)
}

func fieldExamples() []example {
	var errs form.Errors
	errs.Add("input-wrong", "Enter a title")
	errs.AddAt("date-wrong", "date-wrong-day", "The day must be a number")
	return []example{
		{"Error summary", []exampleState{{"two errors", ErrorSummary{Errors: errs}}}},
		{"Input", []exampleState{
			{"empty", Input{Field: exampleField("input-empty", "Title", "", "", "")}},
			{"filled, with a hint", Input{Field: exampleField("input-filled", "Label as published", "As people call it, for example June 2019", "June 2019", ""), Width: "20"}},
			{"wrong", Input{Field: exampleField("input-wrong", "Title", "As it stands on the cover", "", "Enter a title")}},
			{"with a prefix", Input{Field: exampleField("input-money", "Amount", "", "5,000", ""), Prefix: "£", Width: "10", InputMode: "decimal"}},
		}},
		{"Textarea", []exampleState{
			{"filled", Textarea{Field: exampleField("text-filled", "Reasons", "All partners see them. The public never does.", "The budget is not settled.", ""), Max: 4000}},
			{"wrong", Textarea{Field: exampleField("text-wrong", "Reasons", "", "", "Enter your reasons"), Rows: 3}},
			{"for Markdown", Textarea{Field: exampleField("text-markdown", "Text of the section", "", "1. One\n2. Two", ""), Monospace: true}},
		}},
		{"Password input", []exampleState{
			{"asked for", PasswordInput{Field: exampleField("password-asked", "Password", "", "", "")}},
			{"chosen", PasswordInput{Field: exampleField("password-new", "New password", "At least 12 characters", "", ""), New: true}},
			{"wrong", PasswordInput{Field: exampleField("password-wrong", "Password", "", "", "The password is not right")}},
		}},
		{"File upload", []exampleState{
			{"empty", FileUpload{Field: exampleField("file-empty", "Evidence of the sign-off", "A PDF of at most 10 MB", "", ""), Accept: ".pdf"}},
			{"wrong", FileUpload{Field: exampleField("file-wrong", "Evidence of the sign-off", "", "", "The file must be a PDF")}},
		}},
		{"Button", []exampleState{
			{"the three kinds in a group", exampleButtons()},
			{"a link that begins something", Button{Text: "Start a new version", Path: "#example-button"}},
		}},
	}
}

func choiceExamples() []example {
	bodies := []Option{
		{Value: "kcc", Text: "Kent County Council"},
		{Value: "police", Text: "Kent Police", Hint: "The chief officer of police"},
		{Value: "icb", Text: "NHS Kent and Medway"},
	}
	date := func(name, label, hint, d, m, y, problem string) form.DateField {
		return form.DateField{Field: exampleField(name, label, hint, "", problem), Day: d, Month: m, Year: y}
	}
	wrong := date("date-wrong", "Due date", "", "x", "6", "2026", "The day must be a number")
	wrong.Wrong = "date-wrong-day"
	month := date("precision-month", "Published", "", "", "6", "2019", "")
	month.Precision = day.Month
	return []example{
		{"Select", []exampleState{
			{"chosen", Select{Field: exampleField("select-chosen", "Safeguarding partner", "", "police", ""), Options: bodies}},
			{"wrong", Select{Field: exampleField("select-wrong", "Safeguarding partner", "", "", "Choose a safeguarding partner"), Options: bodies, Empty: "Choose one"}},
		}},
		{"Radios", []exampleState{
			{"chosen", Radios{Field: exampleField("radios-chosen", "Which body decided?", "", "icb", ""), Options: bodies}},
			{"inline", Radios{Field: exampleField("radios-inline", "Was the decision called in?", "", "", ""), Options: []Option{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No"}}, Inline: true}},
			{"wrong", Radios{Field: exampleField("radios-wrong", "Which body decided?", "Choose one", "", "Choose the body that decided"), Options: bodies}},
		}},
		{"Checkboxes", []exampleState{
			{"two ticked", Checkboxes{Field: form.Field{Name: "boxes", Label: "Who is told?", Values: []string{"kcc", "icb"}}, Options: bodies}},
			{"small, wrong", Checkboxes{Field: exampleField("boxes-wrong", "Who is told?", "", "", "Choose from the list"), Options: bodies, Small: true}},
		}},
		{"Declaration", []exampleState{
			{"not ticked", Declaration{Field: exampleField("declaration", "As Chief Constable I sign these arrangements for Kent Police.", "", "", "")}},
			{"wrong", Declaration{Field: exampleField("declaration-wrong", "As Chief Constable I sign these arrangements for Kent Police.", "", "", "Tick the box to sign")}},
		}},
		{"Date input", []exampleState{
			{"filled", DateInput{Field: date("date-filled", "Takes effect on", "For example, 17 9 2019", "17", "9", "2019", "")}},
			{"wrong", DateInput{Field: wrong}},
		}},
		{"Date with precision", []exampleState{{"a month", PrecisionDate{Field: month}}}},
		{"Fieldset", []exampleState{{"around fields", exampleFieldset()}}},
		{"Unsaved hint", []exampleState{{"in a form that asks before text is lost", exampleUnsaved()}}},
	}
}
