package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"partnershipportal/internal/fault"
)

// archive is an opened file. Only the parts that are asked for are unpacked.
type archive struct {
	parts    map[string]*zip.File
	unpacked int64 // really, so far
}

// foreign are parts that other kinds of files have, and what to say of them.
var foreign = []struct{ part, words string }{
	{"word/vbaproject.bin", "The document holds macros. Save it as .docx, which holds none"},
	{"xl/workbook.xml", "This is a workbook. Choose a Word document (.docx)"},
	{"ppt/presentation.xml", "This is a presentation. Choose a Word document (.docx)"},
	{"content.xml", "This is an OpenDocument file. Open it in Word or LibreOffice and save it as .docx"},
}

// openArchive looks at what the archive says of itself before anything is unpacked.
func openArchive(data []byte) (*archive, error) {
	switch {
	case len(data) > MaxFile:
		return nil, ErrTooLarge
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, errOldOrKey
	case bytes.HasPrefix(data, []byte("%PDF")):
		return nil, fault.Field("file", "This is a PDF. Choose the Word document that it was made from")
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		return nil, fault.Field("file", "This is a rich text file. Open it in Word and save it as .docx")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errDamaged.Because(err)
	}
	if len(z.File) > maxParts {
		return nil, errBomb
	}
	a := &archive{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		size, packed := f.UncompressedSize64, f.CompressedSize64
		if size > ratioFrom && size/max(packed, 1) > maxRatio {
			return nil, errBomb
		}
		if f.Flags&1 != 0 {
			return nil, errOldOrKey
		}
		name := partName(f.Name)
		if _, twice := a.parts[name]; twice {
			return nil, errDamaged
		}
		a.parts[name] = f
	}
	for _, f := range foreign {
		if a.parts[f.part] != nil {
			return nil, fault.Field("file", f.words)
		}
	}
	return a, nil
}

// partName compares as Word does: whatever the case, without a slash at the start. A name only ever picks a part of
// this archive; it is never that of a file on a disk.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (a *archive) has(name string) bool { return a.parts[name] != nil }

// open unpacks a part while it is read. The real size counts, whatever the archive says.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[name]
	if f == nil {
		return nil, errDamaged
	}
	opened, err := f.Open()
	if err != nil {
		return nil, errDamaged.Because(err)
	}
	return &counted{ReadCloser: opened, of: a}, nil
}

type counted struct {
	io.ReadCloser
	of *archive
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.of.unpacked += int64(n)
	if c.of.unpacked > maxUnpacked {
		return n, errBomb
	}
	return n, err
}

// asFault keeps refusals, and takes everything else for damage.
func asFault(err error) error {
	if refusal, ok := errors.AsType[*fault.Error](err); ok {
		return refusal
	}
	return errDamaged.Because(err)
}
