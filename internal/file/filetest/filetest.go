// Package filetest makes files of every kind that is taken, the smallest that pass.
package filetest

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
)

// PDF is a PDF that no other test has.
func PDF() []byte {
	return []byte("%PDF-1.4\n% " + membershiptest.Unique() + "\ntrailer <</Root 1 0 R>>\n%%EOF\n")
}

// Part is one part of a package.
type Part struct{ Name, Text string }

// Zip packs parts.
func Zip(t testing.TB, parts ...Part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.Name)
		if err == nil {
			_, err = w.Write([]byte(p.Text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Types is the list of an Office package that names its main part.
func Types(part, contentType string) Part {
	return Part{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="` +
		part + `" ContentType="` + contentType + `"/></Types>`}
}

// DOCX is a Word document, with more parts if asked.
func DOCX(t testing.TB, more ...Part) []byte {
	t.Helper()
	return Zip(t, append([]Part{Types("/word/document.xml", file.DOCX+".main+xml"), {"word/document.xml", "<document/>"}}, more...)...)
}

// XLSX is an Excel workbook.
func XLSX(t testing.TB) []byte {
	t.Helper()
	return Zip(t, Types("/xl/workbook.xml", file.XLSX+".main+xml"), Part{"xl/workbook.xml", "<workbook/>"})
}

// ODT is an OpenDocument text whose manifest holds the given text.
func ODT(t testing.TB, manifest string) []byte {
	t.Helper()
	return Zip(t, Part{"mimetype", file.ODT}, Part{"META-INF/manifest.xml", "<manifest>" + manifest + "</manifest>"}, Part{"content.xml", "<content/>"})
}

// PNG is a picture of a few pixels.
func PNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// JPEG is a picture of a few pixels.
func JPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Checked is a file that may be kept.
func Checked(t testing.TB, name string, body []byte) file.Checked {
	t.Helper()
	c, err := file.Check("file", name, bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatalf("check %s: %v", name, err)
	}
	return c
}

// Add keeps a PDF.
func Add(t testing.TB, db pg.DB, title string) id.File {
	t.Helper()
	var made id.File
	err := pgx.BeginFunc(context.Background(), db, func(tx pgx.Tx) (err error) {
		made, err = file.Add(context.Background(), tx, authz.System("test"), file.AddCommand{Title: title, Content: Checked(t, "paper.pdf", PDF())})
		return err
	})
	if err != nil {
		t.Fatalf("add a file: %v", err)
	}
	return made
}
