package membership

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnershipportal/internal/day"
	"partnershipportal/internal/sheet"
)

// wanted is what one row of a file says. A nil pointer means that the file has no such column.
type wanted struct {
	row        int
	slug       string
	name, kind string // empty: not said
	note       *string
	from, to   *day.Date
	basis      Basis
	categories *[]int
	reason     *string
	codes      []codeState
}

// longestText is the most characters of a note or a reason.
const longestText = 2000

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// importReader reads the rows of a file into what they want, and gathers what is wrong.
type importReader struct {
	of         Register
	file       sheet.Sheet
	categories []Category
	problems   []sheet.Problem
	row        sheet.Row
}

func (r *importReader) fail(column, message string) {
	r.problems = append(r.problems, sheet.Problem{Row: r.row.Number, Column: column, Message: message})
}

func (r *importReader) read() []wanted {
	all := make([]wanted, 0, len(r.file.Rows))
	for _, row := range r.file.Rows {
		r.row = row
		all = append(all, r.one())
	}
	return all
}

func (r *importReader) one() wanted {
	w := wanted{row: r.row.Number, name: r.short("name"), kind: r.oneOf("kind", OrganisationKinds()), note: r.long("note"), from: r.day("from"), to: r.day("to")}
	w.slug = r.slug(w.name)
	if w.from != nil && w.to != nil && !w.to.IsZero() && w.to.Before(*w.from) {
		r.fail("to", "The last day must not be before the first day")
	}
	for _, s := range codeSchemes {
		value := readCode(r.row.Get(s.scheme))
		switch {
		case value == "":
		case !s.form.MatchString(value):
			r.fail(s.scheme, "“"+shortened(value)+"” has not the form of this code. "+s.help)
		default:
			w.codes = append(w.codes, codeState{Slug: w.slug, Scheme: s.scheme, Value: value})
		}
	}
	if r.of != RegisterAgencies {
		return w
	}
	w.reason = r.long("reason")
	w.basis = r.basis()
	w.categories = r.paragraphs()
	if w.from == nil || w.from.IsZero() {
		r.fail("from", "Enter the first day as relevant agency")
	}
	return w
}

// shortened cuts what was typed for a message.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}

func (r *importReader) short(column string) string {
	text := strings.Join(strings.Fields(r.row.Get(column)), " ")
	if utf8.RuneCountInString(text) > 200 {
		r.fail(column, "This has more than 200 characters")
	}
	return text
}

func (r *importReader) long(column string) *string {
	if !r.file.Has(column) {
		return nil
	}
	text := r.row.Get(column)
	if utf8.RuneCountInString(text) > longestText {
		r.fail(column, "This has more than 2,000 characters")
	}
	return &text
}

// tidied is a stored text as it comes back from a file.
func tidied(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

// day reads a cell that the sheet has made YYYY-MM-DD already.
func (r *importReader) day(column string) *day.Date {
	if !r.file.Has(column) {
		return nil
	}
	var d day.Date
	if text := r.row.Get(column); text != "" {
		read, err := day.Parse(text)
		if err != nil {
			r.fail(column, "Write the day like 2022-07-01")
		}
		d = read
	}
	return &d
}

func (r *importReader) oneOf(column string, words []string) string {
	text := strings.ToLower(r.short(column))
	if text != "" && !slices.Contains(words, text) {
		r.fail(column, "“"+shortened(text)+"” is none of these: "+strings.Join(words, ", "))
	}
	return text
}

func (r *importReader) slug(name string) string {
	slug := r.row.Get("slug")
	if slug == "" {
		slug = SlugOf(name)
	}
	switch {
	case slug == "":
		r.fail("slug", "Enter the name or the address of the organisation")
	case len(slug) > 80 || !slugForm.MatchString(slug):
		r.fail("slug", "Use lower-case letters, figures and single hyphens only, 80 at most")
	case slug == "add":
		r.fail("slug", "This address is taken by the site itself. Enter a different one")
	}
	return slug
}

// SlugOf makes an address of a name: “St Mary’s School, Deal” becomes st-marys-school-deal.
func SlugOf(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(strings.NewReplacer("'", "", "’", "", "&", " and ").Replace(plainLetters(name))) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := strings.Trim(b.String(), "-")
	if len(slug) > 80 {
		slug = strings.Trim(slug[:80], "-")
	}
	return slug
}

var accents = strings.NewReplacer("á", "a", "à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ï", "i",
	"ñ", "n", "ó", "o", "ô", "o", "ö", "o", "ú", "u", "ü", "u", "ŵ", "w", "ŷ", "y")

func plainLetters(name string) string { return accents.Replace(strings.Map(unicode.ToLower, name)) }

func (r *importReader) basis() Basis {
	switch text := strings.ToLower(r.short("basis")); text {
	case "":
		r.fail("basis", "Enter why the organisation is included: chosen, designated or invitee")
	case "chosen", "chosen by the safeguarding partners":
		return Chosen
	case "designated", "designated by law":
		return Designated
	case "invitee", "invited", "invited to take part":
		return Invitee
	default:
		r.fail("basis", "“"+shortened(text)+"” is none of these: chosen, designated, invitee")
	}
	return ""
}

var numberedCategory = regexp.MustCompile(`^([0-9]{1,4})\.\s`)

// paragraphs reads categories by number or name. Names hold commas, so only numbers may have commas between them.
func (r *importReader) paragraphs() *[]int {
	if !r.file.Has("categories") {
		return nil
	}
	found := []int{}
	for part := range strings.FieldsFuncSeq(r.row.Get("categories"), func(c rune) bool { return c == ';' || c == '\n' }) {
		pieces := []string{part}
		if strings.Trim(part, "0123456789, ") == "" {
			pieces = strings.Split(part, ",")
		}
		for _, piece := range pieces {
			if piece = strings.TrimSpace(piece); piece == "" {
				continue
			}
			i := slices.IndexFunc(r.categories, func(c Category) bool { return c.called(piece) })
			switch {
			case i < 0:
				r.fail("categories", "“"+shortened(piece)+"” is no category of the Schedule")
			case !slices.Contains(found, r.categories[i].Paragraph):
				found = append(found, r.categories[i].Paragraph)
			}
		}
	}
	slices.Sort(found)
	return &found
}

// called tells whether the category is meant: by number, by name, or by both as the desk writes them.
func (c Category) called(text string) bool {
	if n, err := strconv.Atoi(text); err == nil {
		return n == c.Paragraph
	}
	if m := numberedCategory.FindStringSubmatch(text); m != nil {
		return m[1] == strconv.Itoa(c.Paragraph)
	}
	return strings.EqualFold(text, c.Category)
}
