package server

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/decision"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/ui"
)

// mostLimbs is how many lettered parts a form takes.
const mostLimbs = 40

func limbName(i int) string { return "limb-" + strconv.Itoa(i+1) }

func limbNames() []string {
	names := make([]string, mostLimbs)
	for i := range names {
		names[i] = limbName(i)
	}
	return names
}

// limbCount is how many limbs the form has, at least one.
func limbCount(f *form.Form) int {
	n := 1
	for i := range mostLimbs {
		if f.Has(limbName(i)) {
			n = i + 1
		}
	}
	return n
}

func textFields() []string {
	return append(append([]string{"preamble"}, limbNames()...), "reasons", "financial", "consultation", "alternatives", "interests", "dispensation", "dispensation-by",
		"background", "signed-by", "later")
}

var textAct = recordAct{
	heading: "What the record says", press: "Save the text", done: "The text is saved", fields: textFields(),
	intro: "Everything on this page is public once the record is published. Exempt passages have a page of their own.",
	fill: func(d decision.Full, v url.Values) {
		for name, value := range map[string]string{"preamble": d.Preamble, "reasons": d.Reasons, "financial": d.Financial, "consultation": d.Consultation,
			"alternatives": d.Alternatives, "interests": d.Interests, "dispensation": d.Dispensation, "dispensation-by": d.DispensationBy, "background": d.Background, "signed-by": d.SignedBy} {
			v.Set(name, value)
		}
		for i, l := range d.Limbs {
			v.Set(limbName(i), l.Text)
		}
		fillLater(d.Text, v)
	},
	ask:     askText,
	pressed: pressLimb,
	do: func(a *askedRecord) error {
		t := readText(a)
		return a.save(decision.Changes{Text: &t})
	},
}

func fillLater(t decision.Text, v url.Values) {
	for _, p := range t.Later {
		v.Add("later", string(p))
	}
}

func askText(a *askedRecord) []templ.Component {
	f := a.f
	limbs := page.LimbFields{Hint: "One field for each of a), b), c) and so on. The letters are set by their order."}
	for i := range limbCount(f) {
		limbs.Limbs = append(limbs.Limbs, f.Field(limbName(i), "Limb "+decision.Letter(i)+")", ""))
	}
	list := []templ.Component{
		ui.Textarea{Field: f.Field("preamble", "Words before the limbs (optional)", "For example “As Cabinet Member I propose to:”"), Rows: 2}, limbs.Content(),
		ui.Textarea{Field: f.Field("reasons", "Reasons for the decision", ""), Rows: 8},
		ui.Textarea{Field: f.Field("financial", "Financial implications", "")},
		ui.Textarea{Field: f.Field("consultation", "Cabinet committee recommendations and other consultation", "")},
		ui.Textarea{Field: f.Field("alternatives", "Alternatives considered", "“None” is an answer")},
		ui.Textarea{Field: f.Field("interests", "Interests declared", "“None declared” is an answer"), Rows: 2},
		ui.Textarea{Field: f.Field("dispensation", "Dispensation granted (optional)", ""), Rows: 2},
		ui.Textarea{Field: f.Field("dispensation-by", "Post that granted the dispensation", "For example Proper Officer"), Rows: 1},
		ui.Textarea{Field: f.Field("background", "Background papers (optional)", "In words. Files are attached on the record's page"), Rows: 3},
		ui.Textarea{Field: f.Field("signed-by", "Post that signed the record (optional)", ""), Rows: 1},
	}
	if a.d.Stage == decision.Proposed {
		list = append(list, laterField(f))
	}
	return list
}

// laterField offers to leave parts of a proposed record to be added after committee.
func laterField(f *form.Form) templ.Component {
	var offered []ui.Option
	for _, p := range decision.Addable() {
		offered = append(offered, ui.Option{Value: string(p), Text: sentence(p.Words())})
	}
	return ui.Checkboxes{Field: f.Field("later", "Which parts are to be added after the committee meeting?", "Only a proposed record can leave them. The public is told so."), Options: offered, Small: true}
}

func readLater(f *form.Form) []decision.Part {
	var allowed []string
	for _, p := range decision.Addable() {
		allowed = append(allowed, string(p))
	}
	var list []decision.Part
	for _, c := range f.Choices("later", "Choose parts from the list", allowed...) {
		list = append(list, decision.Part(c))
	}
	return list
}

func readText(a *askedRecord) decision.Text {
	f := a.f
	long := func(name, label string) string { return f.Text(name, label, maxPassage) }
	t := decision.Text{Preamble: long("preamble", "The text"), Reasons: long("reasons", "The reasons"), Financial: long("financial", "The financial implications"),
		Consultation: long("consultation", "The consultation"), Alternatives: long("alternatives", "The alternatives"), Interests: long("interests", "The interests"),
		Dispensation: long("dispensation", "The dispensation"), DispensationBy: f.Text("dispensation-by", "The post", maxPost), Background: long("background", "The background papers"),
		SignedBy: f.Text("signed-by", "The post", maxPost)}
	for i := range limbCount(f) {
		if text := f.Text(limbName(i), fmt.Sprintf("Limb %s)", decision.Letter(i)), 20_000); text != "" {
			t.Limbs = append(t.Limbs, decision.Limb{Letter: decision.Letter(len(t.Limbs)), Text: text})
		}
	}
	if a.d.Stage == decision.Proposed {
		t.Later = readLater(f)
	}
	return t
}

// pressLimb adds or removes a limb in the form alone. Nothing is saved, and nothing that was typed is lost.
func pressLimb(a *askedRecord) bool {
	pressed, n, v := a.f.Raw("do"), limbCount(a.f), a.r.PostForm
	v.Del("do")
	if pressed == "add-limb" {
		if n < mostLimbs {
			v.Set(limbName(n), "")
		} else {
			a.f.Fail(limbName(n-1), fmt.Sprintf("A record can have %d limbs", mostLimbs))
		}
		return true
	}
	at, removing := strings.CutPrefix(pressed, "remove-limb-")
	which, err := strconv.Atoi(at)
	if !removing || err != nil || which < 1 || which > n {
		return false
	}
	for i := which - 1; i < n-1; i++ {
		v.Set(limbName(i), v.Get(limbName(i+1)))
	}
	if n > 1 {
		v.Del(limbName(n - 1))
	}
	return true
}
