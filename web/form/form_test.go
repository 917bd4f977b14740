package form_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/day"
	"partnershipportal/web/form"
)

func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, sent, want, message string }{
		{"line ends become one kind and outer space is cut", " a\r\nb\rc \n", "a\nb\nc", ""},
		{"a NUL is refused", "a\x00b", "", "Notes has characters that cannot be used"},
		{"broken UTF-8 is refused", "a\xffb", "", "Notes has characters that cannot be used"},
		{"characters are counted, not bytes", strings.Repeat("ŵ", 10), strings.Repeat("ŵ", 10), ""},
		{"a longer text is refused", strings.Repeat("a", 11), strings.Repeat("a", 11), "Notes must be 10 characters or fewer"},
		{"empty is allowed", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := form.New(url.Values{"notes": {tt.sent}})
			if got := f.Text("notes", "Notes", 10); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := f.Errors().For("notes"); got != tt.message {
				t.Errorf("message %q, want %q", got, tt.message)
			}
		})
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	f := form.New(url.Values{"title": {"one\ntwo"}, "long": {strings.Repeat("x", 1200)}})
	f.Line("title", "Title")
	f.Line("long", "Name")
	want := []form.Error{
		{Field: "title", Target: "title", Message: "Title must be on one line"},
		{Field: "long", Target: "long", Message: "Name must be 200 characters or fewer"},
	}
	if d := cmp.Diff(want, f.Errors().List()); d != "" {
		t.Error(d)
	}
}

func TestErrorsStandInPageOrder(t *testing.T) {
	t.Parallel()
	f := form.New(url.Values{"b": {""}, "due-day": {"1"}})
	if err := f.Only("a", "b", "due"); err != nil {
		t.Fatal(err)
	}
	f.Fail("elsewhere", "fourth")
	f.Date("due", "Due date", "Enter the due date")
	f.Required("b", "B", "second")
	f.Fail("b", "a later message of the same field")
	f.Required("a", "A", "first")
	var got []string
	for _, e := range f.Errors().List() {
		got = append(got, e.Message)
	}
	if d := cmp.Diff([]string{"first", "second", "Due date must include a month", "fourth"}, got); d != "" {
		t.Error(d)
	}
}

func TestOnly(t *testing.T) {
	t.Parallel()
	for sent, ok := range map[string]bool{
		"title": true, "due-day": true, "due-precision": true, "due-hour": false, "role": false, "title-day": true,
	} {
		err := form.New(url.Values{sent: {"x"}}).Only("title", "due")
		var unknown form.UnknownFieldError
		if ok != (err == nil) || err != nil && (!errors.As(err, &unknown) || unknown.Name != sent) {
			t.Errorf("a form of title and due, sent %q: %v", sent, err)
		}
	}
}

