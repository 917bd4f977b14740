package text_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/demo/text"
)

// Limits of the plain English rule, and the size that makes the demonstration a fair trial.
const (
	longestSentence = 25
	fewestSections  = 14
	fewestWords     = 6000
	shortestCopied  = 8
)

func editions() map[string][]text.Section {
	return map[string][]text.Section{
		"2019": text.Edition2019(),
		"next": text.NextEdition(),
	}
}

func TestEditions(t *testing.T) {
	t.Parallel()
	seeds := seedSentences(t)
	for name, sections := range editions() {
		t.Run(name+" is of real length", func(t *testing.T) {
			t.Parallel()
			words := 0
			for _, s := range sections {
				words += len(strings.Fields(s.Markdown))
			}
			if len(sections) < fewestSections || words < fewestWords {
				t.Errorf("%d sections, %d words; want at least %d and %d", len(sections), words, fewestSections, fewestWords)
			}
		})
		t.Run(name+" has a heading and a body in every section", func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			for i, s := range sections {
				if s.Heading == "" || strings.TrimSpace(s.Markdown) == "" {
					t.Errorf("section %d: heading %q, %d bytes of text", i+1, s.Heading, len(s.Markdown))
				}
				if seen[s.Heading] {
					t.Errorf("section %d: heading %q used twice", i+1, s.Heading)
				}
				seen[s.Heading] = true
			}
		})
		t.Run(name+" has no long sentence", func(t *testing.T) {
			t.Parallel()
			for _, s := range sections {
				for _, sentence := range sentences(s.Markdown) {
					if n := len(strings.Fields(sentence)); n > longestSentence {
						t.Errorf("%s: %d words: %s", s.Heading, n, sentence)
					}
				}
			}
		})
		t.Run(name+" repeats no sentence of its sources", func(t *testing.T) {
			t.Parallel()
			for _, s := range sections {
				for _, sentence := range sentences(s.Markdown) {
					if seeds[normal(sentence)] {
						t.Errorf("%s: copied: %s", s.Heading, sentence)
					}
				}
			}
		})
	}
}

func TestNextEditionIsARevisionOfTheFirst(t *testing.T) {
	t.Parallel()
	before := map[string]bool{}
	for _, s := range text.Edition2019() {
		for _, p := range strings.Split(s.Markdown, "\n\n") {
			before[strings.TrimSpace(p)] = true
		}
	}
	kept, changed := 0, 0
	for _, s := range text.NextEdition() {
		for _, p := range strings.Split(s.Markdown, "\n\n") {
			if before[strings.TrimSpace(p)] {
				kept++
			} else {
				changed++
			}
		}
	}
	if kept < changed || changed < 50 {
		t.Errorf("%d paragraphs kept, %d changed: not a fair trial of a comparison", kept, changed)
	}
}

func TestSentencesFindsWhatTheRulesLookFor(t *testing.T) {
	t.Parallel()
	got := sentences("## Heading\n\nOne [link](/a.b) here.\nTwo goes\non, (yes)? **Three.**\n\n- item four\n- item five. Six\n\n| a | b |\n|---|---|\n| c. | d |\n")
	want := []string{"Heading", "One link here.", "Two goes on, (yes)?", "Three.", "item four", "item five.", "Six", "a", "b", "c.", "d"}
	if strings.Join(got, "/") != strings.Join(want, "/") {
		t.Errorf("got %q, want %q", got, want)
	}
	if seeds := seedSentences(t); len(seeds) < 20 {
		t.Errorf("only %d sentences in the sources", len(seeds))
	}
}

var (
	link       = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	marker     = regexp.MustCompile(`^(#+|[-*]|\d+\.|>)\s+`)
	rule       = regexp.MustCompile(`^\|[\s|:-]+\|$`)
	sentenceAt = regexp.MustCompile(`([.?!]["')]*)\s+`)
)

// sentences splits Markdown into its sentences. A heading, a list item and a table cell each stand alone.
func sentences(markdown string) []string {
	var blocks []string
	fresh := true
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(link.ReplaceAllString(strings.ReplaceAll(line, "*", ""), "$1"))
		switch {
		case line == "" || rule.MatchString(line):
			fresh = true
		case strings.HasPrefix(line, "|"):
			blocks = append(blocks, strings.Split(strings.Trim(line, "|"), "|")...)
			fresh = true
		case fresh || marker.MatchString(line):
			blocks = append(blocks, marker.ReplaceAllString(line, ""))
			fresh = false
		default:
			blocks[len(blocks)-1] += " " + line
		}
	}
	var found []string
	for _, block := range blocks {
		for s := range strings.SplitSeq(sentenceAt.ReplaceAllString(strings.TrimSpace(block), "$1\n"), "\n") {
			if s = strings.TrimSpace(s); s != "" {
				found = append(found, s)
			}
		}
	}
	return found
}

// seedSentences gives the sentences of the two source papers that are long enough to count as copied.
func seedSentences(t *testing.T) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) != 2 {
		t.Fatalf("sources: %v, %v", paths, err)
	}
	found := map[string]bool{}
	for _, p := range paths {
		content, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sentences(string(content)) {
			if len(strings.Fields(s)) >= shortestCopied {
				found[normal(s)] = true
			}
		}
	}
	return found
}

var notLetters = regexp.MustCompile(`[^a-z0-9]+`)

func normal(sentence string) string {
	return strings.Trim(notLetters.ReplaceAllString(strings.ToLower(sentence), " "), " ")
}
