package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/id"
	"partnershipportal/web/route"
)

// errAway says that no answer came, or one that asks to come back later: the portal or its database is gone.
var errAway = errors.New("the portal is away")

// awayLimit is how long a client waits for a portal that is away.
const awayLimit = 3 * time.Minute

// mustWait is what an officer reads whose presses were cut off five times after their password was counted.
const mustWait = "Too many wrong passwords were tried."

// client is a person's browser, as far as signing needs one: it keeps cookies and follows nothing by itself.
type client struct {
	address string
	cookies map[string]string
	http    http.Client
}

func newClient(address string) *client {
	return &client{address: address, cookies: map[string]string{}, http: http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// send asks for a page, or sends a form if there is one. A portal that is away is told apart; anything else is given back.
func (c *client) send(ctx context.Context, path string, form url.Values) (*http.Response, string, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, c.address+path, body)
	if err != nil {
		return nil, "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range c.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value, Quoted: false})
	}
	response, err := c.http.Do(r)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errAway, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errAway, err)
	}
	for _, cookie := range response.Cookies() {
		c.cookies[cookie.Name] = cookie.Value
	}
	if response.StatusCode == http.StatusServiceUnavailable {
		if response.Header.Get("Retry-After") == "" {
			return nil, "", fmt.Errorf("%s %s: 503 without Retry-After", method, path)
		}
		return nil, "", fmt.Errorf("%w: %s", errAway, response.Status)
	}
	return response, string(text), nil
}

// patiently does something again each time the portal is back, until it gets an answer.
func (c *client) patiently(ctx context.Context, what func() error) error {
	ctx, cancel := context.WithTimeout(ctx, awayLimit)
	defer cancel()
	for {
		err := what()
		if !errors.Is(err, errAway) {
			return err
		}
		if waited := c.awaitReady(ctx); waited != nil {
			return fmt.Errorf("%w, for %s: %w", err, awayLimit, waited)
		}
	}
}

// awaitReady returns when the portal says that it is ready.
func (c *client) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		if response, err := c.http.Do(r); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

// expect sends something, patiently, and wants the status. It gives back the text, or where a redirect leads.
func (c *client) expect(ctx context.Context, status int, path string, form url.Values) (string, error) {
	var got string
	err := c.patiently(ctx, func() error {
		response, text, err := c.send(ctx, path, form)
		if err != nil {
			return err
		}
		if response.StatusCode != status {
			return fmt.Errorf("%s answers %s, want %d: %s", path, response.Status, status, firstHeading(text))
		}
		if got = text; status == http.StatusSeeOther {
			got = response.Header.Get("Location")
		}
		return nil
	})
	return got, err
}

var heading = regexp.MustCompile(`(?s)<h[12][^>]*>(.*?)</h[12]>`)

func firstHeading(page string) string {
	if found := heading.FindStringSubmatch(page); found != nil {
		return strings.TrimSpace(found[1])
	}
	return fmt.Sprintf("%.200s", page)
}

// signer is a lead officer at their browser.
type signer struct {
	*client
	ledger *ledger
	email  string
}

func (s *signer) signIn(ctx context.Context) error {
	_, err := s.expect(ctx, http.StatusSeeOther, route.SignIn, url.Values{"email": {s.email}, "password": {accounttest.Password}})
	return err
}

var (
	digestField     = regexp.MustCompile(`name="digest"[^>]*value="([0-9a-f]{64})"`)
	statementOfPath = regexp.MustCompile(`statement=([0-9a-f-]{36})`)
)

// issued reads the page of a round, goes on from it, and gives the statement that is to be confirmed.
func (s *signer) issued(ctx context.Context, round id.Round, decline bool) (string, error) {
	page, err := s.expect(ctx, http.StatusOK, route.SignOffRoundTo(round), nil)
	if err != nil {
		return "", err
	}
	digest := digestField.FindStringSubmatch(page)
	if digest == nil {
		return "", fmt.Errorf("round %d shows no digest to sign: %s", round, firstHeading(page))
	}
	path, form := route.SignOffSignTo(round), url.Values{"digest": {digest[1]}}
	if decline {
		path, form = route.SignOffDeclineTo(round), url.Values{"digest": {digest[1]}, "reason": {"On second thoughts."}}
	}
	location, err := s.expect(ctx, http.StatusSeeOther, path, form)
	if err != nil {
		return "", err
	}
	statement := statementOfPath.FindStringSubmatch(location)
	if statement == nil {
		return "", fmt.Errorf("round %d leads on to %s, which names no statement", round, location)
	}
	_, err = s.expect(ctx, http.StatusOK, location, nil)
	return statement[1], err
}

// sign goes through the pages of a round to its receipt. A press without an answer is pressed again: it must get a
// receipt, whether or not the first press had counted.
func (s *signer) sign(ctx context.Context, round id.Round) error {
	statement, err := s.issued(ctx, round, false)
	if err != nil {
		return err
	}
	press := url.Values{"statement": {statement}, "declaration": {"yes"}, "password": {accounttest.Password}}
	s.ledger.submit(statement)
	first := true
	err = s.patiently(ctx, func() error {
		response, text, err := s.send(ctx, route.SignOffConfirmTo(round), press)
		if first && errors.Is(err, errAway) {
			s.ledger.unanswered()
		}
		first = false
		if err != nil {
			return err
		}
		if strings.Contains(text, mustWait) {
			<-time.After(time.Second)
			return fmt.Errorf("%w: %s", errAway, mustWait)
		}
		if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != route.SignOffReceiptTo(round) {
			return fmt.Errorf("signing round %d: %s: %s", round, response.Status, firstHeading(text))
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.ledger.acknowledge(statement)
	return nil
}

// signAll signs the rounds in turn, once signed in. Of some it also begins to decline, and never confirms that.
func (s *signer) signAll(ctx context.Context, rounds []id.Round) error {
	for i, round := range rounds {
		if i%5 == 0 {
			if _, err := s.issued(ctx, round, true); err != nil {
				return err
			}
		}
		if err := s.sign(ctx, round); err != nil {
			return err
		}
	}
	return nil
}
