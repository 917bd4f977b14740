package membership

import (
	"regexp"
	"slices"
	"strings"
)

// codeScheme is a public register that knows organisations by a code.
type codeScheme struct {
	scheme, name, help, example string
	form                        *regexp.Regexp
}

// codeSchemes are in the order of the columns.
var codeSchemes = []codeScheme{
	{"urn", "URN", "Number of a school: six figures.", "118300", regexp.MustCompile(`^[0-9]{6}$`)},
	{"ods", "ODS code", "Code of an NHS body.", "RXY", regexp.MustCompile(`^[A-Z0-9]{3,8}$`)},
	{"gss", "GSS code", "Code of a local authority: E or W and eight figures.", "E10000016", regexp.MustCompile(`^[EW][0-9]{8}$`)},
	{"ukprn", "UKPRN", "Number of a learning provider: eight figures, the first a 1.", "10001234", regexp.MustCompile(`^1[0-9]{7}$`)},
	{"charity", "Charity number", "Number of a charity: six or seven figures.", "216401", regexp.MustCompile(`^[0-9]{6,7}(-[0-9]{1,3})?$`)},
	{"company", "Company number", "Number of a company: eight figures, or two letters and six figures.", "01234567", regexp.MustCompile(`^([0-9]{8}|[A-Z]{2}[0-9]{6})$`)},
}

func schemeOf(name string) codeScheme {
	return codeSchemes[slices.IndexFunc(codeSchemes, func(s codeScheme) bool { return s.scheme == name })]
}

// readCode is the code as public registers write it: capital letters, no spaces.
func readCode(text string) string { return strings.ToUpper(strings.Join(strings.Fields(text), "")) }
