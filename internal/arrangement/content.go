package arrangement

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"partnershipportal/internal/day"
)

// ContentSchema names the layout of the frozen content of a version. A change of its keys needs a new name.
const ContentSchema = "arrangements-version/1"

// Content is what the partners sign, as one JSON document. It is written once, when a round opens; from then on only
// the written bytes count, and a digest is always taken over them (docs/adr: frozen content).
type Content struct {
	Schema          string       `json:"schema"`
	Partnership     string       `json:"partnership"`
	Document        ContentPaper `json:"document"`
	Number          int          `json:"number"`
	Title           string       `json:"title"`
	GuidanceEdition string       `json:"guidanceEdition"`
	EffectiveFrom   day.Date     `json:"effectiveFrom"`
	Areas           []string     `json:"areas"`
	Sections        []Text       `json:"sections"`
	Attachments     []Attachment `json:"attachments"`
	Agencies        []Named      `json:"agencies"`
	Coverage        []Coverage   `json:"coverage"`
}

// ContentPaper says which document the version belongs to.
type ContentPaper struct {
	Slug string `json:"slug"`
	Kind string `json:"kind"`
}

// Text is a section as signed: its number is its place in the list, from 1.
type Text struct {
	Heading  string `json:"heading"`
	Markdown string `json:"markdown"`
}

// Attachment is a file that belongs to the signed text, by its SHA-256 in hexadecimal.
type Attachment struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

// Named is a relevant agency that the version names.
type Named struct {
	Slug     string `json:"slug"`
	Name     string `json:"name"`
	Basis    string `json:"basis"`
	Reason   string `json:"reason"`
	Sections []int  `json:"sections"`
}

// Coverage ties a requirement of the guidance to the sections that meet it, or says why none does.
type Coverage struct {
	Requirement int    `json:"requirement"`
	Kind        string `json:"kind"`
	Sections    []int  `json:"sections"`
	NotCovered  string `json:"notCoveredBecause"`
}

// Freeze writes the content as the exact bytes that are signed: UTF-8 JSON, two spaces of indentation, LF, no trailing
// white space, nothing escaped that JSON lets stand.
func (c Content) Freeze() ([]byte, error) {
	c.Schema = ContentSchema
	c.Areas, c.Sections, c.Attachments = orEmpty(c.Areas), orEmpty(c.Sections), orEmpty(c.Attachments)
	c.Agencies, c.Coverage = orEmpty(c.Agencies), orEmpty(c.Coverage)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("freeze content: %w", err)
	}
	return b.Bytes(), nil
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// ReadContent reads frozen bytes.
func ReadContent(frozen []byte) (Content, error) {
	var c Content
	if err := json.Unmarshal(frozen, &c); err != nil {
		return Content{}, fmt.Errorf("read frozen content: %w", err)
	}
	if c.Schema != ContentSchema {
		return Content{}, fmt.Errorf("frozen content has the unknown schema %q", c.Schema)
	}
	return c, nil
}

// Digest is the SHA-256 of frozen bytes.
func Digest(frozen []byte) []byte {
	d := sha256.Sum256(frozen)
	return d[:]
}
