package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// A request that is under way when the portal is told to stop is answered whole, and no new one is taken.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	address, stop := runPortal(t, "serve", t.TempDir())
	host := strings.TrimPrefix(address, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := "email=nobody%40example.org"
	if _, err := fmt.Fprintf(conn, "POST /forgotten-password HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		host, len(body), body[:5]); err != nil {
		t.Fatal(err)
	}
	// Another request makes sure that the portal has taken the connection before.
	if resp, err := http.Get(address + "/healthz"); err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	for {
		late, err := net.Dial("tcp", host)
		if errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
		if err == nil {
			late.Close()
		}
	}
	if _, err := io.WriteString(conn, body[5:]); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "Check your email") || !strings.HasSuffix(strings.TrimSpace(string(page)), "</html>") {
		t.Errorf("%d, %v: %s", resp.StatusCode, err, page)
	}
	<-stopped
}
