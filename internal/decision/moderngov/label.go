package moderngov

import (
	"regexp"
	"strings"
	"unicode"
)

// field is what a label stands for.
type field int

const (
	unknown field = iota
	pageTitle
	number
	ref
	title
	maker
	status
	key
	keyReason
	decisionType
	callIn
	restriction
	noticeOn
	dueOn
	madeOn
	publishedOn
	effectiveOn
	meeting
	decision
	reasons
	financial
	consultation
	alternatives
	interests
	dispensation
	background
	documents
	decided // its words can be a day or the decision itself
)

// known are the labels that councils use, as normal makes them. A label that is not here makes a remark.
var known = map[field][]string{
	pageTitle: {"decision details", "issue details", "issue history", "decision", "decisions", "issue", "delegated decisions", "officer decisions", "executive decisions"},
	number:    {"decision number", "decision no", "decision ref", "decision ref no", "decision reference", "decision reference number", "reference number", "reference no", "record number"},
	ref:       {"ref", "ref no", "reference"},
	title:     {"title", "subject", "title of decision", "decision title", "subject of decision", "issue title", "subject matter"},
	maker: {"decision maker", "decision taker", "decision to be taken by", "decision taken by", "decision made by", "taken by", "decided by", "made by",
		"name of decision maker", "decision maker s"},
	status:       {"decision status", "status", "status of decision", "current status"},
	key:          {"is key decision", "is it a key decision", "is this a key decision", "key decision", "is the decision a key decision", "is key"},
	keyReason:    {"reason key", "key reason", "reason for key decision", "reason it is a key decision", "reason key decision", "key decision reason"},
	decisionType: {"decision type", "type of decision"},
	callIn: {"is subject to call in", "subject to call in", "is the decision subject to call in", "is this decision subject to call in", "is it subject to call in",
		"is eligible for call in", "eligible for call in"},
	restriction: {"anticipated restriction", "restriction", "restrictions", "restriction status", "exempt status"},
	noticeOn: {"notice of proposed decision first published", "notice of decision first published", "notice first published", "date of notice", "notice published",
		"date notice published", "first published on the forward plan"},
	dueOn: {"decision due", "decision due date", "date due", "due date", "decision due on", "date decision due", "expected date of decision", "anticipated date of decision"},
	madeOn: {"date of decision", "decision date", "date decision made", "date decision taken", "date of decision made", "date taken", "date made", "decided on", "decision made on",
		"decision taken on", "date decided"},
	publishedOn: {"publication date", "date of publication", "decision published", "published", "date published", "date decision published", "decision publication date",
		"date of publication of decision"},
	effectiveOn: {"effective from", "effective date", "date effective", "effective on", "decision effective from", "date effective from", "date decision effective",
		"decision takes effect", "takes effect on", "takes effect from", "in force from", "comes into force on", "decision can be implemented from"},
	meeting:   {"made at meeting", "decided at meeting", "decision made at meeting", "taken at meeting"},
	decided:   {"decision", "decision made", "decision taken", "decisions made"},
	decision:  {"decision s", "the decision", "details of decision", "details of the decision", "text of decision", "decision text", "resolution", "resolved", "record of decision"},
	reasons:   {"reasons", "reason", "reason s", "reasons for decision", "reasons for the decision", "reason s for decision", "reason s for the decision", "reason for decision", "reason for the decision", "reasons for making the decision"},
	financial: {"financial implications", "finance implications", "financial and resource implications", "resource implications"},
	consultation: {"consultation", "consultees", "consultation process", "consultation undertaken", "other consultation", "cabinet committee recommendations and other consultation",
		"principal consultees", "who was consulted", "consultation and engagement"},
	alternatives: {"alternatives considered", "any alternatives considered", "alternatives", "alternative options considered", "alternative options", "alternative options rejected",
		"alternatives considered and rejected", "alternative options considered and rejected", "any alternatives considered and rejected", "other options considered",
		"options considered and rejected", "details of any alternative options considered and rejected", "details of alternative options considered and rejected"},
	interests: {"interests declared", "interests", "interests and nature of interests declared", "declarations of interest", "declaration of interest", "declarations of interests",
		"declared interests", "conflicts of interest", "any interests declared", "any interest declared", "any conflict of interest declared", "any interest declared when the decision was taken",
		"any interest declared when the decision was taken and any dispensation granted by the proper officer"},
	dispensation: {"dispensation", "dispensations", "dispensation granted", "dispensations granted", "any dispensation granted", "any dispensation granted by the proper officer"},
	background:   {"background papers", "background documents", "list of background papers"},
	documents: {"accompanying documents", "documents", "attachments", "supporting documents", "related documents", "accompanying document", "additional documents", "attached documents",
		"decision documents"},
}

var (
	byLabel    = index()
	notLetters = regexp.MustCompile(`[^a-z0-9]+`)
)

func index() map[string]field {
	all := map[string]field{}
	for f, labels := range known {
		if f == pageTitle {
			continue
		}
		for _, l := range labels {
			all[l] = f
		}
	}
	return all
}

// normal makes labels alike that differ only in case, signs and space.
func normal(label string) string {
	return strings.TrimSpace(notLetters.ReplaceAllString(strings.ToLower(strings.ReplaceAll(label, "’", "'")), " "))
}

func lookup(label string) field { return byLabel[normal(label)] }

// statuses are words by which these sites say how far a decision has come.
var statuses = map[string]bool{
	"recommendations approved": true, "for determination": true, "implemented": true, "called in": true, "recommendations modified": true, "abandoned": true,
	"deferred": true, "item deferred": true, "withdrawn": true, "referred back": true, "rejected": true, "recommend forward": true, "information only": true,
	"awaiting implementation": true, "subject to call in": true, "approved": true, "recommendations rejected": true,
}

// isPageTitle tells whether a heading only says what kind of page it is.
func isPageTitle(heading string) bool {
	n := normal(heading)
	for _, l := range known[pageTitle] {
		if n == l {
			return true
		}
	}
	return false
}

// long tells whether a field is text that can go over many lines.
func (f field) long() bool { return f >= decision && f <= decided }

// plainLabel finds a known label that nothing but a colon marks: "Decision status: Approved". Labels of long text are
// too common in running words to be told in this way.
var plainLabel = regexp.MustCompile(`^([A-Z][^:\n]{1,60})\??\s*:\s*(.*)$`)

func plain(text string) (label, value string, f field) {
	m := plainLabel.FindStringSubmatch(text)
	if m == nil {
		return "", "", unknown
	}
	return strings.TrimSpace(m[1]), m[2], lookup(m[1])
}

// tidyLabel is a label without the signs that end it.
func tidyLabel(label string) string {
	return strings.TrimRightFunc(strings.TrimSpace(label), func(r rune) bool { return r == ':' || unicode.IsSpace(r) })
}
