package ui

import (
	"testing"

	"partnershipportal/internal/browsertest"
	"partnershipportal/web/form"
)

func TestWithoutScript(t *testing.T) {
	t.Parallel()
	p := browsertest.Start(t).Page(t, browsertest.Options{Width: 320})
	p.Go(serve(t, draw(t, Layout(chromes()["signed in with an error"], Styleguide()))))
	p.NoHorizontalScroll()
	for _, hidden := range []string{".app-copy:not([hidden])", ".govuk-password-input__toggle:not([hidden])", "dialog[open]"} {
		if n := p.Count(hidden); n != 0 {
			t.Errorf("%d %s, which work only with a script", n, hidden)
		}
	}
}

func TestCopyButtonAppearsWithScript(t *testing.T) {
	t.Parallel()
	p := browsertest.Start(t).Page(t, browsertest.Options{JavaScript: true})
	p.Go(serve(t, draw(t, Layout(chromes()["public"], Digest{Value: exampleDigest}))))
	p.Wait(".app-copy:not([hidden])")
	p.Press(".app-copy")
	p.Wait(".app-digest__status:not(:empty)")
	if got := p.Text(".app-digest__value"); len(got) < len(exampleDigest) {
		t.Errorf("the digest is not shown whole: %q", got)
	}
}

func TestIdleSession(t *testing.T) {
	t.Parallel()
	page := func(t *testing.T, seconds int) *browsertest.Page {
		c := chromes()["signed in with an error"]
		c.SignedIn.IdleSeconds = seconds
		p := browsertest.Start(t).Page(t, browsertest.Options{JavaScript: true})
		p.Go(serve(t, draw(t, Layout(c, Heading{Text: c.Title}))))
		p.Wait("dialog[open]")
		return p
	}
	t.Run("a warning comes before the end and can be answered", func(t *testing.T) {
		t.Parallel()
		p := page(t, 12)
		p.Press("button:Stay signed in")
		p.Wait("body:not(:has(dialog[open])) h1")
	})
	t.Run("after the end there is nothing to stay in", func(t *testing.T) {
		t.Parallel()
		p := page(t, 2)
		p.Wait("dialog[open] [data-idle-stay][hidden]")
		p.CheckAccessible()
		p.Press("[data-idle-close]")
		p.Wait("body:not(:has(dialog[open])) h1")
	})
}

func TestUnsavedTextIsNoticed(t *testing.T) {
	t.Parallel()
	p := browsertest.Start(t).Page(t, browsertest.Options{JavaScript: true})
	p.Go(serve(t, draw(t, Layout(chromes()["public"], exampleUnsaved()))))
	p.Fill("label:Title", "New words")
	p.Wait("[data-unsaved-hint]:not(:empty)")
}

func TestLongTextIsCounted(t *testing.T) {
	t.Parallel()
	p := browsertest.Start(t).Page(t, browsertest.Options{JavaScript: true})
	p.Go(serve(t, draw(t, Layout(chromes()["public"], Textarea{Field: form.Field{Name: "reasons", Label: "Reasons"}, Max: 10}))))
	p.Fill("label:Reasons", "more than ten characters")
	p.Wait(".govuk-character-count__status.govuk-error-message")
}
