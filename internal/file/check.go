package file

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // what a picture's header says
	_ "image/png"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"partnershipportal/internal/fault"
)

// The media types that are taken.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	ODT  = "application/vnd.oasis.opendocument.text"
	PNG  = "image/png"
	JPEG = "image/jpeg"
	CSV  = "text/csv"
)

// Accept is the endings of all files that are taken, as a file field of HTML lists them.
const Accept = ".pdf,.docx,.xlsx,.odt,.png,.jpg,.jpeg,.csv"

// kind is one kind of file in words, with the endings that its name may have.
type kind struct {
	words   string
	endings []string
}

var kinds = map[string]kind{
	PDF:  {"a PDF", []string{".pdf"}},
	DOCX: {"a Word document", []string{".docx"}},
	XLSX: {"an Excel workbook", []string{".xlsx"}},
	ODT:  {"an OpenDocument text", []string{".odt"}},
	PNG:  {"a PNG picture", []string{".png"}},
	JPEG: {"a JPEG picture", []string{".jpg", ".jpeg"}},
	CSV:  {"plain text", []string{".csv"}},
}

// Words says what a media type is: "PDF", "Word document".
func Words(mediaType string) string {
	if mediaType == CSV {
		return "CSV"
	}
	_, words, _ := strings.Cut(kinds[mediaType].words, " ")
	return words
}

// Checked is a file that was looked at and may be kept. Its bytes are still where they came from.
type Checked struct {
	Name      string
	MediaType string
	Size      int64
	digest    [sha256.Size]byte
	body      io.ReaderAt
}

// maxPixels keeps pictures out that would fill a reader's memory.
const maxPixels = 100_000_000

// Check looks at a file: what it is, and whether it is what its name says. Refusals belong to the form field. Fault:
// Invalid.
func Check(field, name string, body io.ReaderAt, size int64) (Checked, error) {
	refuse := func(message string) (Checked, error) { return Checked{}, fault.Field(field, message) }
	switch {
	case size <= 0:
		return refuse("The file is empty. Choose another")
	case size > MaxSize:
		return refuse("The file must be 25 MB or smaller")
	}
	mediaType, err := sniff(body, size)
	if r, ok := errors.AsType[refusal](err); ok {
		return refuse(string(r))
	}
	if err != nil {
		return Checked{}, err
	}
	ending := strings.ToLower(path.Ext(name))
	if k := kinds[mediaType]; !slices.Contains(k.endings, ending) {
		if mediaType == CSV {
			return refuse("The file must be a PDF, DOCX, XLSX, ODT, PNG, JPEG or CSV")
		}
		return refuse(fmt.Sprintf("The file is %s, so its name must end in %s. Rename it, or choose another", k.words, strings.Join(k.endings, " or ")))
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(body, 0, size)); err != nil {
		return Checked{}, fmt.Errorf("read the sent file: %w", err)
	}
	return Checked{Name: name, MediaType: mediaType, Size: size, digest: [sha256.Size]byte(sum.Sum(nil)), body: body}, nil
}

// refusal says in the user's words why a content is not taken.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errUnknown  = refusal("The file must be a PDF, DOCX, XLSX, ODT, PNG, JPEG or CSV")
	errLocked   = refusal("The file is protected by a password or encrypted. Take the protection off, then choose it again")
	errOld      = refusal("The file has the format of an old version of Office. Save it as DOCX or XLSX, then choose it again")
	errNotText  = refusal("The text of the file must be in UTF-8. Save it as “CSV UTF-8”, then choose it again")
	errPicture  = refusal("The picture can’t be read. Choose another file")
	errTooLarge = refusal("The picture has too many pixels. Make it smaller, then choose it again")
)

const (
	zipBegins      = "PK\x03\x04"
	emptyZip       = "PK\x05\x06"
	compoundBegins = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" // the container of old and of encrypted Office files
)

// sniff tells the media type of a content by what is in it.
func sniff(body io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, 512))
	if _, err := body.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the sent file: %w", err)
	}
	begins := func(with string) bool { return bytes.HasPrefix(head, []byte(with)) }
	switch {
	case begins("%PDF-"):
		return PDF, refuseMatch(body, size, encryptedPDF, errLocked)
	case begins("\x89PNG\r\n\x1a\n"):
		return PNG, checkPicture(body, size)
	case begins("\xff\xd8\xff"):
		return JPEG, checkPicture(body, size)
	case begins(zipBegins), begins(emptyZip):
		return sniffZip(body, size)
	case begins(compoundBegins):
		if err := refuseMatch(body, size, encryptedOffice, errLocked); err != nil {
			return "", err
		}
		return "", errOld
	case begins("\xff\xfe"), begins("\xfe\xff"):
		return "", errNotText
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("<")):
		return "", errUnknown // a page or a drawing that a browser might run
	case bytes.ContainsFunc(head, isControl):
		return "", errUnknown
	}
	return CSV, checkText(body, size)
}

var (
	encryptedPDF    = regexp.MustCompile(`/Encrypt[\x00\t\n\f\r ]*(?:<<|[0-9]+[\x00\t\n\f\r ]+[0-9]+[\x00\t\n\f\r ]+R)`)
	encryptedOffice = regexp.MustCompile("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
)

// refuseMatch looks for a pattern in windows that overlap, so that none is missed at an edge.
func refuseMatch(body io.ReaderAt, size int64, pattern *regexp.Regexp, with refusal) error {
	const window, overlap = 64 << 10, 256
	room := make([]byte, window)
	for at := int64(0); at < size; at += window - overlap {
		n, err := body.ReadAt(room[:min(window, size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the sent file: %w", err)
		}
		if pattern.Match(room[:n]) {
			return with
		}
	}
	return nil
}

// checkPicture reads a picture's header alone.
func checkPicture(body io.ReaderAt, size int64) error {
	c, _, err := image.DecodeConfig(io.NewSectionReader(body, 0, size))
	switch {
	case err != nil || c.Width <= 0 || c.Height <= 0:
		return errPicture
	case int64(c.Width)*int64(c.Height) > maxPixels:
		return errTooLarge
	}
	return nil
}

// checkText refuses what is no text in UTF-8.
func checkText(body io.ReaderAt, size int64) error {
	room := make([]byte, 64<<10)
	kept := 0 // bytes of a character that the last window cut
	for at := int64(0); at < size; {
		n, err := body.ReadAt(room[kept:min(int64(len(room)), int64(kept)+size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the sent file: %w", err)
		}
		if n == 0 {
			break
		}
		at += int64(n)
		text := room[:kept+n]
		kept = 0
		for len(text) > 0 {
			if !utf8.FullRune(text) && at < size {
				kept = copy(room, text)
				break
			}
			c, width := utf8.DecodeRune(text)
			if c == utf8.RuneError && width == 1 {
				return errNotText
			}
			if isControl(c) {
				return errUnknown
			}
			text = text[width:]
		}
	}
	return nil
}

// isControl tells the characters that no text has.
func isControl(c rune) bool { return c < ' ' && c != '\t' && c != '\r' && c != '\n' || c == 0x7f }
