package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/browsertest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/mail/mailtest"
	"partnershipportal/web/route"
)

const (
	support    = "support@kscmp.example"
	council    = "lead@kent-county-council.example"
	police     = "lead@kent-police.example"
	health     = "lead@kent-ccgs.example"
	deputy     = "deputy@kent-police.example"
	office     = "office@kent-police.example"
	scrutineer = "scrutineer@kscmp.example"
	agency     = "staff@district-council.example"
	admin      = "admin@kscmp.example"
)

// story is a demonstration of its own, with its database and its mail server, and the browsers of those who take part.
type story struct {
	t          *testing.T
	address    string
	data       string
	javaScript bool
	post       *mailtest.Catcher
	letters    []letter // that have arrived so far
}

func newStory(t *testing.T, javaScript bool) *story {
	t.Helper()
	st := &story{t: t, data: t.TempDir(), javaScript: javaScript, post: mailtest.Start(t, "")}
	st.address, _ = runPortalWith(t, "demo", map[string]string{"PORTAL_DATA_DIR": st.data,
		"PORTAL_SMTP_URL": st.post.URL(), "PORTAL_MAIL_FROM": "portal@kscmp.example"})
	return st
}

// person is somebody at their own browser.
type person struct {
	*browsertest.Page
	st *story
}

// visitor is somebody who is not signed in.
func (st *story) visitor() person {
	st.t.Helper()
	return person{browsertest.Start(st.t).Page(st.t, browsertest.Options{JavaScript: st.javaScript}), st}
}

// signedIn is somebody who has gone through the sign-in page.
func (st *story) signedIn(email string) person {
	st.t.Helper()
	p := st.visitor()
	p.open(route.Root)
	p.Click("link:Sign in")
	p.signIn(email, demo.Password)
	p.at(route.Home)
	return p
}

// signIn fills in the sign-in page.
func (p person) signIn(email, password string) {
	p.st.t.Helper()
	p.Fill("label:Email address", email)
	p.Fill("label:Password", password)
	p.Click("button:Sign in")
}

func (p person) open(path string) {
	p.st.t.Helper()
	p.Go(p.st.address + path)
	p.expectStatus(http.StatusOK)
}

func (p person) expectStatus(want int) {
	p.st.t.Helper()
	if p.Status() != want {
		p.st.t.Fatalf("%s answers %d, want %d: %s", p.Path(), p.Status(), want, p.Text("main"))
	}
}

// at demands that the person has come to a path, whatever its query.
func (p person) at(path string) {
	p.st.t.Helper()
	got := strings.FieldsFunc(p.Path(), func(r rune) bool { return r == '?' || r == '#' })[0]
	if got != path {
		p.st.t.Fatalf("the browser is at %s, want %s: %s", p.Path(), path, p.Text("main"))
	}
}

// reads demands that the main part of the page says something.
func (p person) reads(wants ...string) {
	p.st.t.Helper()
	text := p.Text("main")
	for _, want := range wants {
		if !strings.Contains(text, want) {
			p.st.t.Fatalf("%s does not say %q. It says: %s", p.Path(), want, text)
		}
	}
}

// misses demands that the main part of the page does not say something.
func (p person) misses(unwanted string) {
	p.st.t.Helper()
	if text := p.Text("main"); strings.Contains(text, unwanted) {
		p.st.t.Errorf("%s says %q: %s", p.Path(), unwanted, text)
	}
}

// fillDate fills in the three fields of a date.
func (p person) fillDate(name string, d day.Date) {
	p.st.t.Helper()
	p.Fill("#"+name+"-day", strconv.Itoa(d.Day()))
	p.Fill("#"+name+"-month", strconv.Itoa(int(d.Month())))
	p.Fill("#"+name+"-year", strconv.Itoa(d.Year()))
}

// digest is the first digest that the page shows.
func (p person) digest() string {
	p.st.t.Helper()
	digest := strings.ReplaceAll(p.Text(".app-digest__value code"), " ", "")
	if len(digest) != 64 {
		p.st.t.Fatalf("%s shows the digest %q", p.Path(), digest)
	}
	return digest
}

// sign takes an officer from the page of a round to their receipt.
func (p person) sign(body string) {
	p.st.t.Helper()
	p.Click("#act button")
	p.reads("Confirm your signature", body, "This is final.")
	p.Check("#declaration")
	p.Fill("label:Your password", demo.Password)
	p.Click("button:Sign for " + body)
	p.expectStatus(http.StatusOK)
	p.reads("Signed for "+body, "Receipt number")
}

// letter is an e-mail as the mail server took it.
type letter struct{ to, subject, text string }

// letter waits for a letter to somebody whose subject begins so and whose text contains all the words.
func (st *story) letter(to, subject string, words ...string) letter {
	st.t.Helper()
	matches := func(l letter) bool {
		for _, w := range words {
			if !strings.Contains(l.text, w) {
				return false
			}
		}
		return l.to == to && strings.HasPrefix(l.subject, subject)
	}
	for _, l := range st.letters {
		if matches(l) {
			return l
		}
	}
	for {
		l := st.read(st.post.Next(st.t))
		st.letters = append(st.letters, l)
		if matches(l) {
			return l
		}
	}
}

// read takes the plain text out of a letter.
func (st *story) read(d mailtest.Delivery) letter {
	st.t.Helper()
	message := d.Message(st.t)
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		st.t.Fatalf("the subject of the letter to %s: %v", d.To, err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		st.t.Fatalf("the letter to %s: %v", d.To, err)
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			st.t.Fatalf("the letter to %s has no plain text: %v", d.To, err)
		}
		if !strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			continue
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			st.t.Fatalf("the text of the letter to %s: %v", d.To, err)
		}
		return letter{d.To, subject, strings.ReplaceAll(string(text), "\r\n", "\n")}
	}
}

var address = regexp.MustCompile(`http://\S+`)

// link is the one address in a letter.
func (l letter) link(t *testing.T) string {
	t.Helper()
	link := address.FindString(l.text)
	if link == "" {
		t.Fatalf("the letter %q to %s leads nowhere: %s", l.subject, l.to, l.text)
	}
	return link
}

// file fetches an address as a program would, without anybody's session.
func (st *story) file(path string) []byte {
	st.t.Helper()
	response, err := http.Get(st.address + path)
	if err != nil {
		st.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		st.t.Fatalf("%s answers %s: %v", path, response.Status, err)
	}
	return body
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func today() day.Date { return day.Of(time.Now()) }
