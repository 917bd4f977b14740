package moderngov_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision/moderngov"
	"partnershipportal/internal/fault"
)

var sameDays = cmpopts.EquateComparable(day.Approx{})

func on(iso string) day.Approx { return day.On(day.Must(iso)) }

func read(t *testing.T, name string) moderngov.Page {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	page, err := moderngov.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// only is the one candidate of a page.
func only(t *testing.T, page moderngov.Page) moderngov.Candidate {
	t.Helper()
	if len(page.Candidates) != 1 {
		t.Fatalf("%d candidates, want one", len(page.Candidates))
	}
	return page.Candidates[0]
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameDays); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestThePageOfOneDecision(t *testing.T) {
	t.Parallel()
	page := read(t, "details.html")
	if page.Kind != moderngov.Details || len(page.Notices) != 0 {
		t.Errorf("read as %q with notices %q", page.Kind, page.Notices)
	}
	same(t, only(t, page), moderngov.Candidate{
		Number: "19/00035", Title: "Partnership arrangements for children", Maker: "Cabinet Member for Children", Status: "Recommendations Approved",
		Address:  "https://democracy.example.gov.uk/ieDecisionDetails.aspx?ID=412",
		Preamble: "As Cabinet Member I agree to:",
		Limbs:    []moderngov.Limb{{Letter: "a", Text: "approve the arrangements; and"}, {Letter: "b", Text: "delegate their publication\nto the lead officer."}},
		Reasons:  "The law asks for it.\nBackground\nNote: the old board ends.", Alternatives: "None.", Interests: "None declared.",
		Key: moderngov.Yes, CallIn: moderngov.Yes,
		MadeOn: on("2019-06-12"), PublishedOn: on("2019-06-13"), EffectiveOn: on("2019-06-21"),
		Attachments: []moderngov.Link{{Text: "Report", Address: "https://democracy.example.gov.uk/documents/s99/Report.pdf"}},
		Remarks: []moderngov.Remark{
			{Label: moderngov.Unlabelled, Text: "This paragraph stands alone."},
			{Label: "Purpose", Text: "To agree how the partners work together."},
			{Label: "Wards Affected", Text: "(All Wards);"},
			{Label: "Contact", Text: "Democratic services officer Email: clerk@example.gov.uk."},
			{Label: "Accompanying Documents", Text: "Appendix without a file"},
		},
	})
}

func TestATableOfLabelsAndValues(t *testing.T) {
	t.Parallel()
	same(t, only(t, read(t, "table.html")), moderngov.Candidate{
		Number: "18/00061", Title: "Threshold guidance", Maker: "Director of Children’s Services", Key: moderngov.No, Restriction: "part exempt",
		Limbs:   []moderngov.Limb{{Text: "That the guidance be agreed.\nThat it be reviewed."}},
		Reasons: "Clearer rules.\nFewer disputes.", MadeOn: day.Roughly(day.Must("2018-05-01"), day.Month),
		Remarks: []moderngov.Remark{
			{Label: "Date published", Text: "soon afterwards"},
			{Label: "Effective date", Text: "not before 4 June 2018"},
			{Label: "Reason(s) for decision", Text: "Said twice."},
			{Label: "Sponsor", Text: "The board"},
			{Label: moderngov.Unlabelled, Text: "Printed on request."},
		},
	})
}

func TestTermsAndBoldLabels(t *testing.T) {
	t.Parallel()
	same(t, only(t, read(t, "terms.html")), moderngov.Candidate{
		Title: "A framework for neglect", Maker: "Cabinet", Status: "Implemented", MadeOn: on("2018-12-12"),
		Limbs:   []moderngov.Limb{{Text: "(i) to adopt the framework; and\n(ii) to tell the schools."}},
		Reasons: "Neglect is common.\nIt harms.", Financial: "None beyond the budget.",
		Remarks: []moderngov.Remark{{Label: "Call-in deadline", Text: "20/12/2018"}, {Label: "Officer comment", Text: "Agreed."}},
	})
}

func TestThePageOfAnIssue(t *testing.T) {
	t.Parallel()
	page := read(t, "issue.html")
	if page.Kind != moderngov.Issue {
		t.Errorf("read as %q", page.Kind)
	}
	same(t, only(t, page), moderngov.Candidate{
		Number: "20/00012", Title: "Child death review arrangements", Status: "For Determination", Key: moderngov.Yes, KeyReason: "Affects two or more wards;",
		Address: "https://democracy.example.gov.uk/mgIssueHistoryHome.aspx?IId=51&Opt=0", Restriction: "open",
		NoticeOn: on("2020-03-02"), DueOn: day.Approx{Date: day.Must("2020-03-31"), Precision: day.NotBefore},
		Attachments: []moderngov.Link{{Text: "Paper", Address: "https://democracy.example.gov.uk/documents/s12/Paper.pdf"}},
		Remarks: []moderngov.Remark{
			{Label: moderngov.Unlabelled, Text: "To set up joint reviews."},
			{Label: "Decision due", Text: "Not before 31st Mar 2020; so that the notice can stand for 28 days"},
			{Label: "Decisions", Text: "06/04/2020 - Child death review arrangements"},
			{Label: "Links under “Decisions”", Text: "06/04/2020 - Child death review arrangements <https://democracy.example.gov.uk/ieDecisionDetails.aspx?ID=77>"},
		},
	})
}

func TestAListOfDecisions(t *testing.T) {
	t.Parallel()
	page := read(t, "list.html")
	if page.Kind != moderngov.List {
		t.Errorf("read as %q", page.Kind)
	}
	const subjectToCallIn = "Decisions recommendations approved (subject to call-in)"
	same(t, page.Candidates, []moderngov.Candidate{
		{Number: "21/00044", Ref: "1018", Title: "Early help offer", EffectiveOn: on("2021-08-07"),
			Remarks: []moderngov.Remark{{Label: moderngov.ListedUnder, Text: subjectToCallIn}, {Label: "Date", Text: "29/07/2021"}, {Label: "Call-ins", Text: "0"}}},
		{Ref: "1021", Title: "Family hubs",
			Remarks: []moderngov.Remark{{Label: moderngov.ListedUnder, Text: subjectToCallIn}, {Label: "Date", Text: "29/07/2021"}, {Label: "Call-ins", Text: "1"}}},
		{Ref: "1030", Title: "Training plan", Status: "Recommendations Approved", Maker: "Cabinet", MadeOn: on("2021-08-12"), PublishedOn: on("2021-08-13"),
			Limbs: []moderngov.Limb{{Text: "That the plan be agreed, see the earlier decision."}},
			Remarks: []moderngov.Remark{
				{Label: moderngov.ListedUnder, Text: "Decisions published"}, {Label: moderngov.DateOfEntry, Text: "12/08/2021"},
				{Label: moderngov.Unlabelled, Text: "A plan for all agencies."}, {Label: "Made at meeting", Text: "12/08/2021 - Cabinet"},
				{Label: "Links under “Decision”", Text: "the earlier decision <ieDecisionDetails.aspx?ID=900>"}, {Label: "Lead officer", Text: "Head of Learning"},
			}},
	})
	same(t, page.Around, []moderngov.Remark{{Label: moderngov.Unlabelled, Text: "Use the options below."}, {Label: moderngov.Unlabelled, Text: "Earlier - Later"}})
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	const page = "<html><head>%s</head><body><h1>Decision details</h1><h2>A caf\xe9 \x93with\x94 places</h2></body></html>"
	for name, test := range map[string]struct {
		page, want string
		notices    int
	}{
		"Windows-1252 as declared":                       {strings.Replace(page, "%s", `<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">`, 1), "A café “with” places", 0},
		"Windows-1252 where nothing is declared":         {strings.Replace(page, "%s", "", 1), "A café “with” places", 1},
		"Windows-1252 where UTF-8 is declared":           {strings.Replace(page, "%s", `<meta charset="utf-8">`, 1), "A café “with” places", 1},
		"UTF-8 where Windows-1252 is declared":           {"<meta charset=windows-1252><h1>Decision details</h1><h2>A café</h2>", "A café", 0},
		"UTF-16 with its mark":                           {"\xff\xfe" + wide("<h1>Decision details</h1><h2>A caf\u00e9</h2>"), "A café", 0},
		"marks that turn the direction of text are lost": {"<h1>Decision details</h1><h2>A \u202ecaf\u00e9\u200b</h2>", "A café", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := moderngov.Read([]byte(test.page))
			if err != nil {
				t.Fatal(err)
			}
			if c := only(t, got); c.Title != test.want || len(got.Notices) != test.notices {
				t.Errorf("title %q with notices %q, want %q with %d", c.Title, got.Notices, test.want, test.notices)
			}
		})
	}
}

