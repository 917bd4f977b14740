package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/caarlos0/env/v11"
)

// secret is a setting that is never printed.
type secret string

const redacted = "[redacted]"

// LogValue keeps the secret out of the log.
func (s secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// String keeps the secret out of any text.
func (s secret) String() string { return redacted }

// MarshalText keeps the secret out of a whole config that is logged as JSON.
func (s secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// GoString keeps the secret out of any text.
func (s secret) GoString() string { return redacted }

// config is every setting of the portal. Nothing else reads the environment.
type config struct {
	Addr           string   `env:"PORTAL_ADDR" envDefault:"localhost:8080"`
	BaseURLText    string   `env:"PORTAL_BASE_URL"`
	AdminAddr      string   `env:"PORTAL_ADMIN_ADDR"`
	DataDir        string   `env:"PORTAL_DATA_DIR" envDefault:".portal"`
	DatabaseURL    secret   `env:"DATABASE_URL"`
	ReadURL        secret   `env:"DATABASE_READ_URL"`
	SMTPURL        secret   `env:"PORTAL_SMTP_URL"`
	MailFrom       string   `env:"PORTAL_MAIL_FROM"`
	KeyFile        string   `env:"PORTAL_KEY_FILE"`
	TrustedProxies []string `env:"PORTAL_TRUSTED_PROXIES" envSeparator:","`

	BaseURL *url.URL       `env:"-"` // nil: follows from the address that is listened on
	Proxies []netip.Prefix `env:"-"`
}

// settingNames are the names that are read; each secret may instead be in a file that NAME_FILE names.
var (
	settingNames = []string{"PORTAL_ADDR", "PORTAL_ADMIN_ADDR", "PORTAL_BASE_URL", "PORTAL_DATA_DIR", "PORTAL_MAIL_FROM", "PORTAL_KEY_FILE", "PORTAL_TRUSTED_PROXIES"}
	secretNames  = []string{"DATABASE_URL", "DATABASE_READ_URL", "PORTAL_SMTP_URL"}
)

// readConfig reads all settings and reports all problems together.
func readConfig(getenv func(string) string) (config, error) {
	environment, problems := gather(getenv)
	var c config
	if err := env.ParseWithOptions(&c, env.Options{Environment: environment}); err != nil {
		problems = append(problems, err)
	}
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		problems = append(problems, fmt.Errorf("PORTAL_ADDR must be host:port, like localhost:8080"))
	}
	if _, _, err := net.SplitHostPort(c.AdminAddr); c.AdminAddr != "" && err != nil {
		problems = append(problems, errors.New("PORTAL_ADMIN_ADDR must be host:port, like localhost:9090"))
	}
	c.BaseURL = c.readBaseURL(&problems)
	c.readProxies(&problems)
	c.checkAddresses(&problems)
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.DataDir, "key")
	}
	if len(problems) > 0 {
		return config{}, fmt.Errorf("settings: %w", errors.Join(problems...))
	}
	return c, nil
}

func gather(getenv func(string) string) (map[string]string, []error) {
	environment := map[string]string{}
	var problems []error
	for _, name := range settingNames {
		if v := getenv(name); v != "" {
			environment[name] = v
		}
	}
	for _, name := range secretNames {
		value, file := getenv(name), getenv(name+"_FILE")
		switch {
		case value != "" && file != "":
			problems = append(problems, fmt.Errorf("%s and %s_FILE are both set", name, name))
		case file != "":
			text, err := os.ReadFile(file)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s_FILE: %w", name, err))
				continue
			}
			value = strings.TrimSpace(string(text))
		}
		if value != "" {
			environment[name] = value
		}
	}
	return environment, problems
}

func (c config) readBaseURL(problems *[]error) *url.URL {
	if c.BaseURLText == "" {
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(c.BaseURLText, "/"))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		*problems = append(*problems, errors.New("PORTAL_BASE_URL must be an address without a path, like https://safeguarding.example.org"))
		return nil
	}
	return u
}

func (c *config) readProxies(problems *[]error) {
	for _, text := range c.TrustedProxies {
		text = strings.TrimSpace(text)
		prefix, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			*problems = append(*problems, fmt.Errorf("PORTAL_TRUSTED_PROXIES: %q is no address or network, like 10.0.0.0/8", text))
			continue
		}
		c.Proxies = append(c.Proxies, prefix)
	}
}

// checkAddresses says nothing about a secret but which one is wrong.
func (c config) checkAddresses(problems *[]error) {
	if c.SMTPURL != "" {
		u, err := url.Parse(string(c.SMTPURL))
		if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Host == "" {
			*problems = append(*problems, errors.New("PORTAL_SMTP_URL must be like smtp://name:password@mail.example.org:587"))
		}
		if c.MailFrom == "" {
			*problems = append(*problems, errors.New("PORTAL_MAIL_FROM must be set when PORTAL_SMTP_URL is: the address that letters come from"))
		}
	}
	if c.DatabaseURL == "" && c.ReadURL != "" {
		*problems = append(*problems, errors.New("DATABASE_READ_URL needs DATABASE_URL"))
	}
}
