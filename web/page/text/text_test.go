package text_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"

	"partnershipportal/web/page/text"
)

func texts() map[string]string {
	return map[string]string{
		"how arrangements are agreed": text.HowArrangementsAreAgreed,
		"accessibility":               text.Accessibility,
		"privacy":                     text.Privacy,
		"cookies":                     text.Cookies,
	}
}

var kent = text.Details{Partnership: "Kent Safeguarding Children Partnership", ContactEmail: "support@kscmp.example", ContactPhone: "0300 000 0000"}

func TestEveryTextFillsCompletely(t *testing.T) {
	t.Parallel()
	for name, raw := range texts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := text.Fill(raw, kent)
			if page.Title == "" || strings.Contains(page.Title, "#") {
				t.Errorf("title %q", page.Title)
			}
			if strings.Contains(page.Markdown, "{{") {
				t.Error("a place is left open")
			}
			for _, want := range []string{kent.Partnership, kent.ContactEmail, kent.ContactPhone} {
				if !strings.Contains(page.Markdown, want) {
					t.Errorf("does not say %q", want)
				}
			}
		})
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	t.Run("leaves out the line of an empty detail", func(t *testing.T) {
		t.Parallel()
		page := text.Fill("# T\n\n- Email: {{contact-email}}\n- Telephone: {{contact-phone}}\n", text.Details{ContactEmail: "a@b.example"})
		if page.Markdown != "- Email: a@b.example\n" {
			t.Errorf("got %q", page.Markdown)
		}
	})
	t.Run("shows a detail as typed, mark-up and places included", func(t *testing.T) {
		t.Parallel()
		name := "A & B &amp; *C* <b>[x](/y)</b> {{contact-phone}}"
		page := text.Fill("# T\n\nFor {{partnership}}.\n", text.Details{Partnership: name, ContactPhone: "1"})
		var html bytes.Buffer
		if err := goldmark.Convert([]byte(page.Markdown), &html); err != nil {
			t.Fatal(err)
		}
		want := "<p>For A &amp; B &amp;amp; *C* &lt;b&gt;[x](/y)&lt;/b&gt; {{contact-phone}}.</p>\n"
		if html.String() != want {
			t.Errorf("got %s", html.String())
		}
	})
	t.Run("makes a working address of an email with marks in it", func(t *testing.T) {
		t.Parallel()
		page := text.Fill("# T\n\n[{{contact-email}}](mailto:{{contact-email}})\n", text.Details{ContactEmail: "child_safe_kent@x.example"})
		var html bytes.Buffer
		if err := goldmark.Convert([]byte(page.Markdown), &html); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(html.String(), `<a href="mailto:child_safe_kent@x.example">child_safe_kent@x.example</a>`) {
			t.Errorf("got %s", html.String())
		}
	})
	t.Run("gives a review the day of the statement unless told otherwise", func(t *testing.T) {
		t.Parallel()
		page := text.Fill("# T\n\n{{statement-prepared}}, {{statement-reviewed}}\n", text.Details{Prepared: "1 May 2027"})
		if page.Markdown != "1 May 2027, 1 May 2027\n" {
			t.Errorf("got %q", page.Markdown)
		}
	})
}

var (
	link     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	sentence = regexp.MustCompile(`[.?!]\s+|\n\n|\n[-|]|\|`)
)

func TestNoSentenceIsLong(t *testing.T) {
	t.Parallel()
	for name, raw := range texts() {
		plain := link.ReplaceAllString(text.Fill(raw, kent).Markdown, "$1")
		for _, s := range sentence.Split(plain, -1) {
			if n := len(strings.Fields(s)); n > 25 {
				t.Errorf("%s: %d words: %s", name, n, s)
			}
		}
	}
}
