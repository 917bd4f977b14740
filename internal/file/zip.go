package file

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	errNotPackage = refusal("The file is an archive, but no Word document, Excel workbook or OpenDocument text. Choose another file")
	errDamaged    = refusal("The file is damaged. Open it and save it again, then choose it again")
	errMacros     = refusal("The file holds macros. Save it without them, then choose it again")
	errBomb       = refusal("The file unpacks to far more than a document needs. Choose another file")
)

// Limits of what is in a package. Real documents stay far below.
const (
	maxEntries   = 10_000
	maxDirectory = 4 << 20
	maxUnpacked  = 512 << 20
	muchUnpacked = 64 << 20 // from here on the ratio counts
	maxRatio     = 200      // of the unpacked to the packed size of the whole
	maxPart      = 1 << 20  // of the small parts that are read
)

// sniffZip tells Office and OpenDocument packages by the parts that make them so.
func sniffZip(body io.ReaderAt, size int64) (string, error) {
	if err := checkDirectory(body, size); err != nil {
		return "", err
	}
	z, err := zip.NewReader(body, size)
	if err != nil {
		return "", errDamaged
	}
	parts := map[string]*zip.File{}
	if err := readParts(z, size, parts); err != nil {
		return "", err
	}
	switch {
	case parts["[Content_Types].xml"] != nil:
		return officeType(parts)
	case parts["mimetype"] != nil:
		return openDocumentType(parts)
	}
	return "", errNotPackage
}

// checkDirectory bounds the list of parts before anything reads it whole: a list may itself be a bomb.
func checkDirectory(body io.ReaderAt, size int64) error {
	const fixed, longestComment = 22, 1<<16 - 1
	tail := make([]byte, min(size, fixed+longestComment))
	if _, err := body.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the sent file: %w", err)
	}
	at := bytes.LastIndex(tail, []byte(emptyZip))
	if at < 0 || len(tail)-at < fixed {
		return errDamaged
	}
	end := tail[at:]
	entries := binary.LittleEndian.Uint16(end[10:])
	length, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	comment := int(binary.LittleEndian.Uint16(end[20:]))
	switch {
	case entries == 0:
		return errNotPackage
	case len(end) != fixed+comment, offset+length != size-int64(len(end)):
		return errDamaged // something stands before, between or after, which other readers would take for the content
	case entries > maxEntries, length > maxDirectory:
		return errBomb
	}
	return nil
}

func readParts(z *zip.Reader, size int64, parts map[string]*zip.File) error {
	const encrypted = 0x1
	var unpacked uint64
	for _, f := range z.File {
		switch {
		case f.Flags&encrypted != 0:
			return errLocked
		case parts[f.Name] != nil, strings.Contains(f.Name, `\`), path.IsAbs(f.Name), !localPath(f.Name):
			return errDamaged
		case strings.EqualFold(path.Base(f.Name), "vbaProject.bin"), strings.HasPrefix(f.Name, "Basic/"), strings.HasPrefix(f.Name, "Scripts/"):
			return errMacros
		}
		parts[f.Name] = f
		unpacked += min(f.UncompressedSize64, maxUnpacked+1)
	}
	if unpacked > maxUnpacked || unpacked > muchUnpacked && unpacked > maxRatio*uint64(size) {
		return errBomb
	}
	return nil
}

func localPath(name string) bool {
	return path.Clean("/"+name) == "/"+strings.TrimSuffix(name, "/")
}

// readPart reads a small part whole.
func readPart(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, errDamaged
	}
	defer func() { _ = r.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	switch {
	case len(text) > maxPart:
		return nil, errBomb
	case err != nil:
		return nil, errDamaged
	}
	return text, nil
}

// officeTypes gives the kind of package by the type of its main part.
var officeTypes = map[string]string{DOCX + ".main+xml": DOCX, XLSX + ".main+xml": XLSX}

func officeType(parts map[string]*zip.File) (string, error) {
	text, err := readPart(parts["[Content_Types].xml"])
	if err != nil {
		return "", err
	}
	var types struct {
		Override []struct {
			PartName    string `xml:",attr"`
			ContentType string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal(text, &types); err != nil {
		return "", errDamaged
	}
	for _, o := range types.Override {
		if strings.Contains(o.ContentType, ".macroEnabled.") {
			return "", errMacros
		}
		if mediaType, ok := officeTypes[o.ContentType]; ok {
			if parts[strings.TrimPrefix(o.PartName, "/")] == nil {
				return "", errDamaged
			}
			return mediaType, nil
		}
	}
	return "", errNotPackage
}

func openDocumentType(parts map[string]*zip.File) (string, error) {
	text, err := readPart(parts["mimetype"])
	if err != nil {
		return "", err
	}
	manifest := parts["META-INF/manifest.xml"]
	switch {
	case strings.TrimSpace(string(text)) != ODT:
		return "", errNotPackage
	case manifest == nil || parts["content.xml"] == nil:
		return "", errDamaged
	}
	if text, err = readPart(manifest); err != nil {
		return "", err
	}
	if bytes.Contains(text, []byte("encryption-data")) {
		return "", errLocked
	}
	return ODT, nil
}
