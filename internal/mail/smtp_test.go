package mail_test

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"partnershipportal/internal/mail"
	"partnershipportal/internal/mail/mailtest"
)

func letter() mail.Letter {
	return mail.Letter{Key: "letter-7.1574", Name: "Áine O’Neill", Email: "lead@kent-police.example", Subject: "Sign-off 1 is open",
		Text: "Plain words – with a dash.\n.\nA line after a dot.\n", HTML: "<p>Plain words</p>"}
}

func open(t *testing.T, url string) *mail.SMTP {
	t.Helper()
	s, err := mail.Open(url, "Kent partnership <portal@kscmp.example>")
	if err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	return s
}

// parts returns the text and the HTML of a delivery.
func parts(t *testing.T, d mailtest.Delivery) (text, html string) {
	t.Helper()
	m := d.Message(t)
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type = %q, %v; want multipart/alternative", kind, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return text, html
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Fatalf("the part is encoded as %q", p.Header.Get("Content-Transfer-Encoding"))
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		switch kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); kind {
		case "text/plain":
			text = string(body)
		case "text/html":
			html = string(body)
		default:
			t.Fatalf("unexpected part %q", kind)
		}
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	t.Run("the letter arrives in text and HTML with its headers", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "")
		if err := open(t, c.URL()).Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
		d := c.Next(t)
		if d.From != "portal@kscmp.example" || d.To != "lead@kent-police.example" {
			t.Errorf("envelope from %q to %q", d.From, d.To)
		}
		h := d.Message(t).Header
		for name, want := range map[string]string{
			"Message-Id": "<letter-7.1574@kscmp.example>", "Auto-Submitted": "auto-generated", "Subject": "Sign-off 1 is open",
			"From": `"Kent partnership" <portal@kscmp.example>`,
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		to, err := h.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Name != "Áine O’Neill" {
			t.Errorf("To = %v, %v", to, err)
		}
		text, html := parts(t, d)
		if got, want := strings.ReplaceAll(text, "\r\n", "\n"), letter().Text; got != want {
			t.Errorf("text = %q, want %q", got, want)
		}
		if !strings.Contains(html, "<p>Plain words</p>") {
			t.Errorf("HTML = %q", html)
		}
	})
	t.Run("a name or subject with line breaks adds no header", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "")
		l := letter()
		l.Name = "Eve\r\nBcc: spy@elsewhere.example"
		l.Subject = "Hello\r\nBcc: spy@elsewhere.example\r\n\r\nbody\u2028x\x00y"
		if err := open(t, c.URL()).Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		h := c.Next(t).Message(t).Header
		if got := h.Get("Bcc"); got != "" {
			t.Errorf("a header was injected: Bcc = %q", got)
		}
		if got, want := h.Get("Subject"), "Hello Bcc: spy@elsewhere.example body x y"; got != want {
			t.Errorf("Subject = %q, want %q", got, want)
		}
	})
	for _, email := range []string{"a@b.example\r\nRCPT TO:<c@d.example>", "Eve <a@b.example>", "a@b.example, c@d.example", "none", ""} {
		t.Run("what is no address is refused for good: "+email, func(t *testing.T) {
			t.Parallel()
			c := mailtest.Start(t, "")
			l := letter()
			l.Email = email
			if err := open(t, c.URL()).Send(t.Context(), l); !mail.Permanent(err) {
				t.Errorf("error = %v, want a permanent one", err)
			}
			if n := len(c.Taken()); n != 0 {
				t.Errorf("%d letters were taken", n)
			}
		})
	}
	t.Run("the password signs in once the connection is encrypted", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "correct")
		s := open(t, c.URL())
		s.Trust(c.Roots())
		if err := s.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
		c.Next(t)
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	reply := func(code int, text string) error { return &smtp.SMTPError{Code: code, Message: text} }
	for _, test := range []struct {
		name       string
		rcpt, data error
		permanent  bool
		reason     string
	}{
		{"an unknown recipient is refused for good", reply(550, "No such person here"), nil, true, "550: 5.0.0 No such person here"},
		{"a busy mailbox is tried again", reply(450, "Mailbox busy"), nil, false, "450: 4.0.0 Mailbox busy"},
		{"a refused letter is refused for good", nil, reply(554, "Not wanted"), true, "554: 5.0.0 Not wanted"},
		{"greylisting is tried again", nil, reply(451, "Come back later"), false, "451: 4.0.0 Come back later"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := mailtest.Start(t, "")
			c.Rcpt = func(string) error { return test.rcpt }
			c.Data = func(string) error { return test.data }
			err := open(t, c.URL()).Send(t.Context(), letter())
			if err == nil {
				t.Fatal("the letter counts as sent")
			}
			if got := mail.Permanent(err); got != test.permanent {
				t.Errorf("permanent = %v, want %v: %v", got, test.permanent, err)
			}
			if got := mail.Reason(err); !strings.Contains(got, test.reason) {
				t.Errorf("reason = %q, want it to say %q", got, test.reason)
			}
		})
	}
	t.Run("a wrong password is tried again and never shown", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "correct")
		s := open(t, strings.Replace(c.URL(), "correct", "canary-word", 1))
		s.Trust(c.Roots())
		err := s.Send(t.Context(), letter())
		if err == nil || mail.Permanent(err) {
			t.Errorf("error = %v, want one worth trying again", err)
		}
		if err != nil && strings.Contains(err.Error(), "canary-word") {
			t.Errorf("the password stands in %q", err)
		}
	})
	t.Run("a certificate that nobody vouches for gets no password", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "correct")
		if err := open(t, c.URL()).Send(t.Context(), letter()); err == nil || mail.Permanent(err) {
			t.Errorf("error = %v, want one worth trying again", err)
		}
	})
	t.Run("no server there is tried again", func(t *testing.T) {
		t.Parallel()
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		_ = l.Close()
		if err := open(t, "smtp://"+address).Send(t.Context(), letter()); err == nil || mail.Permanent(err) {
			t.Errorf("error = %v, want one worth trying again", err)
		}
	})
	t.Run("TLS that is required and not offered sends nothing", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "")
		if err := open(t, c.URL()+"?tls=required").Send(t.Context(), letter()); err == nil || mail.Permanent(err) {
			t.Errorf("error = %v, want one worth trying again", err)
		}
		if n := len(c.Taken()); n != 0 {
			t.Errorf("%d letters went in the clear", n)
		}
	})
	t.Run("a stop ends an exchange that hangs", func(t *testing.T) {
		t.Parallel()
		c := mailtest.Start(t, "")
		reached, release := make(chan struct{}), make(chan struct{})
		t.Cleanup(func() { close(release) })
		c.Data = func(string) error {
			close(reached)
			<-release
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- open(t, c.URL()).Send(ctx, letter()) }()
		<-reached
		cancel()
		select {
		case err := <-done:
			if err == nil || mail.Permanent(err) {
				t.Errorf("error = %v, want one worth trying again", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the exchange went on after the stop")
		}
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, url, from string }{
		{"another scheme", "https://user:canary-word@host.example", "a@b.example"},
		{"no host", "smtp://user:canary-word@", "a@b.example"},
		{"a port that is none", "smtp://user:canary-word@host.example:99999", "a@b.example"},
		{"a parse error", "smtp://user:canary-word@host.example:port", "a@b.example"},
		{"a path", "smtp://user:canary-word@host.example/inbox", "a@b.example"},
		{"a sender that is no address", "smtp://host.example", "nobody"},
	} {
		t.Run(test.name+" is refused without showing the password", func(t *testing.T) {
			t.Parallel()
			_, err := mail.Open(test.url, test.from)
			if err == nil {
				t.Fatal("it is taken")
			}
			if strings.Contains(err.Error(), "canary-word") {
				t.Errorf("the password stands in %q", err)
			}
		})
	}
	for _, url := range []string{"smtp://host.example", "smtp://u:p@host.example", "smtps://u:p%40@host.example:465", "smtp://h.example:25?tls=required"} {
		if _, err := mail.Open(url, "a@b.example"); err != nil {
			t.Errorf("%s is refused: %v", url, err)
		}
	}
}

func TestRecorder(t *testing.T) {
	t.Parallel()
	r := &mail.Recorder{Fail: func(l mail.Letter) error {
		if l.Email == "gone@b.example" {
			return mail.Refuse("no such person", true)
		}
		return nil
	}}
	if err := r.Send(t.Context(), mail.Letter{Email: "gone@b.example"}); !mail.Permanent(err) || mail.Reason(err) != "no such person" {
		t.Errorf("error = %v", err)
	}
	if err := r.Send(t.Context(), mail.Letter{Email: "a@b.example"}); err != nil {
		t.Fatal(err)
	}
	if got := r.Sent(); len(got) != 1 || got[0].Email != "a@b.example" {
		t.Errorf("sent = %v", got)
	}
}
