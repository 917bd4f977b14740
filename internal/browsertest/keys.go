package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

type key struct {
	text      string
	modifiers []chromedp.Modifier
}

var keys = map[string]key{
	"Tab":        {text: kb.Tab},
	"Shift+Tab":  {text: kb.Tab, modifiers: []chromedp.Modifier{chromedp.ModifierShift}},
	"Enter":      {text: kb.Enter},
	"Space":      {text: " "},
	"Escape":     {text: kb.Escape},
	"Backspace":  {text: kb.Backspace},
	"Home":       {text: kb.Home},
	"End":        {text: kb.End},
	"ArrowDown":  {text: kb.ArrowDown},
	"ArrowUp":    {text: kb.ArrowUp},
	"ArrowLeft":  {text: kb.ArrowLeft},
	"ArrowRight": {text: kb.ArrowRight},
}

func keystrokes(names []string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, name := range names {
			k, known := keys[name]
			if !known {
				// Anything that is not the name of a key is typed as it stands.
				k = key{text: name}
			}
			if _, err := chromedp.KeyEvent(k.text, chromedp.KeyModifiers(k.modifiers...))(ctx, tab); err != nil {
				return fmt.Errorf("key %q: %w", name, err)
			}
		}
		return nil
	})
}

// Keys presses keys by name (Tab, Shift+Tab, Enter, Space, Escape, Backspace, Home, End, ArrowDown, ArrowUp,
// ArrowLeft, ArrowRight) where the focus is; any other text is typed.
func (p *Page) Keys(names ...string) {
	p.t.Helper()
	do(p, fmt.Sprintf("press the keys %q", names), keystrokes(names))
}

// KeysGo is Keys where the last key leads to another page.
func (p *Page) KeysGo(names ...string) {
	p.t.Helper()
	p.navigate(fmt.Sprintf("press the keys %q", names), keystrokes(names))
}

// Focus is the element that the keyboard acts on.
type Focus struct {
	Tag, ID, Name string
	Text          string // what a reader sees on it, or its label
	Visible       bool   // shown, and marked by an outline, a shadow or a background that it lacks without focus
}

// Focused says where the focus is. At the top of a fresh page that is the body.
func (p *Page) Focused() Focus {
	p.t.Helper()
	return eval[Focus](p, "find the focus", `() => {
	  const e = document.activeElement || document.body;
	  const look = el => { const s = getComputedStyle(el); return [s.outlineStyle === 'none' ? '' : s.outlineWidth + s.outlineColor,
	    s.boxShadow, s.backgroundColor, s.borderColor].join() };
	  const marks = [e, ...(e.labels || [])];
	  const looks = () => marks.flatMap(m => [look(m), (s => s.content + s.outlineWidth + s.outlineStyle + s.boxShadow)(getComputedStyle(m, '::before'))]).join(';');
	  let visible = false;
	  if (e !== document.body && shown(e)) {
	    const focused = looks();
	    e.blur();
	    visible = looks() !== focused;
	    e.focus({preventScroll: true, focusVisible: true});
	  }
	  const label = e.labels && e.labels.length ? plain(e.labels[0].textContent) : name(e);
	  return {Tag: e.tagName.toLowerCase(), ID: e.id, Name: e.getAttribute('name') || '', Text: e === document.body ? '' : label, Visible: visible};
	}`)
}

// TabTo presses Tab until the focus is on the element, and fails if it never gets there or passes an element whose
// focus cannot be seen.
func (p *Page) TabTo(selector string) {
	p.t.Helper()
	const most = 300
	for range most {
		p.Keys("Tab")
		if focus := p.Focused(); focus.Tag != "body" && !focus.Visible {
			p.failf("tab to %s: the focus on %s %q (id %q) cannot be seen", selector, focus.Tag, focus.Text, focus.ID)
		}
		if eval[bool](p, "tab to "+selector, `selector => find(selector) === document.activeElement`, selector) {
			return
		}
	}
	p.failf("tab to %s: not reached with %d presses", selector, most)
}
