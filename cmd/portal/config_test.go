package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// settings is an environment for readConfig.
type settings map[string]string

func (s settings) get(name string) string { return s[name] }

func TestConfig(t *testing.T) {
	t.Parallel()
	t.Run("has a default for everything", func(t *testing.T) {
		t.Parallel()
		c, err := readConfig(settings{}.get)
		if err != nil {
			t.Fatal(err)
		}
		if c.Addr != "localhost:8080" || c.DataDir != ".portal" || c.KeyFile != filepath.Join(".portal", "key") || c.BaseURL != nil || len(c.Proxies) != 0 {
			t.Errorf("defaults are %+v", c)
		}
	})
	t.Run("reads everything", func(t *testing.T) {
		t.Parallel()
		c, err := readConfig(settings{
			"PORTAL_ADDR": ":9000", "PORTAL_BASE_URL": "https://portal.example.org/", "PORTAL_DATA_DIR": "/data", "PORTAL_KEY_FILE": "/keys/portal",
			"DATABASE_URL": "postgres://db", "DATABASE_READ_URL": "postgres://replica", "PORTAL_SMTP_URL": "smtps://mail.example.org",
			"PORTAL_MAIL_FROM": "portal@example.org", "PORTAL_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1,2001:db8::/32",
		}.get)
		if err != nil {
			t.Fatal(err)
		}
		if c.BaseURL.String() != "https://portal.example.org" || string(c.ReadURL) != "postgres://replica" || fmt.Sprint(c.Proxies) != "[10.0.0.0/8 192.0.2.1/32 2001:db8::/32]" {
			t.Errorf("read %+v", c)
		}
	})
	t.Run("reports every problem together", func(t *testing.T) {
		t.Parallel()
		_, err := readConfig(settings{
			"PORTAL_ADDR": "nowhere", "PORTAL_BASE_URL": "ftp://x/y", "PORTAL_SMTP_URL": "mail", "DATABASE_READ_URL": "postgres://replica",
			"PORTAL_TRUSTED_PROXIES": "everybody",
		}.get)
		if err == nil {
			t.Fatal("it is taken")
		}
		for _, name := range []string{"PORTAL_ADDR", "PORTAL_BASE_URL", "PORTAL_SMTP_URL", "PORTAL_MAIL_FROM", "DATABASE_READ_URL", "PORTAL_TRUSTED_PROXIES"} {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%q does not tell of %s", err, name)
			}
		}
	})
	t.Run("reads secrets from files, and not from two places", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "url")
		if err := os.WriteFile(file, []byte("postgres://from-file\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readConfig(settings{"DATABASE_URL_FILE": file}.get)
		if err != nil || string(c.DatabaseURL) != "postgres://from-file" {
			t.Errorf("read %q, %v", string(c.DatabaseURL), err)
		}
		if _, err := readConfig(settings{"DATABASE_URL_FILE": file, "DATABASE_URL": "postgres://x"}.get); err == nil {
			t.Error("both are taken")
		}
		if _, err := readConfig(settings{"DATABASE_URL_FILE": file + "-missing"}.get); err == nil {
			t.Error("a missing file is taken")
		}
	})
	t.Run("never prints a secret", func(t *testing.T) {
		t.Parallel()
		c := config{DatabaseURL: "canary", ReadURL: "canary", SMTPURL: "canary"}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "config", c, "url", c.DatabaseURL)
		for _, printed := range []string{log.String(), fmt.Sprintf("%v %+v %#v %s", c, c, c, c.SMTPURL)} {
			if strings.Contains(printed, "canary") {
				t.Errorf("it prints %s", printed)
			}
		}
	})
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "key")
	first, err := loadKey(path)
	if err != nil || len(first) != keyBytes {
		t.Fatalf("loadKey = %d bytes, %v", len(first), err)
	}
	again, err := loadKey(path)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the key changes, %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the key: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := loadKey(path); err == nil {
		t.Error("nonsense is taken for a key")
	}
}

func TestKeyFileMadeByManyAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	keys := make(chan string)
	for range 8 {
		go func() {
			key, err := loadKey(path)
			if err != nil {
				t.Error(err)
			}
			keys <- string(key)
		}()
	}
	first := <-keys
	for range 7 {
		if key := <-keys; key != first {
			t.Error("two portals have two keys")
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"nonsense"}, {"user"}, {"user", "nonsense"}} {
		if err := run(t.Context(), args, settings{}.get, &bytes.Buffer{}); err != errUsage {
			t.Errorf("portal %v: %v", args, err)
		}
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"help"}, settings{}.get, &out); err != nil || !strings.Contains(out.String(), "portal serve") {
		t.Errorf("help prints %q, %v", &out, err)
	}
	for _, args := range [][]string{
		{"user", "invite"}, {"user", "invite", "--email", "x"}, {"user", "invite", "--email", "a@b.example", "--role", "king"},
		{"user", "invite", "--email", "a@b.example", "--role", "office"}, {"user", "invite", "--email", "a@b.example", "--role", "scrutineer", "--organisation", "x"},
		{"user", "invite", "--email", "a@b.example", "more"}, {"user", "invite", "--nonsense"},
	} {
		if err := run(t.Context(), args, settings{"PORTAL_DATA_DIR": t.TempDir()}.get, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "portal user invite") {
			t.Errorf("portal %v: %v", args, err)
		}
	}
}
