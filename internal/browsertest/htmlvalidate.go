package browsertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ValidateHTML runs html-validate with the repository's .htmlvalidate.json over pages by name, all in one run, and fails
// the test for each error.
func ValidateHTML(t testing.TB, pages map[string][]byte) {
	t.Helper()
	findings, err := validateHTML(t.TempDir(), pages)
	if err != nil {
		t.Fatalf("html-validate: %v", err)
	}
	for _, finding := range findings {
		t.Error(finding)
	}
}

func validateHTML(dir string, pages map[string][]byte) ([]string, error) {
	// A checker that was given nothing passes everything.
	if len(pages) == 0 {
		return nil, errors.New("no pages were given")
	}
	program, err := module("html-validate", "bin", "html-validate.mjs")
	if err != nil {
		return nil, err
	}
	repository, err := root()
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	args := []string{program, "--formatter", "json", "--config", filepath.Join(repository, ".htmlvalidate.json")}
	for name, html := range pages {
		path := filepath.Join(dir, fmt.Sprintf("%d-%s.html", len(names), unsafeInName.ReplaceAllString(name, "-")))
		if err := os.WriteFile(path, html, 0o644); err != nil {
			return nil, err
		}
		names[path] = name
		args = append(args, path)
	}
	output, err := exec.Command("node", args...).Output()
	// It ends with 1 when it has found something; the report tells.
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || len(output) == 0) {
		return nil, fmt.Errorf("%w: %s", err, stderrOf(err))
	}
	var reports []struct {
		FilePath string
		Messages []struct {
			RuleID, Message, Selector string
			Severity, Line, Column    int
		}
	}
	if err := json.Unmarshal(output, &reports); err != nil {
		return nil, fmt.Errorf("%w in %.300s", err, output)
	}
	var findings []string
	for _, report := range reports {
		for _, m := range report.Messages {
			findings = append(findings, fmt.Sprintf("%s, line %d, column %d: %s (%s) at %s",
				names[report.FilePath], m.Line, m.Column, m.Message, m.RuleID, m.Selector))
		}
	}
	return findings, nil
}

func stderrOf(err error) []byte {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.Stderr
	}
	return nil
}
