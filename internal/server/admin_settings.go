package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

// numberRows is how many telephone numbers the form has room for at least.
const numberRows = 4

// maxNumberRows is how many the form takes.
const maxNumberRows = 12

func (s *Server) getAdminSettings(w http.ResponseWriter, r *http.Request) error {
	set, err := s.Settings.Settings(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	values := settingValues(set)
	if area, err := id.Parse[id.Area](r.URL.Query().Get("area")); err == nil {
		putArea(values, set.Areas, area)
	}
	return s.showAdminSettings(w, r, http.StatusOK, form.New(values), set, nil)
}

func (s *Server) postAdminSettings(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, settingFields()...)
	if err != nil {
		return err
	}
	cmd, err := readSettings(f)
	if err != nil {
		return err
	}
	by := actorOf(r)
	if !f.Errors().Any() {
		err := s.Settings.SaveSettings(r.Context(), by, cmd)
		switch {
		case err == nil:
			s.forgetChrome()
			s.tell(r, "The settings are saved", "Every page shows them at once.")
			return redirect(w, r, route.AdminSettings)
		case errors.Is(err, fault.Conflict):
			return s.showSettingsConflict(w, r, cmd)
		case !onForm(f, err):
			return err
		}
	}
	set, err := s.Settings.Settings(r.Context(), by)
	if err != nil {
		return err
	}
	return s.showAdminSettings(w, r, statuses[fault.Invalid], f, set, nil)
}

// showSettingsConflict shows what is saved now beside what was typed, and offers the typed once more.
func (s *Server) showSettingsConflict(w http.ResponseWriter, r *http.Request, cmd membership.SettingsCommand) error {
	set, err := s.Settings.Settings(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	values := url.Values{}
	for name, v := range r.PostForm {
		values[name] = v
	}
	values.Set("revision", strconv.Itoa(set.Revision))
	changes := []page.SettingChange{}
	saved := settingValues(set)
	for _, field := range settingFields() {
		if label, ok := settingLabels[field]; ok && saved.Get(field) != values.Get(field) {
			changes = append(changes, page.SettingChange{What: label, Saved: saved.Get(field), Yours: values.Get(field)})
		}
	}
	if !slices.Equal(set.Numbers, cmd.Numbers) {
		changes = append(changes, page.SettingChange{What: "Telephone numbers", Saved: numbersInWords(set.Numbers), Yours: numbersInWords(cmd.Numbers)})
	}
	return s.showAdminSettings(w, r, statuses[fault.Conflict], form.New(values), set, changes)
}

// settingLabels name the fields of one line.
var settingLabels = map[string]string{
	"name": "Name of the partnership", "short-name": "Short name", "logo-text": "Words in the header",
	"office": "Post that answers questions", "email": "Email address", "phone": "Telephone", "address": "Postal address",
}

func settingFields() []string {
	fields := []string{"revision", "name", "short-name", "logo-text", "office", "email", "phone", "address"}
	for i := 1; i <= maxNumberRows; i++ {
		n := strconv.Itoa(i)
		fields = append(fields, "label-"+n, "number-"+n, "hours-"+n)
	}
	return append(fields, "area-id", "area-name", "area-code", "area-from", "area-to")
}

func readSettings(f *form.Form) (membership.SettingsCommand, error) {
	revision, err := strconv.Atoi(f.Raw("revision"))
	if err != nil {
		return membership.SettingsCommand{}, errBadForm.Because(err)
	}
	cmd := membership.SettingsCommand{Settings: membership.Settings{
		Revision:       revision,
		Name:           f.Required("name", "Name", "Enter the partnership’s name"),
		ShortName:      f.RequiredText("short-name", "Short name", 40, "Enter the short name"),
		LogoText:       f.RequiredText("logo-text", "Words in the header", 80, "Enter the words in the header"),
		ContactOffice:  f.Line("office", "Post"),
		ContactPhone:   f.Line("phone", "Telephone"),
		ContactAddress: f.Text("address", "Address", 500),
	}}
	if f.Raw("email") != "" {
		cmd.ContactEmail = f.Email("email", "Enter an email address")
	}
	for i := 1; i <= maxNumberRows; i++ {
		if n, ok := readNumber(f, strconv.Itoa(i)); ok {
			cmd.Numbers = append(cmd.Numbers, n)
		}
	}
	cmd.Area, err = readArea(f)
	return cmd, err
}

func readNumber(f *form.Form, i string) (membership.ConcernNumber, bool) {
	n := membership.ConcernNumber{
		Label: f.Text("label-"+i, "What the number is for", 120), Number: f.Line("number-"+i, "Number"), Hours: f.Text("hours-"+i, "Hours", 120)}
	if n == (membership.ConcernNumber{}) {
		return n, false
	}
	if n.Label == "" {
		f.Fail("label-"+i, "Enter what the number is for")
	}
	if !membership.IsNumber(n.Number) {
		f.Fail("number-"+i, "Enter a telephone number in figures and spaces")
	}
	return n, true
}

func readArea(f *form.Form) (membership.Area, error) {
	a := membership.Area{Name: f.Line("area-name", "Name of the area"), GSSCode: f.Line("area-code", "Code")}
	if raw := f.Raw("area-id"); raw != "" {
		area, err := id.Parse[id.Area](raw)
		if err != nil {
			return a, errBadForm.Because(err)
		}
		a.ID = area
	}
	a.StartsOn = f.Date("area-from", "First day", "")
	a.EndsOn = f.Date("area-to", "Last day", "")
	switch {
	case a.Name == "" && (a.ID != 0 || a.GSSCode != "" || !a.StartsOn.IsZero()):
		f.Fail("area-name", "Enter the area’s name")
	case a.Name != "" && a.StartsOn.IsZero():
		f.Fail("area-from", "Enter the first day of the area")
	}
	return a, nil
}
