package route

import "net/url"

// Paths of the desk of the decisions register.
const (
	DeskDecisions        = "/desk/decisions"
	DeskDecisionCalendar = "/desk/decisions/calendar"
	DeskDecisionRegister = "/desk/decisions/register" // the whole register in the columns of the import, as CSV and XLSX
	DeskDecisionNew      = "/desk/decisions/new"
	DeskDecision         = "/desk/decisions/{body}/{ref}"
	DeskDecisionAct      = DeskDecision + "/{act}"
	DeskDecisionAttach   = DeskDecision + "/attach"
	DeskDecisionFile     = DeskDecision + "/files/{file}"
	DeskDecisionRules    = "/desk/decision-rules"
	DeskDecisionRuleAct  = "/desk/decision-rules/{act}"
)

// DeskDecisionTo is the desk's page of a record, by its body's slug and its reference.
func DeskDecisionTo(body, ref string) string {
	return DeskDecisions + "/" + url.PathEscape(body) + "/" + url.PathEscape(ref)
}

// DeskDecisionActTo is where something is done to a record.
func DeskDecisionActTo(body, ref, act string) string {
	return DeskDecisionTo(body, ref) + "/" + url.PathEscape(act)
}

// DeskDecisionTakeOff is where a file or a link is taken off a record.
func DeskDecisionTakeOff(body, ref, act string, which int64) string {
	return DeskDecisionActTo(body, ref, act) + "?" + url.Values{"which": {number(which)}}.Encode()
}

// DeskDecisionFileTo is a file of a record, exempt ones too.
func DeskDecisionFileTo(body, ref string, file int64) string {
	return DeskDecisionTo(body, ref) + "/files/" + number(file)
}

// DeskDecisionRuleActTo is where a rule of the register is added or taken out.
func DeskDecisionRuleActTo(act string) string { return DeskDecisionRules + "/" + url.PathEscape(act) }
