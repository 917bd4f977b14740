package decision

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision/moderngov"
)

// importField is one column of a file, or one field of a record in JSON. Its name is that of published content. Texts
// are as a spreadsheet holds them: days as 2019-09-17, "June 2019", "2019" or "not before 2019-09-17", limbs as lettered
// lines, answers as yes or no.
type importField struct {
	name    string
	words   string // in the middle of a sentence
	help    string
	example string
	long    bool // too long to be shown in a preview
	get     func(*Draft) string
	set     func(*Draft, string) string // what is wrong with the text, or ""
}

// importWord is a field of one line, of so many characters at most.
func importWord(most int, at func(*Draft) *string) (get func(*Draft) string, set func(*Draft, string) string) {
	return func(d *Draft) string { return *at(d) }, func(d *Draft, text string) string {
		if n := utf8.RuneCountInString(text); n > most {
			return fmt.Sprintf("This has %d characters. There is room for %d", n, most)
		}
		*at(d) = text
		return ""
	}
}

// importDay is a field that holds a day with its precision.
func importDay(at func(*Draft) *day.Approx) (get func(*Draft) string, set func(*Draft, string) string) {
	return func(d *Draft) string { return dayText(*at(d)) }, func(d *Draft, text string) string {
		if text == "" {
			*at(d) = day.Approx{}
			return ""
		}
		a, rest, ok := moderngov.ReadDate(text)
		if !ok || rest != "" {
			return "Write the day like 2019-09-17 or 17/09/2019, or less exactly: June 2019, 2019, not before 17/09/2019"
		}
		*at(d) = a
		return ""
	}
}

// dayText is a day as a file has it.
func dayText(a day.Approx) string {
	switch {
	case a.IsZero():
		return ""
	case a.Precision == day.NotBefore:
		return "not before " + a.Date.String()
	case a.Precision == day.Exact:
		return a.Date.String()
	}
	return a.Words()
}

// importFlag is a field that is yes or no.
func importFlag(at func(*Draft) *bool) (get func(*Draft) string, set func(*Draft, string) string) {
	return func(d *Draft) string { return map[bool]string{true: "yes", false: "no"}[*at(d)] }, func(d *Draft, text string) string {
		switch strings.ToLower(text) {
		case "yes", "y", "true", "1":
			*at(d) = true
		case "no", "n", "false", "0":
			*at(d) = false
		default:
			return "Write yes or no"
		}
		return ""
	}
}

// importChoice is a field with a few known values.
func importChoice[T ~string](at func(*Draft) *T, known ...T) (get func(*Draft) string, set func(*Draft, string) string) {
	return func(d *Draft) string { return string(*at(d)) }, func(d *Draft, text string) string {
		v := T(strings.ToLower(text))
		if v != "" && !slices.Contains(known, v) {
			return fmt.Sprintf("“%s” is none of these: %s", shortText(text), listed(known))
		}
		*at(d) = v
		return ""
	}
}

