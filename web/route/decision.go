package route

import "net/url"

// Public paths of the decisions register.
const (
	Decisions         = "/decisions"
	DecisionsAtom     = "/decisions.atom"
	DecisionsJSON     = "/decisions.json"
	ForwardPlan       = "/decisions/forward-plan"
	ForwardPlanAtom   = "/decisions/forward-plan.atom"
	ForwardPlanICS    = "/decisions/forward-plan.ics"
	Decision          = "/decisions/{body}/{ref}"
	DecisionJSON      = "/decisions/{body}/{ref}.json"
	DecisionFile      = "/decisions/{body}/{ref}/files/{file}"
	DecisionsOfAsking = "body"
)

// DecisionTo is the public page of a record: the body's slug and the number as it stands in addresses.
func DecisionTo(body, ref string) string {
	return Decisions + "/" + url.PathEscape(body) + "/" + url.PathEscape(ref)
}

// DecisionJSONTo is the published content of a record.
func DecisionJSONTo(body, ref string) string { return DecisionTo(body, ref) + ".json" }

// DecisionFileTo is an open file of a record.
func DecisionFileTo(body, ref string, file int64) string {
	return DecisionTo(body, ref) + "/files/" + number(file)
}

// DecisionsOf is the register of one body.
func DecisionsOf(body string) string {
	return Decisions + "?" + url.Values{DecisionsOfAsking: {body}}.Encode()
}