func wide(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ data, says string }{
		"an empty file":              {" \n", "empty"},
		"a PDF":                      {"%PDF-1.7", "PDF"},
		"an archive of a page":       {"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;", "MHTML"},
		"a workbook":                 {"PK\x03\x04", "no HTML"},
		"another page":               {"<h1>Bin collections</h1><p>On Monday.</p>", "not a saved ModernGov page"},
		"a list without a decision":  {`<h1>Decisions</h1><form action="mgDelegatedDecisions.aspx"></form><p>No matching decisions</p>`, "No decision"},
		"a decision without a title": {"<h1>Decision details</h1><p>Technical error</p>", "neither"},
		"a page nested without end":  {"<h1>Decision details</h1>" + strings.Repeat("<div>", 100_000), "deeply"},
		"a page that is too large":   {strings.Repeat(" ", moderngov.MaxFile) + "<h1>Decision details</h1>", "larger"},
		"too many decisions":         {"<h1>Decisions</h1>" + strings.Repeat(`<p><a href="ieDecisionDetails.aspx?ID=1">A plan</a></p>`, moderngov.MaxCandidates+1), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := moderngov.Read([]byte(test.data))
			if !errors.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), test.says) {
				t.Errorf("got %v, want an invalid file that says %q", err, test.says)
			}
		})
	}
}

