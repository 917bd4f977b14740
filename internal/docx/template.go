package docx

import "strconv"

// What every written document holds beside its text.

const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

	textWidth    = 9070 // twentieths of a point, of A4 with margins of 2.5 cm
	numberIndent = 709

	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
		`<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	packageRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	documentRelations = `<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/>` +
		`<Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>` +
		`<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/>` +
		`<Relationship Id="rId6" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>`

	coreProperties = xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>%s</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>`

	settings = xmlHead + `<w:settings ` + namespaces + `><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>` +
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`

	pageLayout = `<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>`

	header = xmlHead + `<w:hdr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p></w:hdr>`

	footer = xmlHead + `<w:ftr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">%s, page </w:t></w:r>` +
		`<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> of </w:t></w:r>` +
		`<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>`
)

var styles = writtenStyles()

func writtenStyles() string {
	s := xmlHead + `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/>` +
		`<w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`
	paragraph := func(id, name, properties, run string) {
		s += `<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>` + properties + `</w:pPr><w:rPr>` + run + `</w:rPr></w:style>`
	}
	character := func(id, name, run string) {
		s += `<w:style w:type="character" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:rPr>` + run + `</w:rPr></w:style>`
	}
	s += `<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`
	paragraph("Title", "Title", `<w:spacing w:after="240"/>`, `<w:b/><w:sz w:val="44"/>`)
	for i, size := range []string{"32", "28", "25", "23", "22", "22"} {
		n := string(rune('1' + i))
		paragraph("Heading"+n, "heading "+n, `<w:keepNext/><w:spacing w:before="320" w:after="120"/><w:outlineLvl w:val="`+string(rune('0'+i))+`"/>`, `<w:b/><w:sz w:val="`+size+`"/>`)
	}
	paragraph("ListParagraph", "List Paragraph", `<w:spacing w:after="80"/>`, "")
	for i := range deepest + 1 {
		n, name := string(rune('1'+i)), "List Continue"
		if i > 0 {
			name += " " + n
		}
		paragraph("ListContinue"+n, name, `<w:ind w:left="`+strconv.Itoa(numberIndent+360*(i+1))+`"/>`, "")
	}
	paragraph("Quote", "Quote", `<w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="999999"/></w:pBdr><w:ind w:left="1069"/>`, "")
	paragraph("HTMLPreformatted", "HTML Preformatted", `<w:spacing w:after="0"/><w:ind w:left="709"/>`, `<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:sz w:val="20"/>`)
	paragraph("HorizontalRule", "Horizontal Rule", `<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="666666"/></w:pBdr>`, "")
	paragraph("PortalFact", factStyle, `<w:spacing w:after="60"/>`, `<w:color w:val="444444"/>`)
	paragraph("PortalNumbered", "Portal Numbered", `<w:tabs><w:tab w:val="left" w:pos="709"/></w:tabs><w:ind w:left="709" w:hanging="709"/>`, "")
	paragraph("PortalNumberLine", numberStyle, `<w:keepNext/><w:spacing w:after="40"/>`, `<w:color w:val="444444"/>`)
	paragraph("PortalCell", "Portal Cell", `<w:spacing w:before="40" w:after="40"/>`, "")
	paragraph("FootnoteText", "footnote text", `<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>`, `<w:sz w:val="18"/>`)
	paragraph("Header", "header", "", `<w:color w:val="444444"/><w:sz w:val="16"/>`)
	paragraph("Footer", "footer", "", `<w:color w:val="444444"/><w:sz w:val="16"/>`)
	character("FootnoteReference", "footnote reference", `<w:vertAlign w:val="superscript"/>`)
	character("HTMLCode", "HTML Code", `<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:sz w:val="20"/>`)
	character("PortalNumber", numberStyle, `<w:color w:val="444444"/>`)
	side := func(name string) string {
		return `<w:` + name + ` w:val="single" w:sz="4" w:space="0" w:color="808080"/>`
	}
	return s + `<w:style w:type="table" w:styleId="PortalTable"><w:name w:val="Portal Table"/><w:tblPr><w:tblBorders>` + side("top") + side("left") + side("bottom") + side("right") +
		side("insideH") + side("insideV") + `</w:tblBorders><w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>` +
		`<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style></w:styles>`
}