func TestInt(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"": "Enter a number", "x": "Days must be a whole number", "1.5": "Days must be a whole number",
		"0": "Days must be between 1 and 2,000", "2001": "Days must be between 1 and 2,000", "2000": "",
	} {
		f := form.New(url.Values{"days": {sent}})
		f.Int("days", "Days", "Enter a number", 1, 2000)
		if got := f.Errors().For("days"); got != want {
			t.Errorf("%q: message %q, want %q", sent, got, want)
		}
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	f := form.New(url.Values{"role": {"owner"}, "kinds": {"c", "a", "a"}, "more": {"a", "z"}, "read": {"yes"}})
	f.Choice("role", "Choose a role", "office", "lead-officer")
	if got := f.Choices("kinds", "Choose from the list", "a", "b", "c"); !cmp.Equal(got, []string{"a", "c"}) {
		t.Errorf("choices %v", got)
	}
	f.Choices("more", "Choose from the list", "a")
	if !f.Agreed("read", "-") || f.Agreed("sure", "Confirm that you are sure") {
		t.Error("only a ticked box is agreement")
	}
	for field, want := range map[string]string{
		"role": "Choose a role", "kinds": "", "more": "Choose from the list", "sure": "Confirm that you are sure",
	} {
		if got := f.Errors().For(field); got != want {
			t.Errorf("%s: message %q, want %q", field, got, want)
		}
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for sent, ok := range map[string]bool{
		"Lead@Kent-Police.example": true, "lead": false, "lead@": false, "lead@localhost": false, "": false,
		"A <lead@kent.example>": false, "a@b.example, c@d.example": false, "a@b.example\nBcc: c@d.example": false,
	} {
		f := form.New(url.Values{"email": {sent}})
		got := f.Email("email", "Enter an email address")
		if ok == f.Errors().Any() {
			t.Errorf("%q: %v", sent, f.Errors().List())
		}
		if ok && got != strings.ToLower(sent) {
			t.Errorf("%q became %q", sent, got)
		}
	}
}

func TestSecretKeepsEveryCharacter(t *testing.T) {
	t.Parallel()
	f := form.New(url.Values{"password": {" two  words "}})
	if got := f.Secret("password", "Enter your password"); got != " two  words " {
		t.Errorf("got %q", got)
	}
	if got := f.SecretField("password", "Password", "").Value; got != "" {
		t.Errorf("a password is shown again: %q", got)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		day, month, year string
		want             string
		message, target  string
	}{
		{"17", "9", "2019", "2019-09-17", "", ""},
		{"17", "Sept", "2019", "2019-09-17", "", ""},
		{"17", "Septober", "2019", "", "The month must be a number", "d-month"},
		{"29", "2", "2020", "2020-02-29", "", ""},
		{"29", "2", "2019", "", "Due date must be a real date", "d-day"},
		{"x", "2", "2019", "", "The day must be a number", "d-day"},
		{"1", "", "2019", "", "Due date must include a month", "d-month"},
		{"1", "13", "2019", "", "Due date must be a real date", "d-month"},
		{"1", "2", "19", "", "The year must be between 1900 and 2200", "d-year"},
		{"1", "2", "\xff", "", "The year must be a number", "d-year"},
		{"", " ", "", "", "Enter the due date", "d-day"},
	}
	for _, tt := range tests {
		t.Run(tt.day+" "+tt.month+" "+strings.ToValidUTF8(tt.year, "?"), func(t *testing.T) {
			t.Parallel()
			var want day.Date
			if tt.want != "" {
				want = day.Must(tt.want)
			}
			f := form.New(url.Values{"d-day": {tt.day}, "d-month": {tt.month}, "d-year": {tt.year}})
			if got := f.Date("d", "Due date", "Enter the due date"); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			field := f.DateField("d", "Due date", "")
			if field.Error != tt.message || field.Wrong != tt.target {
				t.Errorf("message %q at %q, want %q at %q", field.Error, field.Wrong, tt.message, tt.target)
			}
		})
	}
}

func TestDateWithPrecision(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, day, month, year, precision, want, message string }{
		{"a month", "", "6", "2019", "month", "June 2019", ""},
		{"a month with a day too keeps the month alone", "4", "6", "2019", "month", "June 2019", ""},
		{"a year", "", "", "2019", "year", "2019", ""},
		{"not before", "20", "7", "2022", "not before", "not before 20 July 2022", ""},
		{"a day without its day", "", "6", "2019", "day", "", "Published must include a day"},
		{"no precision", "", "", "2019", "", "", "Choose how much of the date is known"},
		{"nothing at all", "", "", "", "day", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := form.New(url.Values{
				"published-day": {tt.day}, "published-month": {tt.month}, "published-year": {tt.year},
				"published-precision": {tt.precision},
			})
			got := f.DateWithPrecision("published", "Published", "")
			if got.Words() != tt.want {
				t.Errorf("got %q, want %q", got.Words(), tt.want)
			}
			if got := f.Errors().For("published"); got != tt.message {
				t.Errorf("message %q, want %q", got, tt.message)
			}
			values := url.Values{}
			form.PutDateWithPrecision(values, "published", got)
			if again := form.New(values).DateWithPrecision("published", "Published", ""); again != got {
				t.Errorf("put into a form and read again: %v, want %v", again, got)
			}
		})
	}
}
