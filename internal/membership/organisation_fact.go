package membership

import (
	"regexp"
	"strings"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// FactKind is a kind of dated fact about an organisation.
type FactKind string

// The kinds of facts that can be retracted one by one.
const (
	NameFact       FactKind = "name"
	IdentifierFact FactKind = "identifier"
	AddressFact    FactKind = "address"
	PartnerFact    FactKind = "partner" // a time as safeguarding partner
	ShareFact      FactKind = "area"    // an area that it shares as one
	AgencyFact     FactKind = "agency"  // a time as relevant agency
)

// FactKinds lists them.
func FactKinds() []FactKind {
	return []FactKind{NameFact, IdentifierFact, AddressFact, PartnerFact, ShareFact, AgencyFact}
}

// Fact is one dated fact about an organisation, as business support sees it.
type Fact struct {
	Kind       FactKind
	Row        int64  // its identifier
	Scheme     string // of an identifier
	Words      string // the name, the code, the address, the kind of partner, the area, the basis
	Partner    id.Partner
	StartsOn   day.Date
	EndsOn     day.Date
	RecordedAt time.Time
	Retracted  *time.Time // none: it counts
	Reason     string     // why it was retracted
}

// Scheme is a public register that knows organisations by a code.
type Scheme struct {
	Key   string
	Name  string
	Shape string // in words
	form  *regexp.Regexp
}

// Schemes lists the registers.
func Schemes() []Scheme { return schemes }

var schemes = []Scheme{
	{"gss", "ONS area code", "E or W and eight figures, like E10000016", regexp.MustCompile(`^[EW][0-9]{8}$`)},
	{"ods", "NHS organisation code (ODS)", "three to eight capital letters and figures, like QKS", regexp.MustCompile(`^[A-Z0-9]{3,8}$`)},
	{"urn", "School number (URN)", "six figures, like 118908", regexp.MustCompile(`^[0-9]{6}$`)},
	{"ukprn", "Learning provider number (UKPRN)", "a 1 and seven figures, like 10003558", regexp.MustCompile(`^1[0-9]{7}$`)},
	{"charity", "Charity number", "six or seven figures, perhaps with a hyphen and up to three more, like 1139876-1", regexp.MustCompile(`^[0-9]{6,7}(-[0-9]{1,3})?$`)},
	{"company", "Company number", "eight figures, or two letters and six figures, like 01234567", regexp.MustCompile(`^([0-9]{8}|[A-Z]{2}[0-9]{6})$`)},
}

// SchemeOf finds a register by its key.
func SchemeOf(key string) (Scheme, bool) {
	for _, s := range schemes {
		if s.Key == key {
			return s, true
		}
	}
	return Scheme{}, false
}

// IdentifierCommand gives an organisation a code of a public register, from a day on or since ever.
type IdentifierCommand struct {
	Slug   string
	Scheme string
	Value  string
	From   day.Date
}

// checked is the command with its code in the register's writing.
func (c IdentifierCommand) checked() (IdentifierCommand, error) {
	scheme, ok := SchemeOf(c.Scheme)
	if !ok {
		return c, fault.Field("scheme", "Choose the register")
	}
	c.Value = strings.ToUpper(strings.Join(strings.Fields(c.Value), ""))
	switch {
	case c.Value == "":
		return c, fault.Field("value", "Enter the code")
	case !scheme.form.MatchString(c.Value):
		return c, fault.Field("value", "The code must be "+scheme.Shape)
	}
	return c, nil
}

// AddressCommand gives an organisation a postal address, from a day on or since ever.
type AddressCommand struct {
	Slug     string
	Address  string // lines, without the postcode
	Postcode string
	From     day.Date
}

var postcodeForm = regexp.MustCompile(`^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$`)

// checked is the command with its postcode as it is written.
func (c AddressCommand) checked() (AddressCommand, error) {
	if c.Address == "" {
		return c, fault.Field("address", "Enter the address")
	}
	bare := strings.ToUpper(strings.Join(strings.Fields(c.Postcode), ""))
	if c.Postcode = bare; len(bare) > 3 {
		c.Postcode = bare[:len(bare)-3] + " " + bare[len(bare)-3:]
	}
	if c.Postcode != "" && !postcodeForm.MatchString(c.Postcode) {
		return c, fault.Field("postcode", "Enter a full postcode, like ME14 1XQ")
	}
	return c, nil
}

// EditCommand changes what an organisation is and what is noted of it.
type EditCommand struct {
	Slug string
	Kind string
	Note string
}

// RetractCommand takes back a fact that was entered in error. Right is the right name in place of a wrong one.
type RetractCommand struct {
	Slug   string
	Kind   FactKind
	Row    int64
	Right  string
	Reason string
}

// ShareCommand gives a safeguarding partner a further area from a day on.
type ShareCommand struct {
	Slug    string
	Partner id.Partner
	Area    id.Area
	From    day.Date
}

var (
	errNoFact   = fault.New(fault.NotFound, "The organisation has no such record.")
	errOnlyName = fault.Field("right", "It is the only name of the organisation. Enter the right name in its place")
	errOnlyArea = fault.New(fault.Conflict, "It is the only area of the safeguarding partner. Add the right area first, or retract the whole time.")
	errNoWhy    = fault.Field("reason", "Enter why it is retracted")
)
