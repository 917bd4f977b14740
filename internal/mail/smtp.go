package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// sendTimeout bounds the connection and each exchange with the mail server.
const sendTimeout = 20 * time.Second

// SMTP is the installation's mail server.
type SMTP struct {
	host    string
	options []gomail.Option
	from    mail.Address
	tls     *tls.Config
}

var _ Sender = (*SMTP)(nil)

// Open reads the address of a mail server and that of the sender. It does not connect.
//
// The address is smtp://user:password@host:port, or smtps:// for TLS from the first byte. With smtp the connection is
// encrypted where the server offers it; ?tls=required sends nothing without. A password never travels in the clear. The
// sender is an address, or "Name <address>".
func Open(address, from string) (*SMTP, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("the sender of letters is not an e-mail address")
	}
	// A parse error would repeat the address, and with it the password.
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("the address of the mail server is not smtp://user:password@host:port")
	}
	s := &SMTP{host: u.Hostname(), from: *sender, tls: &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}}
	port := u.Port()
	switch u.Scheme {
	case "smtp":
		policy := gomail.TLSOpportunistic
		if u.Query().Get("tls") == "required" {
			policy = gomail.TLSMandatory
		}
		s.options = append(s.options, gomail.WithTLSPolicy(policy))
		port = cmp.Or(port, defaultPort(u.User != nil))
	case "smtps":
		s.options = append(s.options, gomail.WithSSL())
		port = cmp.Or(port, "465")
	default:
		return nil, errors.New("the address of the mail server must begin with smtp:// or smtps://")
	}
	number, err := strconv.Atoi(port)
	if err != nil || number < 1 || number > 65535 {
		return nil, errors.New("the port of the mail server is not a number from 1 to 65535")
	}
	s.options = append(s.options, gomail.WithPort(number), gomail.WithTimeout(sendTimeout), gomail.WithoutNoop(), gomail.WithoutRset(),
		gomail.WithTLSConfig(s.tls), gomail.WithHELO(domain(sender.Address)))
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

func defaultPort(signsIn bool) string {
	if signsIn {
		return "587"
	}
	return "25"
}

func domain(email string) string { return email[strings.LastIndexByte(email, '@')+1:] }

// Send hands the letter over in a connection of its own. When the context ends first the letter counts as not sent,
// though the server may yet take it: trying again carries the same Message-ID.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m, err := s.message(l)
	if err != nil {
		return &Refused{Reason: err.Error(), permanent: true, cause: err}
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return &Refused{Reason: "the mail server's settings can't be used", cause: err}
	}
	// The exchange watches its own time-outs, not the context.
	done := make(chan error, 1)
	go func() { done <- exchange(ctx, client, m) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return &Refused{Reason: "the portal stopped before the mail server had answered", cause: ctx.Err()}
	}
}

func exchange(ctx context.Context, client *gomail.Client, m *gomail.Msg) error {
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &Refused{Reason: "the mail server can't be reached: " + oneLine(err.Error()), cause: err}
	}
	err = client.SendWithSMTPClient(conn, m)
	if m.IsDelivered() {
		// The server has the letter; what goes wrong in saying goodbye must not send it again.
		_ = client.CloseWithSMTPClient(conn)
		return nil
	}
	_ = conn.Close()
	return refused(err)
}

func (s *SMTP) message(l Letter) (*gomail.Msg, error) {
	if err := checkAddress(l.Email); err != nil {
		return nil, err
	}
	to := mail.Address{Name: oneLine(l.Name), Address: l.Email}
	m := gomail.NewMsg()
	if err := m.SetAddrHeader(gomail.HeaderFrom, s.from.String()); err != nil {
		return nil, fmt.Errorf("the sender's address can't be used")
	}
	if err := m.SetAddrHeader(gomail.HeaderTo, to.String()); err != nil {
		return nil, fmt.Errorf("%q is not an e-mail address", l.Email)
	}
	m.Subject(oneLine(l.Subject))
	m.SetDate()
	m.SetMessageIDWithValue(messageID(l.Key, domain(s.from.Address)))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	return m, nil
}

// messageID keeps to characters that stand in a Message-ID unquoted.
func messageID(key, domain string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '.') {
			return r
		}
		return '-'
	}, key) + "@" + domain
}

// refused reads what the mail server said. Only a refusal of this recipient or this letter is for good: one of the
// connection, or of the installation's own sign-in, ends once somebody repairs the settings.
func refused(err error) error {
	r := &Refused{Reason: "the connection to the mail server broke", cause: err}
	sent, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return r
	}
	code := sent.ErrorCode()
	if code == 0 {
		return r
	}
	r.Reason = fmt.Sprintf("the mail server answered %d: %s", code, oneLine(reply(sent)))
	switch sent.Reason {
	case gomail.ErrSMTPMailFrom, gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		r.permanent = code >= 500 && code < 600 && code != 530 && code != 534 && code != 535 && code != 538
	}
	return r
}

// reply cuts the mail server's own words out of the library's sentence around them.
func reply(sent *gomail.SendError) string {
	text := sent.Error()
	if _, after, ok := strings.Cut(text, strconv.Itoa(sent.ErrorCode())+" "); ok {
		text = after
	}
	text, _, _ = strings.Cut(text, ", affected recipient(s): ")
	text, _, _ = strings.Cut(text, ", affected message ID: ")
	return strings.Trim(text, `"`)
}
