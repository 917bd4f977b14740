package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Options say which browser a person uses.
type Options struct {
	Width      int  // of the window in CSS pixels; 0 means 1280. 320 is the narrowest that WCAG asks for
	JavaScript bool // off means that scripts of the page never run
}

// Page is one person's browser: its own cookies, one tab. Its methods fail the test with the page's HTML and a
// screenshot kept. It belongs to the goroutine of its test.
//
// A selector is CSS, or names what a reader sees: "button:Sign in", "link:Arrangements", "label:Email address".
// The named forms must match exactly one visible element.
type Page struct {
	t        testing.TB
	ctx      context.Context
	options  Options
	status   int
	failures int // reported so far, to tell what is kept of each apart

	mu       sync.Mutex
	problems []string
	document network.RequestID // of the page that was loaded last
}

// Page opens a browser profile of its own, closed when the test ends. A script error or a breach of the content
// security policy on any of its pages fails the test.
func (b *Browser) Page(t testing.TB, o Options) *Page {
	t.Helper()
	if o.Width == 0 {
		o.Width = 1280
	}
	return open(t, b.ctx, o, chromedp.WithNewBrowserContext())
}

// Window opens another window of the same person's browser: it shares the cookies.
func (p *Page) Window() *Page {
	p.t.Helper()
	return open(p.t, p.ctx, p.options)
}

func open(t testing.TB, parent context.Context, o Options, how ...chromedp.ContextOption) *Page {
	t.Helper()
	p := &Page{t: t, options: o}
	ctx, cancel := chromedp.NewContext(parent, append(how, chromedp.WithListener(p.listen))...)
	p.ctx = ctx
	t.Cleanup(func() {
		for _, problem := range p.Problems() {
			t.Errorf("the browser reports: %s", problem)
		}
		cancel()
	})
	err := chromedp.Do(ctx,
		chromedp.EmulateViewport(int64(o.Width), 900),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
				return err
			}
			return nil
		}),
		scripts(o.JavaScript))
	if err != nil {
		t.Fatalf("open a page: %v", err)
	}
	return p
}

// scripts switches the page's scripts on or off.
func scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// Problems are the script errors and breaches of the content security policy so far. Reading them clears them, so a
// test that expects one does not fail for it.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	problems := p.problems
	p.problems = nil
	return problems
}

// listen runs on the goroutine that reads the browser's messages: it may only note things down.
func (p *Page) listen(event any) {
	var problem string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceSecurity && e.Entry.Source != log.EntrySourceViolation {
			return
		}
		problem = e.Entry.Text
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.document = e.RequestID
		}
		return
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, problem)
}

// Go opens an address and waits until the page has loaded. Any status is fine; see Status.
func (p *Page) Go(url string) {
	p.t.Helper()
	p.navigate("open "+url, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		result, err := cdp.Call(ctx, tab, page.Navigate, page.NavigateParams{URL: url})
		if err == nil && result.ErrorText != "" {
			err = fmt.Errorf("%s", result.ErrorText)
		}
		return err
	}))
}

// Back goes to the page before, as the browser's back button does.
func (p *Page) Back() {
	p.t.Helper()
	do(p, "go back", chromedp.NavigateBack())
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.navigate("reload", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.Reload, page.ReloadParams{})
		return err
	}))
}

// navigate runs a step that leads to another page, or to a place on this one, and waits for it.
func (p *Page) navigate(what string, step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		p.failf("%s: %v (a step that leads to no other page is Press, not Click)", what, err)
	}
	if response != nil {
		p.status = int(response.Status)
	}
}

// Status is the HTTP status of the page that was loaded last, after redirects.
func (p *Page) Status() int { return p.status }

// URL is the address shown.
func (p *Page) URL() string {
	p.t.Helper()
	return eval[string](p, "read the address", `() => document.location.href`)
}

// Path is the address shown without scheme and host.
func (p *Page) Path() string {
	p.t.Helper()
	return eval[string](p, "read the path", `() => location.pathname + location.search + location.hash`)
}

// Title is the page's title.
func (p *Page) Title() string {
	p.t.Helper()
	return eval[string](p, "read the title", `() => document.title`)
}

// HTML is the page as the browser now holds it, scripts' changes included.
func (p *Page) HTML() string {
	p.t.Helper()
	return eval[string](p, "read the HTML", `() => document.documentElement.outerHTML`)
}

// Source is the page's bytes as the server sent them.
func (p *Page) Source() []byte {
	p.t.Helper()
	p.mu.Lock()
	document := p.document
	p.mu.Unlock()
	return do(p, "read the source", func(ctx context.Context, tab *chromedp.Target) ([]byte, error) {
		result, err := cdp.Call(ctx, tab, network.GetResponseBody, network.GetResponseBodyParams{RequestID: document})
		return []byte(result.Body), err
	})
}

// Cookies are those that the browser holds for the page, HttpOnly ones included, for requests that a test writes itself.
func (p *Page) Cookies() []*http.Cookie {
	p.t.Helper()
	held := do(p, "read the cookies", func(ctx context.Context, tab *chromedp.Target) ([]*network.Cookie, error) {
		result, err := cdp.Call(ctx, tab, network.GetCookies, network.GetCookiesParams{})
		return result.Cookies, err
	})
	cookies := make([]*http.Cookie, 0, len(held))
	for _, c := range held {
		cookies = append(cookies, &http.Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure, HttpOnly: c.HTTPOnly})
	}
	return cookies
}

// do runs one action within patience and fails the test if it goes wrong.
func do[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.failf("%s: %v", what, err)
	}
	return value
}

// eval calls a JavaScript function over the page with the arguments and gives back what it returns.
func eval[T any](p *Page, what, function string, args ...any) T {
	p.t.Helper()
	return do(p, what, evaluate[T](function, args...))
}

// evaluate runs in a world of its own: the page's content security policy doesn't reach there, nor does switching
// the page's scripts off.
func evaluate[T any](function string, args ...any) chromedp.Action[T] {
	return func(ctx context.Context, tab *chromedp.Target) (T, error) {
		var zero T
		encoded := make([]string, 0, len(args))
		for _, arg := range args {
			text, err := json.Marshal(arg)
			if err != nil {
				return zero, err
			}
			encoded = append(encoded, string(text))
		}
		tree, err := cdp.Call(ctx, tab, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return zero, err
		}
		world, err := cdp.Call(ctx, tab, page.CreateIsolatedWorld,
			page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID, WorldName: "browsertest"})
		if err != nil {
			return zero, err
		}
		expression := "(() => {" + driver + "\nreturn (" + function + ")(" + strings.Join(encoded, ", ") + ")})()"
		return chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise, func(params *runtime.EvaluateParams) {
			params.ContextID = world.ExecutionContextID
		})(ctx, tab)
	}
}

// Links are the addresses on the same site that the page links to, without their fragments, each once.
func (p *Page) Links() []string {
	p.t.Helper()
	return eval[[]string](p, "read the links", `() => [...new Set([...document.querySelectorAll('a[href]:not([download])')]
	  .map(a => new URL(a.href)).filter(u => u.origin === location.origin).map(u => u.origin + u.pathname + u.search))]`)
}
