package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

// showAdminSettings draws the form. Changes are what somebody else saved meanwhile; nil if nobody did.
func (s *Server) showAdminSettings(w http.ResponseWriter, r *http.Request, status int, f *form.Form, set membership.Settings, changes []page.SettingChange) error {
	field := func(name, hint string) form.Field { return f.Field(name, settingLabels[name], hint) }
	p := page.AdminSettings{
		Errors: f.Errors(), Revision: f.Raw("revision"), Changes: changes, Stale: changes != nil,
		Name: field("name", ""), ShortName: field("short-name", "For example KSCMP"), LogoText: field("logo-text", "Shown at the top of every page"),
		Office: field("office", "For example Business support team"), Email: field("email", ""), Phone: field("phone", ""), Address: field("address", ""),
		AreaID: f.Raw("area-id"), AreaTitle: "Add an area",
		AreaName: f.Field("area-name", "Name of the area", ""), AreaCode: f.Field("area-code", "Code", "An E and eight figures, if you know it"),
		AreaFrom: f.DateField("area-from", "First day", "When the partnership began to cover it"), AreaTo: f.DateField("area-to", "Last day", "Leave empty while it lasts"),
	}
	if p.AreaID != "" {
		p.AreaTitle = "Change an area"
	}
	for i := 1; i <= max(numberRows, min(len(set.Numbers)+1, maxNumberRows)); i++ {
		n := strconv.Itoa(i)
		p.Numbers = append(p.Numbers, page.NumberFields{
			Label:  f.Field("label-"+n, "Number "+n+": what it is for", ""),
			Number: f.Field("number-"+n, "Number "+n+": telephone number", ""),
			Hours:  f.Field("hours-"+n, "Number "+n+": hours", ""),
		})
	}
	for _, a := range set.Areas {
		shown := page.SettingArea{ID: int64(a.ID), Name: a.Name, Code: a.GSSCode, From: a.StartsOn.Long()}
		if !a.EndsOn.IsZero() {
			shown.To = a.EndsOn.Long()
		}
		p.Areas = append(p.Areas, shown)
	}
	return s.show(w, r, status, view{title: "Settings", current: route.AdminSettings, content: p.Content(), hasErrors: p.Errors.Any()})
}

// settingValues fills the form with what is saved.
func settingValues(set membership.Settings) url.Values {
	values := url.Values{
		"revision": {strconv.Itoa(set.Revision)}, "name": {set.Name}, "short-name": {set.ShortName}, "logo-text": {set.LogoText},
		"office": {set.ContactOffice}, "email": {set.ContactEmail}, "phone": {set.ContactPhone}, "address": {set.ContactAddress},
	}
	for i, n := range set.Numbers {
		row := strconv.Itoa(i + 1)
		values.Set("label-"+row, n.Label)
		values.Set("number-"+row, n.Number)
		values.Set("hours-"+row, n.Hours)
	}
	return values
}

func putArea(values url.Values, areas []membership.Area, wanted id.Area) {
	for _, a := range areas {
		if a.ID == wanted {
			values.Set("area-id", strconv.FormatInt(int64(a.ID), 10))
			values.Set("area-name", a.Name)
			values.Set("area-code", a.GSSCode)
			form.PutDate(values, "area-from", a.StartsOn)
			form.PutDate(values, "area-to", a.EndsOn)
		}
	}
}

func numbersInWords(numbers []membership.ConcernNumber) string {
	var words []string
	for _, n := range numbers {
		words = append(words, strings.TrimSpace(n.Label+": "+n.Number+" "+n.Hours))
	}
	return strings.Join(words, "; ")
}