func TestNothingIsInvented(t *testing.T) {
	t.Parallel()
	const start = "<h1>Decision details</h1><h2>A plan</h2>"
	for name, test := range map[string]struct{ page, label, text string }{
		"a day that is none is a remark":           {start + "<p><span class=mgLabel>Date of decision: </span>31/02/2019</p>", "Date of decision", "31/02/2019"},
		"a year of two figures is a remark":        {start + "<p><span class=mgLabel>Date of decision: </span>12/06/19</p>", "Date of decision", "12/06/19"},
		"a day before which it is due is a remark": {start + "<p><span class=mgLabel>Decision due: </span>Before 29 Sep 2023</p>", "Decision due", "Before 29 Sep 2023"},
		"maybe is neither yes nor no":              {start + "<p><span class=mgLabel>Is Key decision?: </span>To be confirmed</p>", "Is Key decision?", "To be confirmed"},
		"two answers are not mixed":                {start + "<p><span class=mgLabel>Is Key decision?: </span>Yes</p><p><span class=mgLabel>Key decision: </span>No</p>", "Key decision", "No"},
		"a sentence is no number":                  {start + "<p><span class=mgLabel>Decision number: </span>see the minutes</p>", "Decision number", "see the minutes"},
		"a blank label takes nothing from below":   {start + "<p><span class=mgLabel>Decision Maker: </span></p><p>The board met twice.</p>", moderngov.Unlabelled, "The board met twice."},
		"hidden text is not read":                  {start + `<p style="display: none">Decision maker: Nobody</p><p>Seen.</p>`, moderngov.Unlabelled, "Seen."},
		"a heading alone is kept":                  {start + "<h2>This decision has been called in</h2>", moderngov.Unlabelled, "This decision has been called in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, err := moderngov.Read([]byte(test.page))
			if err != nil {
				t.Fatal(err)
			}
			c := only(t, page)
			same(t, c.Remarks, []moderngov.Remark{{Label: test.label, Text: test.text}})
			if !c.MadeOn.IsZero() || !c.DueOn.IsZero() || c.Maker != "" || c.Number != "" {
				t.Errorf("made something up: %+v", c)
			}
		})
	}
}

func TestDaysAsPrinted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		a    day.Approx
		rest string
	}{
		"12/12/2018":                      {on("2018-12-12"), ""},
		"1.2.2019":                        {on("2019-02-01"), ""},
		"2019-02-01":                      {on("2019-02-01"), ""},
		"12th December 2018":              {on("2018-12-12"), ""},
		"Wednesday, 12th December, 2018":  {on("2018-12-12"), ""},
		"Tue 3 Sept 2019 at 10.30 am":     {on("2019-09-03"), ""},
		"the 1st of May 2019":             {on("2019-05-01"), ""},
		"12 Dec 2018 - Cabinet":           {on("2018-12-12"), "- Cabinet"},
		"May 2019":                        {day.Roughly(day.Must("2019-05-01"), day.Month), ""},
		"2019":                            {day.Roughly(day.Must("2019-01-01"), day.Year), ""},
		"Not before 5th Feb 2018; notice": {day.Approx{Date: day.Must("2018-02-05"), Precision: day.NotBefore}, "notice"},
		"31/04/2019":                      {}, "12/13/2018": {}, "12/06/19": {}, "soon": {}, "": {}, "Before 1 May 2019": {}, "12/12/20181": {}, "Not before 2019": {},
		"May 2019 to June 2019": {day.Roughly(day.Must("2019-05-01"), day.Month), "to June 2019"},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			a, rest, ok := moderngov.ReadDate(text)
			if a != want.a || rest != want.rest || ok == want.a.IsZero() {
				t.Errorf("got %q %q %v, want %q %q", a.Words(), rest, ok, want.a.Words(), want.rest)
			}
		})
	}
}

// FuzzRead wants every page read or refused, within the limits, and no address but of the web or of a file beside it.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"details.html", "table.html", "terms.html", "issue.html", "list.html"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		page, err := moderngov.Read(data)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if len(page.Candidates) == 0 || len(page.Candidates) > moderngov.MaxCandidates {
			t.Fatalf("%d candidates", len(page.Candidates))
		}
		for _, c := range page.Candidates {
			for _, k := range c.Attachments {
				if strings.HasPrefix(strings.ToLower(strings.TrimSpace(k.Address)), "javascript:") {
					t.Fatalf("a script for an address: %q", k.Address)
				}
			}
		}
	})
}
