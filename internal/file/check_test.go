package file_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
)

// check gives the media type of a content, or the refusal in its words.
func check(t *testing.T, name string, body []byte) string {
	t.Helper()
	c, err := file.Check("paper", name, bytes.NewReader(body), int64(len(body)))
	if err == nil {
		if c.Name != name || c.Size != int64(len(body)) {
			t.Errorf("checked %q of %d bytes, want %q of %d", c.Name, c.Size, name, len(body))
		}
		return c.MediaType
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || f.Field != "paper" {
		t.Fatalf("got %v, want a fault of the field", err)
	}
	return f.Message
}

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		body []byte
		want string
	}{
		{"terms.pdf", filetest.PDF(), file.PDF},
		{"TERMS.PDF", filetest.PDF(), file.PDF},
		{"terms.docx", filetest.DOCX(t), file.DOCX},
		{"terms.xlsx", filetest.XLSX(t), file.XLSX},
		{"terms.odt", filetest.ODT(t, ""), file.ODT},
		{"plan.png", filetest.PNG(t), file.PNG},
		{"plan.jpg", filetest.JPEG(t), file.JPEG},
		{"plan.jpeg", filetest.JPEG(t), file.JPEG},
		{"list.csv", []byte("Name;Tŷ\r\nŵ;1\r\n"), file.CSV},
		{"list.csv", []byte("\xef\xbb\xbfName\r\n"), file.CSV},
		{"long.csv", []byte(strings.Repeat("ŷ", 100_000) + "x" + strings.Repeat("€", 100_000)), file.CSV},
	} {
		if got := check(t, tt.name, tt.body); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestWhatIsRefusedIsToldWhy(t *testing.T) {
	t.Parallel()
	const kinds = "The file must be a PDF, DOCX, XLSX, ODT, PNG, JPEG or CSV"
	wide := filetest.PNG(t)
	binary.BigEndian.PutUint32(wide[16:], 50_000)
	binary.BigEndian.PutUint32(wide[20:], 50_000)
	for _, tt := range []struct {
		about, name string
		body        []byte
		want        string
	}{
		{"nothing", "a.pdf", nil, "is empty"},
		{"too much", "a.pdf", make([]byte, file.MaxSize+1), "25 MB or smaller"},
		{"a PDF that calls itself Word", "a.docx", filetest.PDF(), "The file is a PDF, so its name must end in .pdf"},
		{"a Word document that calls itself PDF", "a.pdf", filetest.DOCX(t), "is a Word document, so its name must end in .docx"},
		{"a picture without an ending", "a", filetest.JPEG(t), "must end in .jpg or .jpeg"},
		{"text that calls itself PDF", "a.pdf", []byte("Hello"), kinds},
		{"a web page that calls itself CSV", "a.csv", []byte(" \n<!doctype html><script>"), kinds},
		{"bytes that call themselves CSV", "a.csv", []byte("a,\x00b"), kinds},
		{"text of Windows", "a.csv", []byte("caf\xe9,1\r\n"), "CSV UTF-8"},
		{"text of two bytes a character", "a.csv", []byte("\xff\xfea\x00"), "CSV UTF-8"},
		{"text that is cut within a character", "a.csv", []byte("a\xe2\x82"), "CSV UTF-8"},
		{"a program", "a.pdf", []byte("MZ\x90\x00\x03"), kinds},
		{"an encrypted PDF", "a.pdf", []byte("%PDF-1.4\n" + strings.Repeat("x", 65_500) + "trailer <</Encrypt 5 0 R>>"), "password"},
		{"an encrypted PDF of another way", "a.pdf", []byte("%PDF-1.4\n<</Encrypt<</Filter/Standard>>>>"), "password"},
		{"an encrypted Office file", "a.docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), "password"},
		{"an old Office file", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument"), "old version of Office"},
		{"an encrypted OpenDocument text", "a.odt", filetest.ODT(t, "<encryption-data/>"), "password"},
		{"a picture with a broken header", "a.png", []byte("\x89PNG\r\n\x1a\nxxxxxxx"), "can’t be read"},
		{"a picture of 2,500 megapixels", "a.png", fixCRC(wide), "too many pixels"},
	} {
		if got := check(t, tt.name, tt.body); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.about, got, tt.want)
		}
	}
}

func TestArchivesThatAreNotWhatTheySay(t *testing.T) {
	t.Parallel()
	whole := filetest.DOCX(t)
	bomb := filetest.DOCX(t, filetest.Part{Name: "word/media/a.bin", Text: strings.Repeat("\x00", 80<<20)})
	many := make([]filetest.Part, 10_001)
	for i := range many {
		many[i].Name = "word/" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + strings.Repeat("y", i/50)
	}
	encrypted := filetest.DOCX(t)
	at := bytes.Index(encrypted, []byte("PK\x01\x02"))
	encrypted[at+8] |= 1
	for _, tt := range []struct {
		about, name string
		body        []byte
		want        string
	}{
		{"an archive of pictures", "a.docx", filetest.Zip(t, filetest.Part{Name: "a.png", Text: "x"}), "is an archive"},
		{"an empty archive", "a.docx", filetest.Zip(t), "is an archive"},
		{"a presentation", "a.docx", filetest.Zip(t, filetest.Types("/ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml")), "is an archive"},
		{"an OpenDocument spreadsheet", "a.odt", filetest.Zip(t, filetest.Part{Name: "mimetype", Text: "application/vnd.oasis.opendocument.spreadsheet"}), "is an archive"},
		{"an OpenDocument text without its text", "a.odt", filetest.Zip(t, filetest.Part{Name: "mimetype", Text: file.ODT}), "damaged"},
		{"a workbook without its main part", "a.xlsx", filetest.Zip(t, filetest.Types("/xl/workbook.xml", file.XLSX+".main+xml")), "damaged"},
		{"a list of types that is none", "a.docx", filetest.Zip(t, filetest.Part{Name: "[Content_Types].xml", Text: "<Types"}), "damaged"},
		{"a list of types without end", "a.docx", filetest.Zip(t, filetest.Part{Name: "[Content_Types].xml", Text: strings.Repeat(" ", 2<<20)}), "unpacks to far more"},
		{"macros named as such", "a.docx", filetest.Zip(t, filetest.Types("/word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml")), "macros"},
		{"macros under a plain name", "a.docx", filetest.DOCX(t, filetest.Part{Name: "word/vbaProject.bin"}), "macros"},
		{"a part outside", "a.docx", filetest.DOCX(t, filetest.Part{Name: "../evil"}), "damaged"},
		{"a part at the root", "a.docx", filetest.DOCX(t, filetest.Part{Name: "/etc/x"}), "damaged"},
		{"a part twice", "a.docx", filetest.DOCX(t, filetest.Part{Name: "word/document.xml"}), "damaged"},
		{"encrypted parts", "a.docx", encrypted, "password"},
		{"a bomb", "a.docx", bomb, "unpacks to far more"},
		{"ten thousand parts", "a.docx", filetest.DOCX(t, many...), "unpacks to far more"},
		{"an archive cut short", "a.docx", whole[:len(whole)-10], "damaged"},
		{"something behind the archive", "a.docx", append(bytes.Clone(whole), "<script>"...), "damaged"},
		{"something before the archive", "a.docx", append([]byte("PK\x03\x04 <script>"), whole...), "damaged"},
	} {
		if got := check(t, tt.name, tt.body); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.about, got, tt.want)
		}
	}
}

// fixCRC makes the header of a PNG whole again after it was changed.
func fixCRC(png []byte) []byte {
	binary.BigEndian.PutUint32(png[29:], crc32.ChecksumIEEE(png[12:29]))
	return png
}
