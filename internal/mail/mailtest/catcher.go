// Package mailtest is a real mail server for tests, inside the test's own process.
package mailtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Delivery is a letter as the server took it.
type Delivery struct {
	From, To string
	Raw      []byte
}

// Message parses the delivery.
func (d Delivery) Message(t testing.TB) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(d.Raw))
	if err != nil {
		t.Fatalf("the letter to %s can't be parsed: %v", d.To, err)
	}
	return m
}

// Catcher keeps every letter that it takes. Its hooks, set before the first letter, refuse or delay.
type Catcher struct {
	// Rcpt and Data, if set, answer to a recipient and to a whole letter; a *smtp.SMTPError is a reply.
	Rcpt func(to string) error
	Data func(to string) error

	address  string
	password string
	roots    *x509.CertPool
	mu       sync.Mutex
	taken    []Delivery
	arrived  chan Delivery
}

// Start runs a mail server on loopback until the test ends. With a password it offers STARTTLS and demands a sign-in
// as "portal".
func Start(t testing.TB, password string) *Catcher {
	t.Helper()
	c := &Catcher{password: password, arrived: make(chan Delivery, 1000)}
	server := smtp.NewServer(c)
	server.Domain = "catcher.example"
	if password != "" {
		// The test server's certificate is good for 127.0.0.1.
		lender := httptest.NewTLSServer(nil)
		t.Cleanup(lender.Close)
		server.TLSConfig = &tls.Config{Certificates: lender.TLS.Certificates, MinVersion: tls.VersionTLS12}
		c.roots = x509.NewCertPool()
		c.roots.AddCert(lender.Certificate())
	}
	server.ReadTimeout, server.WriteTimeout = 30*time.Second, 30*time.Second
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start the mail catcher: %v", err)
	}
	c.address = listener.Addr().String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // Serve may not have begun
		<-done
	})
	return c
}

// URL is the setting that leads to the catcher.
func (c *Catcher) URL() string {
	if c.password != "" {
		return "smtp://portal:" + c.password + "@" + c.address
	}
	return "smtp://" + c.address
}

// Roots are the certificates to trust so that the catcher's own is accepted.
func (c *Catcher) Roots() *x509.CertPool { return c.roots }

// Next waits for the next letter.
func (c *Catcher) Next(t testing.TB) Delivery {
	t.Helper()
	select {
	case d := <-c.arrived:
		return d
	case <-time.After(30 * time.Second):
		t.Fatal("no letter came within 30 seconds")
		return Delivery{}
	}
}

// Taken lists what has been taken so far.
func (c *Catcher) Taken() []Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Delivery(nil), c.taken...)
}

// NewSession serves one connection.
func (c *Catcher) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{catcher: c}, nil }

type session struct {
	catcher  *Catcher
	from, to string
	known    bool
}

// AuthMechanisms names the one way to sign in.
func (s *session) AuthMechanisms() []string {
	if s.catcher.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks the password.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "portal" || password != s.catcher.password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

// Mail notes the sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.catcher.password != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

// Rcpt notes the recipient, or refuses it.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.catcher.Rcpt != nil {
		if err := s.catcher.Rcpt(to); err != nil {
			return err
		}
	}
	s.to = to
	return nil
}

// Data takes the letter, or refuses it.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.catcher.Data != nil {
		if err := s.catcher.Data(s.to); err != nil {
			return err
		}
	}
	d := Delivery{From: s.from, To: s.to, Raw: raw}
	s.catcher.mu.Lock()
	s.catcher.taken = append(s.catcher.taken, d)
	s.catcher.mu.Unlock()
	s.catcher.arrived <- d
	return nil
}

// Reset forgets the letter begun.
func (s *session) Reset() { s.from, s.to = "", "" }

// Logout ends the session.
func (s *session) Logout() error { return nil }
