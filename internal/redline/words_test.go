package redline

import (
	"strings"
	"testing"
)

// marked writes pieces as [-removed-]{+added+}.
func marked(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		switch p.Op {
		case Same:
			b.WriteString(p.New.Text)
		case Removed:
			b.WriteString("[-" + p.Old.Text + "-]")
		case Added:
			b.WriteString("{+" + p.New.Text + "+}")
		case Changed:
			b.WriteString("<" + p.New.Text + ">")
		}
	}
	return b.String()
}

func text(s string) []Span { return Join([]Span{{Text: s}}) }

func TestWordsAreComparedAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, now, want string }{
		{"one word", "The partners meet monthly.", "The partners meet quarterly.", "The partners meet [-monthly-]{+quarterly+}."},
		{"a word put in", "The partners meet.", "The three partners meet.", "The {+three +}partners meet."},
		{"a sum of money is one", "The budget is £1,250,000.50 a year.", "The budget is £1,350,000.50 a year.", "The budget is [-£1,250,000.50-]{+£1,350,000.50+} a year."},
		{"a sum in millions", "It holds £1.2 million in all.", "It holds £1.4 million in all.", "It holds [-£1.2 million-]{+£1.4 million+} in all."},
		{"a date is one", "In effect from 17 September 2019.", "In effect from 1 September 2019.", "In effect from [-17 September 2019-]{+1 September 2019+}."},
		{"a date with its weekday", "On Tuesday 3 May 2022 the board met.", "On Friday 6 May 2022 the board met.", "On [-Tuesday 3 May 2022-]{+Friday 6 May 2022+} the board met."},
		{"a month alone may be a word", "It may change in May.", "It may change in June.", "It may change in [-May-]{+June+}."},
		{"a body is one", "Asked of Kent County Council and the police.", "Asked of Medway Council and the police.", "Asked of [-Kent County Council-]{+Medway Council+} and the police."},
		{"a body with small words", "The Chief Constable of Kent Police signs.", "The Chief Constable of Surrey Police signs.", "The [-Chief Constable of Kent Police-]{+Chief Constable of Surrey Police+} signs."},
		{"an Act with its year", "Under the Children Act 1989 it must.", "Under the Children Act 2004 it must.", "Under the [-Children Act 1989-]{+Children Act 2004+} it must."},
		{"two bodies are two", "Kent Police and Kent County Council agree.", "Kent Police and Medway Council agree.", "Kent Police and [-Kent County Council-]{+Medway Council+} agree."},
		{"an abbreviation", "Its CCGs pay.", "Its ICB pays.", "Its [-CCGs pay-]{+ICB pays+}."},
		{"a phrase is replaced whole", "They act on behalf of clinical groups in each case.", "They act on behalf of integrated boards in each case.", "They act on behalf of [-clinical groups-]{+integrated boards+} in each case."},
		{"nothing", "As before.", "As before.", "As before."},
		{"all of it", "", "New.", "{+New.+}"},
		{"percentages and years", "A rise of 2.5% in 2019/20.", "A rise of 3% in 2020/21.", "A rise of [-2.5%-]{+3%+} in [-2019/20-]{+2020/21+}."},
		{"must and should", "Agencies should tell the partners.", "Agencies must tell the partners.", "Agencies [-should-]{+must+} tell the partners."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := marked(compareSpans(text(c.old), text(c.now))); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAWordThatIsOnlySetDifferentlyIsChanged(t *testing.T) {
	t.Parallel()
	old := []Span{{Text: "Partners "}, {Text: "must", Style: Strong}, {Text: " act. See "}, {Text: "the list", Link: "/a"}, {Text: "."}}
	now := []Span{{Text: "Partners must act. See "}, {Text: "the list", Link: "/b"}, {Text: "."}}
	if got, want := marked(compareSpans(old, now)), "Partners <must> act. See <the list>."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNamesAndSumsAreTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Kent and Medway Clinical Commissioning Group pays £12.": "Kent and Medway Clinical Commissioning Group| |pays| |£12|.",
		"The Department for Education asks.":                     "The| |Department for Education| |asks|.",
		"Dr Anna O’Neill, of Kent":                               "Dr Anna O’Neill|,| |of| |Kent",
		"from 1st July 2022 to 2022-08-01":                       "from| |1st July 2022| |to| |2022-08-01",
		"250 pounds, 10:30, section 3.2.":                        "250 pounds|,| |10:30|,| |section| |3.2|.",
		"Working Together to Safeguard":                          "Working Together| |to| |Safeguard",
		"re-use the child's":                                     "re-use| |the| |child's",
		"In May 2021 We":                                         "In| |May 2021| |We",
		"":                                                       "",
		"£":                                                      "£",
		"Tuesday 3":                                              "Tuesday| |3",
	} {
		var got []string
		for _, token := range tokensOf(text(in)) {
			got = append(got, token.text)
		}
		if joined := strings.Join(got, "|"); joined != want {
			t.Errorf("%q gives %s, want %s", in, joined, want)
		}
	}
}
