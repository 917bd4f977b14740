package docxtest

// Arrangements is a document such as a council sends: in parts, with what the portal can't hold among it.
func Arrangements() []byte {
	field := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	instruction := func(text string) string {
		return `<w:r><w:instrText xml:space="preserve">` + escape(text) + `</w:instrText></w:r>`
	}
	cell := func(properties string, inner ...string) string {
		s := `<w:tc><w:tcPr>` + properties + `</w:tcPr>`
		for _, p := range inner {
			s += Paragraph(p)
		}
		return s + `</w:tc>`
	}
	row := func(cells ...string) string {
		s := `<w:tr>`
		for _, c := range cells {
			s += c
		}
		return s + `</w:tr>`
	}
	textBox := `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="9" name="Box"/><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>` +
		Paragraph(Run("Call us on 01234 567890")) + `</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>` +
		Paragraph(Run("Call us on 01234 567890")) + `</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>`
	chart := `<w:r><w:drawing><wp:inline><wp:docPr id="8" name="Chart 1" descr="Spending by year"/><a:graphic><a:graphicData><c:chart r:id="c1"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
	body := []string{
		Styled("Title", "Arrangements for safeguarding children"),
		`<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>` + Styled("TOC1", "Who we are 2") + `</w:sdtContent></w:sdt>`,
		Paragraph(Run("This plan is agreed by ") + Looking("<w:b/>", "three ") + Looking("<w:b w:val=\"1\"/>", "partners") + Run(" ") + Looking("<w:i/>", "together") + Looking("<w:b w:val=\"0\"/>", ".")),
		Paragraph(textBox),
		Styled("Ueberschrift", "Who we are"),
		Paragraph(Run("The partners meet at ") + Link("hall", "the county hall") + Run(", and write to ") + field("begin") + instruction(` HYPERLINK "mailto:us@example.org" `) + field("separate") +
			Run("us") + field("end") + Run(".") + `<w:r><w:footnoteReference w:id="2"/></w:r>` + Run(" They ") + Looking(`<w:rStyle w:val="Strong"/>`, "always agree") + Run(".")),
		Paragraph(Run("They ") + `<w:ins w:author="A"><w:r><w:t>kept</w:t></w:r></w:ins><w:del w:author="A"><w:r><w:delText>dropped</w:delText></w:r></w:del>` + Run(" this ") +
			Looking("<w:strike/>", "word") + Looking("<w:vanish/>", "secret") + Run(".") + `<w:r><w:endnoteReference w:id="3"/></w:r><w:r><w:commentReference w:id="0"/></w:r>`),
		Item(1, 0, "the council"), Item(1, 0, "the police"), Item(1, 1, "the chief constable"), Item(1, 1, "a deputy"), Paragraph(""), Item(1, 0, "health"),
		Paragraph(Run("A line between.")),
		Item(1, 0, "goes on"), Item(2, 0, "begins anew"),
		Heading("Money"),
		HeadingAt(2, "Who pays"),
		`<w:tbl>` + row(cell("", Run("Body")), cell("", Run("2019–20")), cell("", Run("Share"))) +
			row(cell("", Run("Council")), cell(`<w:vMerge w:val="restart"/>`, Run("£1,250")), cell("", Run("Whole year"), Run("Paid in April."))) +
			row(cell("", Run("Police")), cell(`<w:vMerge/>`, ""), cell("", Run("none"))) + `</w:tbl>`,
		Styled("Quote", "Said by somebody."),
		Paragraph(`<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>`), Paragraph(chart),
		Paragraph(Link("old", "Below") + Run(".")),
		`<w:sectPr><w:headerReference w:type="default" r:id="h1"/></w:sectPr>`,
	}
	return New(body...).
		With("word/_rels/document.xml.rels", Relations(Relation("rId1", "styles", "styles.xml", false), Relation("rId2", "numbering", "/word/numbering.xml", false),
			Relation("rId3", "footnotes", "footnotes.xml", false), Relation("rId4", "endnotes", "endnotes.xml", false), Relation("h1", "header", "header1.xml", false),
			Relation("hall", "hyperlink", "https://example.org/hall?a=1&b=2", true), Relation("old", "hyperlink", "file:///G:/old.doc", true))).
		With("word/numbering.xml", `<w:numbering `+names+`><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>`+
			`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>`+
			`<w:num w:numId="2"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>`).
		With("word/footnotes.xml", `<w:footnotes `+names+`><w:footnote w:type="separator" w:id="0">`+Paragraph("")+`</w:footnote><w:footnote w:id="2">`+
			Paragraph(`<w:r><w:footnoteRef/></w:r>`+Run(" See ")+Looking("<w:i/>", "Working Together")+Run("."))+`</w:footnote></w:footnotes>`).
		With("word/endnotes.xml", `<w:endnotes `+names+`><w:endnote w:id="3">`+Paragraph(Run("An endnote."))+`</w:endnote></w:endnotes>`).
		With("word/header1.xml", `<w:hdr `+names+`>`+Paragraph(Run("Draft 3, not agreed"))+`</w:hdr>`).
		Bytes()
}