func listed[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

const (
	longText  = 100_000
	shortWord = 300
)

// importFields are the fields of a record in a file, in the order of its columns.
var importFields = slices.Concat(identityFields(), textFields(), dayFields(), otherFields())

func fileField(name, words, help, example string, long bool, get func(*Draft) string, set func(*Draft, string) string) importField {
	if words == "" {
		words = FieldWords(name)
	}
	return importField{name, words, help, example, long, get, set}
}

func wordsField(name, help, example string, most int, at func(*Draft) *string) importField {
	get, set := importWord(most, at)
	return fileField(name, "", help, example, most > 2000, get, set)
}

func identityFields() []importField {
	officerGet, officerSet := importFlag(func(d *Draft) *bool { return &d.IsOfficer })
	keyGet, keySet := importChoice(func(d *Draft) *KeyState { return &d.Key.Key }, KeyYes, KeyNo)
	return []importField{
		wordsField("number-printed", "The number as the record prints it.", "10/00035", 40, func(d *Draft) *string { return &d.NumberPrinted }),
		wordsField("number-verified", "The number as found elsewhere, where that differs.", "19/00035", 40, func(d *Draft) *string { return &d.NumberVerified }),
		wordsField("subject", "What the decision is about. Needed for a new record.", "Arrangements for working together", 500, func(d *Draft) *string { return &d.Subject }),
		wordsField("maker", "Who decides, by post.", "Cabinet Member for Children", shortWord, func(d *Draft) *string { return &d.MakerTitle }),
		wordsField("maker-name", "The name, only where it is published.", "", shortWord, func(d *Draft) *string { return &d.MakerName }),
		fileField("officer", "", "Whether an officer decided: yes or no.", "no", false, officerGet, officerSet),
		wordsField("contact", "Whom to ask, by post.", "Head of Safeguarding", shortWord, func(d *Draft) *string { return &d.ContactTitle }),
		wordsField("source-status", "The status in the words of the source.", "Recommendations Approved", shortWord, func(d *Draft) *string { return &d.SourceStatus }),
		fileField("source-url", "", "Where it was published, from https:// on.", "", false, func(d *Draft) string { return d.SourceURL }, importSource),
		fileField("key", "", "Whether it is a key decision: yes or no.", "yes", false, keyGet, keySet),
		wordsField("key-reason", "Why it is a key decision.", "Affects all divisions", 5000, func(d *Draft) *string { return &d.Key.Reason }),
	}
}

func importSource(d *Draft, text string) string {
	if lower := strings.ToLower(text); text != "" && (!strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") || strings.ContainsAny(text, " \t\n") || len(text) > 2000) {
		return "Write an address that begins with https://"
	}
	d.SourceURL = text
	return ""
}

func textFields() []importField {
	return []importField{
		wordsField("preamble", "The words before the decision.", "As Cabinet Member I agree to:", longText, func(d *Draft) *string { return &d.Preamble }),
		fileField("limbs", "the decision itself", "The decision. Lettered parts begin their lines with a), b), c).", "a) Agree the arrangements.", true,
			func(d *Draft) string { return limbsText(d.Limbs) }, importLimbs),
		wordsField("reasons", "The reasons.", "", longText, func(d *Draft) *string { return &d.Reasons }),
		wordsField("financial", "The financial implications.", "", longText, func(d *Draft) *string { return &d.Financial }),
		wordsField("consultation", "Committee recommendations and other consultation.", "", longText, func(d *Draft) *string { return &d.Consultation }),
		wordsField("alternatives", "Alternatives considered. “None” is an answer.", "None", longText, func(d *Draft) *string { return &d.Alternatives }),
		wordsField("interests", "Interests declared. “None declared” is an answer.", "None declared", longText, func(d *Draft) *string { return &d.Interests }),
		wordsField("dispensation", "A dispensation that was granted.", "", longText, func(d *Draft) *string { return &d.Dispensation }),
		wordsField("dispensation-by", "Who granted it, by post.", "", shortWord, func(d *Draft) *string { return &d.DispensationBy }),
		wordsField("background", "The background papers, in words.", "", longText, func(d *Draft) *string { return &d.Background }),
		wordsField("signed-by", "Who signed the record, by post.", "", shortWord, func(d *Draft) *string { return &d.SignedBy }),
		fileField("to-be-added", "parts to be added", "Parts of a proposed record to be added after committee, with ; between them: "+listed(addable)+".", "", false,
			func(d *Draft) string { return strings.ReplaceAll(listed(d.Later), ", ", "; ") }, importLater),
	}
}

// limbsText is a decision as one text: a letter before every limb.
func limbsText(limbs []Limb) string {
	lines := make([]string, len(limbs))
	for i, l := range limbs {
		lines[i] = l.Text
		if l.Letter != "" {
			lines[i] = l.Letter + ") " + l.Text
		}
	}
	return strings.Join(lines, "\n")
}

func importLimbs(d *Draft, text string) string {
	if len(text) > longText/2 {
		return "The decision is too long. Attach what it is about as a file"
	}
	before, limbs := moderngov.Split(text)
	d.Limbs = nil
	for _, l := range limbs {
		d.Limbs = append(d.Limbs, Limb{Letter: l.Letter, Text: l.Text})
	}
	letter(d.Limbs)
	switch before {
	case "", d.Preamble:
		return ""
	}
	if d.Preamble != "" {
		return "There are words before a), but the preamble is another text"
	}
	d.Preamble = before
	return ""
}

func importLater(d *Draft, text string) string {
	d.Later = nil
	for name := range strings.SplitSeq(text, ";") {
		p := Part(strings.TrimSpace(name))
		switch {
		case p == "":
		case !p.Addable():
			return fmt.Sprintf("“%s” is none of these: %s", shortText(string(p)), listed(addable))
		default:
			d.Later = append(d.Later, p)
		}
	}
	return ""
}

func dayFields() []importField {
	var list []importField
	for _, f := range []struct {
		name, help, example string
		at                  func(*Draft) *day.Approx
	}{
		{"notice-on", "When notice of it was given.", "2019-05-01", func(d *Draft) *day.Approx { return &d.NoticeOn }},
		{"due-on", "When it is or was due.", "not before 2019-06-01", func(d *Draft) *day.Approx { return &d.DueOn }},
		{"made-on", "When it was made.", "2019-06-12", func(d *Draft) *day.Approx { return &d.MadeOn }},
		{"published-on", "When the body published it.", "2019-06-13", func(d *Draft) *day.Approx { return &d.PublishedOn }},
		{"effective-on", "When it takes effect, as stated.", "2019-06-21", func(d *Draft) *day.Approx { return &d.EffectiveOn }},
		{"implemented-on", "When it was carried out.", "September 2019", func(d *Draft) *day.Approx { return &d.ImplementedOn }},
		{"withdrawn-on", "When it was withdrawn.", "", func(d *Draft) *day.Approx { return &d.WithdrawnOn }},
	} {
		get, set := importDay(f.at)
		list = append(list, fileField(f.name, "", f.help, f.example, false, get, set))
	}
	return append(list, wordsField("withdrawn-reason", "Why it was withdrawn. Needed at that stage.", "", 5000, func(d *Draft) *string { return &d.WithdrawnReason }))
}

func otherFields() []importField {
	restrictionGet, restrictionSet := importChoice(func(d *Draft) *Restriction { return &d.Restriction }, Restrictions()...)
	routeGet, routeSet := importChoice(func(d *Draft) *Route { return &d.Route }, GeneralException, SpecialUrgency)
	onGet, onSet := importDay(func(d *Draft) *day.Approx { return &d.Urgency.On })
	appliesGet, appliesSet := importFlag(func(d *Draft) *bool { return &d.CallInApplies })
	waivedGet, waivedSet := importFlag(func(d *Draft) *bool { return &d.CallInWaived })
	return []importField{
		fileField("restriction", "", "How far it is open: "+listed(Restrictions())+". Empty: open.", "open", false, restrictionGet, restrictionSet),
		fileField("exempt-category", "", "Paragraph of the Local Government Act 1972, Schedule 12A: 1 to 7.", "3", false, getImportCategory, setImportCategory),
		wordsField("public-interest", "Why exemption serves the public interest.", "", 5000, func(d *Draft) *string { return &d.PublicInterest }),
		fileField("route", "", "Route of urgency: general exception or special urgency. Empty: neither.", "", false, routeGet, routeSet),
		wordsField("urgency-reason", "Why it is urgent.", "", 5000, func(d *Draft) *string { return &d.Urgency.Reason }),
		wordsField("urgency-told", "Post that was told: general exception.", "", shortWord, func(d *Draft) *string { return &d.Told }),
		wordsField("urgency-agreed", "Post that agreed: special urgency.", "", shortWord, func(d *Draft) *string { return &d.Agreed }),
		fileField("urgency-on", "", "When that post was told or agreed.", "", false, onGet, onSet),
		fileField("call-in-applies", "", "Whether it can be called in: yes or no. Empty: yes.", "yes", false, appliesGet, appliesSet),
		fileField("call-in-waived", "", "Whether call-in was waived: yes or no.", "no", false, waivedGet, waivedSet),
		wordsField("call-in-waived-reason", "Why call-in was waived.", "", 5000, func(d *Draft) *string { return &d.CallInWaivedReason }),
		wordsField("call-in-waived-by", "Who waived it, by post.", "", shortWord, func(d *Draft) *string { return &d.CallInWaivedBy }),
	}
}

func getImportCategory(d *Draft) string {
	if d.Category == 0 {
		return ""
	}
	return strconv.Itoa(d.Category)
}

func setImportCategory(d *Draft, text string) string {
	if text == "" {
		d.Category = 0
		return ""
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 7 {
		return "Write the number of a paragraph of Schedule 12A, from 1 to 7"
	}
	d.Category = n
	return ""
}

// shortText is the beginning of a text, for a message about it.
func shortText(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
