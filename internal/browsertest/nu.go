package browsertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// nuServer is the Nu HTML checker, started once a test binary: a run of its own for each page would take seconds.
type nuServer struct {
	address string
}

// nuMessage is one remark of the checker.
type nuMessage struct {
	Type, SubType, Message, Extract string
	LastLine, LastColumn            int
}

func (m nuMessage) isError() bool { return m.Type == "error" || m.Type == "non-document-error" }

func (m nuMessage) String() string {
	return fmt.Sprintf("line %d, column %d: %s\n  %s", m.LastLine, m.LastColumn, m.Message, strings.TrimSpace(m.Extract))
}

// CheckHTML fails the test for each error that the Nu HTML checker finds, and logs its warnings.
func CheckHTML(t testing.TB, name string, html []byte) {
	t.Helper()
	requireMain(t)
	nu, err := shared.nu()
	if err != nil {
		t.Fatalf("start the Nu HTML checker: %v", err)
	}
	messages, err := nu.check(t.Context(), html)
	if err != nil {
		t.Fatalf("Nu HTML checker on %s: %v", name, err)
	}
	for _, m := range messages {
		switch {
		case m.isError():
			t.Errorf("%s is not valid HTML: %s", name, m)
		case m.SubType == "warning":
			t.Logf("%s: warning: %s", name, m)
		}
	}
}

func (nu *nuServer) check(ctx context.Context, html []byte) ([]nuMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, nu.address+"?out=json", bytes.NewReader(html))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "text/html; charset=utf-8")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %s: %.200s", response.Status, body)
	}
	var report struct{ Messages []nuMessage }
	if err := json.Unmarshal(body, &report); err != nil {
		return nil, fmt.Errorf("it answers no report: %w", err)
	}
	return report.Messages, nil
}

func startNu(p *processes) (*nuServer, error) {
	jar, err := module("vnu-jar", "build", "dist", "vnu.jar")
	if err != nil {
		return nil, err
	}
	java, err := findProgram("java")
	if err != nil {
		return nil, fmt.Errorf("%w: run scripts/setup test, which installs Java or says how", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	var output bytes.Buffer
	command := exec.Command(java, "-Xmx384m", "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", jar, "nu.validator.servlet.Main", strconv.Itoa(port))
	command.Dir = os.TempDir()
	command.Stdout, command.Stderr = &output, &output
	dieWithParent(command)
	if err := onLastingThread(command.Start); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	p.atEnd(func() {
		// It may have ended by itself already; then there is nothing left to stop.
		if err := command.Process.Kill(); err == nil {
			<-ended
		}
	})
	nu := &nuServer{address: fmt.Sprintf("http://127.0.0.1:%d/", port)}
	return nu, nu.waitReady(ended, &output)
}

// waitReady asks for a report until one comes.
func (nu *nuServer) waitReady(ended <-chan error, output *bytes.Buffer) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	giveUp := time.After(6 * patience) // a machine under load takes its time to start Java
	var last error
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("it ended at once (%w): %s", err, output)
		case <-giveUp:
			return fmt.Errorf("it never got ready: %w", last)
		case <-tick.C:
			if _, last = nu.check(context.Background(), []byte("<!DOCTYPE html><html lang=en-GB><title>Ready</title>")); last == nil {
				return nil
			}
		}
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, errors.Join(listener.Close())
}
