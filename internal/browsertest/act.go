package browsertest

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// driver finds elements in the page; every function given to eval can use it.
const driver = `
const plain = text => (text || '').replace(/\s+/g, ' ').trim();
const shown = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
const name = e => plain(e.getAttribute('aria-label') || (e.tagName === 'INPUT' ? e.value : e.textContent));
const find = selector => {
  const named = /^(button|link|label):(.*)$/s.exec(selector);
  if (!named) {
    const e = document.querySelector(selector);
    if (!e) throw new Error('nothing matches ' + selector);
    return e;
  }
  const css = {button: 'button, input[type=submit], [role=button]', link: 'a[href]', label: 'label'}[named[1]];
  const all = [...document.querySelectorAll(css)].filter(shown);
  const hits = all.filter(e => name(e) === plain(named[2]));
  if (hits.length !== 1) {
    throw new Error(hits.length + ' match "' + selector + '"; there are: ' + all.map(name).join(' | '));
  }
  if (named[1] !== 'label') return hits[0];
  if (!hits[0].control) throw new Error('the label "' + named[2] + '" belongs to no field');
  return hits[0].control;
};
const describe = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' "' + name(e).slice(0, 80) + '"';
`

// clickable scrolls to the element and says where to press, refusing what a person could not press.
const clickable = `selector => {
  const e = find(selector);
  if (e.disabled) throw new Error(describe(e) + ' is disabled');
  e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
  const box = e.getClientRects()[0];
  if (!box) throw new Error(describe(e) + ' is not shown');
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  if (!top || !(e.contains(top) || top.contains(e) || [...(e.labels || [])].some(l => l.contains(top)))) {
    throw new Error(describe(e) + ' is covered by ' + (top ? describe(top) : 'nothing: outside the window'));
  }
  return {x, y};
}`

func press(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		at, err := evaluate[struct{ X, Y float64 }](clickable, selector)(ctx, tab)
		if err != nil {
			return err
		}
		_, err = chromedp.MouseClickXY(at.X, at.Y)(ctx, tab)
		return err
	})
}

// Click presses a link or a button and waits for the page that it leads to.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.navigate("click "+selector, press(selector))
}

// Press presses something that leads to no other page, such as a disclosure or a scripted button.
func (p *Page) Press(selector string) {
	p.t.Helper()
	do(p, "press "+selector, press(selector))
}

// Fill replaces what stands in a text field, as a person typing would.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	eval[chromedp.Void](p, "fill "+selector, `selector => {
	  const e = find(selector);
	  if (e.disabled || e.readOnly) throw new Error(describe(e) + ' cannot be changed');
	  if (!shown(e)) throw new Error(describe(e) + ' is not shown');
	  e.focus();
	  e.select();
	}`, selector)
	do(p, "fill "+selector, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if text == "" {
			_, err := chromedp.KeyEvent(keys["Backspace"].text)(ctx, tab)
			return err
		}
		_, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
	if got := p.Value(selector); got != text {
		p.failf("fill %s: the field holds %q instead of %q", selector, got, text)
	}
}

// Value is what a field holds.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	return eval[string](p, "read the value of "+selector, `selector => find(selector).value.replace(/\r\n/g, '\n')`, selector)
}

// Check ticks a checkbox or picks a radio button; one already ticked stays so.
func (p *Page) Check(selector string) {
	p.t.Helper()
	if p.Checked(selector) {
		return
	}
	p.Press(selector)
	if !p.Checked(selector) {
		p.failf("check %s: it is still not ticked", selector)
	}
}

// Uncheck clears a checkbox.
func (p *Page) Uncheck(selector string) {
	p.t.Helper()
	if !p.Checked(selector) {
		return
	}
	p.Press(selector)
	if p.Checked(selector) {
		p.failf("uncheck %s: it is still ticked", selector)
	}
}

// Checked reports whether a checkbox or radio button is ticked.
func (p *Page) Checked(selector string) bool {
	p.t.Helper()
	return eval[bool](p, "read "+selector, `selector => find(selector).checked`, selector)
}

// Choose picks the option of a select by the text that it shows.
func (p *Page) Choose(selector, option string) {
	p.t.Helper()
	eval[chromedp.Void](p, "choose "+option+" in "+selector, `(selector, option) => {
	  const e = find(selector);
	  const hit = [...e.options].find(o => plain(o.textContent) === plain(option));
	  if (!hit) throw new Error('no option "' + option + '"; there are: ' + [...e.options].map(o => plain(o.textContent)).join(' | '));
	  e.focus();
	  e.value = hit.value;
	  e.dispatchEvent(new Event('input', {bubbles: true}));
	  e.dispatchEvent(new Event('change', {bubbles: true}));
	}`, selector, option)
}

// Upload puts files into a file field.
func (p *Page) Upload(selector string, paths ...string) {
	p.t.Helper()
	do(p, "upload to "+selector, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		field, err := evaluate[*runtime.RemoteObject](`selector => find(selector)`, selector)(ctx, tab)
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: paths, ObjectID: field.ObjectID})
		return err
	}))
}

// Text is the visible text of the first element that matches, white space collapsed.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return eval[string](p, "read the text of "+selector, `selector => plain(find(selector).innerText)`, selector)
}

// Texts are the visible texts of all elements that match the CSS selector; none is fine.
func (p *Page) Texts(css string) []string {
	p.t.Helper()
	return eval[[]string](p, "read the texts of "+css, `css => [...document.querySelectorAll(css)].map(e => plain(e.innerText))`, css)
}

// Attribute is an attribute's value, empty where the element lacks it.
func (p *Page) Attribute(selector, attribute string) string {
	p.t.Helper()
	return eval[string](p, "read "+attribute+" of "+selector,
		`(selector, attribute) => find(selector).getAttribute(attribute) || ''`, selector, attribute)
}

// Attributes are the values of an attribute of all elements that match the CSS selector.
func (p *Page) Attributes(css, attribute string) []string {
	p.t.Helper()
	return eval[[]string](p, "read "+attribute+" of all "+css,
		`(css, attribute) => [...document.querySelectorAll(css)].map(e => e.getAttribute(attribute) || '')`, css, attribute)
}

// Count is the number of elements that match the CSS selector.
func (p *Page) Count(css string) int {
	p.t.Helper()
	return eval[int](p, "count "+css, `css => document.querySelectorAll(css).length`, css)
}

// Wait returns once a visible element matches the CSS selector: for what a script adds after the page has loaded.
func (p *Page) Wait(css string) {
	p.t.Helper()
	do(p, "wait for "+css, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			there, err := evaluate[bool](`css => { const e = document.querySelector(css); return !!e && shown(e) }`, css)(ctx, tab)
			if err != nil || there {
				return err
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("it never came: %w", ctx.Err())
			case <-tick.C:
			}
		}
	}))
}
