package browsertest

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// Violation is one accessibility rule that a page breaks.
type Violation struct {
	ID, Impact, Help, HelpURL string
	Nodes                     []ViolationNode
}

// ViolationNode is one place where a rule is broken.
type ViolationNode struct {
	Target, HTML, Summary string
}

// String is a few lines for a test's report.
func (v Violation) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s (%s): %s\n  %s", v.ID, v.Impact, v.Help, v.HelpURL)
	for _, n := range v.Nodes {
		fmt.Fprintf(&s, "\n  at %s\n    %s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return s.String()
}

var axeSource = sync.OnceValues(func() (string, error) {
	path, err := module("axe-core", "axe.min.js")
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(path)
	return string(source), err
})

// Axe runs axe-core over the page: WCAG 2.2 A and AA, and its best practices. It works with the page's scripts off too.
func (p *Page) Axe() []Violation {
	p.t.Helper()
	source, err := axeSource()
	if err != nil {
		p.t.Fatalf("axe-core: %v", err)
	}
	if !p.options.JavaScript {
		// Axe waits by timers, which stand still with scripts off. The page's own scripts are past their turn by now.
		do(p, "let axe run", scripts(true))
		defer func() { do(p, "switch scripts off again", scripts(false)) }()
	}
	if !eval[bool](p, "look for axe", `() => typeof globalThis.axe === 'object'`) {
		eval[chromedp.Void](p, "load axe", "() => {"+source+"\nglobalThis.axe = globalThis.axe || axe}")
	}
	report := eval[struct {
		Rules      int
		Violations []Violation
	}](p, "run axe", `async () => {
	  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
	  const result = await axe.run(document, {
	    runOnly: {type: 'tag', values: tags},
	    rules: {'target-size': {enabled: true}},
	    resultTypes: ['violations'],
	  });
	  const target = t => t.map(part => [].concat(part).join(' >>> ')).join(' ');
	  return {
	    Rules: result.passes.length + result.violations.length,
	    Violations: result.violations.map(v => ({ID: v.id, Impact: v.impact || '', Help: v.help, HelpURL: v.helpUrl,
	      Nodes: v.nodes.map(n => ({Target: target(n.target), HTML: n.html.slice(0, 300), Summary: n.failureSummary || ''}))})),
	  };
	}`)
	// A checker that ran nothing passes everything.
	if report.Rules < 5 {
		p.failf("axe applied only %d rules: it did not see the page", report.Rules)
	}
	return report.Violations
}

// CheckAccessible fails the test for each violation that axe finds, and goes on.
func (p *Page) CheckAccessible() {
	p.t.Helper()
	violations := p.Axe()
	for _, v := range violations {
		p.t.Errorf("axe: %s", v)
	}
	if len(violations) > 0 {
		p.t.Log(p.evidence())
	}
}

// NoHorizontalScroll fails the test, naming the widest elements, if the page is wider than its window.
func (p *Page) NoHorizontalScroll() {
	p.t.Helper()
	tooWide := p.tooWide()
	if tooWide != "" {
		p.t.Errorf("the page scrolls sideways: %s", tooWide)
		p.t.Log(p.evidence())
	}
}

func (p *Page) tooWide() string {
	p.t.Helper()
	return eval[string](p, "measure the page", `() => {
	  const seen = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
	  if (whole <= seen) return '';
	  const culprits = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > seen + 1)
	    .filter(e => ![...e.children].some(c => c.getBoundingClientRect().right > seen + 1));
	  return whole + ' in a window of ' + seen + ' pixels: ' + culprits.slice(0, 5).map(describe).join(', ');
	}`)
}

// CheckPage is the bar for every page: no accessibility violation, no sideways scrolling, HTML without errors.
func (p *Page) CheckPage(name string) {
	p.t.Helper()
	p.CheckAccessible()
	p.NoHorizontalScroll()
	CheckHTML(p.t, name, p.Source())
}
