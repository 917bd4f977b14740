package server

import (
	"net/http"

	"github.com/a-h/templ"

	"partnershipportal/internal/file"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// getDeskInstrument sends the instrument of an appointment to whoever may see the appointment.
func (s *Server) getDeskInstrument(w http.ResponseWriter, r *http.Request) error {
	a, err := s.appointmentOf(r)
	if err != nil {
		return err
	}
	c, err := s.Members.OpenInstrument(r.Context(), actorOf(r), a.ID)
	if err != nil {
		return err
	}
	return sendFile(w, r, c)
}

func (s *Server) getDeskInstrumentAttach(w http.ResponseWriter, r *http.Request) error {
	a, err := s.appointmentOf(r)
	if err != nil {
		return err
	}
	if err := a.CanAttach(actorOf(r), s.today()); err != nil {
		return s.refuseAppointmentAct(w, r, a, err)
	}
	return s.showInstrument(w, r, a, form.New(nil))
}

func (s *Server) showInstrument(w http.ResponseWriter, r *http.Request, a membership.Appointment, f *form.Form) error {
	here := route.DeskAppointmentTo(a.ID)
	p := page.DeskForm{Caption: a.Person + " for " + a.OrganisationName, Heading: "Attach the instrument", Errors: f.Errors(), Upload: true,
		Intro:  []string{"The scheme of delegation, the letter or the minutes that give the authority. It is attached once, and never replaced."},
		Action: route.DeskAppointmentAct(a.ID, "attach-instrument"), Button: ui.Button{Text: "Attach it"}, Cancel: here,
		Fields: []templ.Component{
			ui.Input{Field: f.Field("title", "What it is called (optional)", "For example: Scheme of delegation, part 3")},
			ui.FileUpload{Field: f.SecretField("file", "File", "A PDF, DOCX, XLSX, ODT, PNG, JPEG or CSV of 25 MB at most")},
		}}
	return s.showForm(w, r, view{title: p.Heading + ": " + p.Caption, current: route.DeskAppointments, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Back to the appointment", Path: here}})
}

func (s *Server) postDeskInstrumentAttach(w http.ResponseWriter, r *http.Request) error {
	a, err := s.appointmentOf(r)
	if err != nil {
		return err
	}
	if err := a.CanAttach(actorOf(r), s.today()); err != nil {
		return s.refuseAppointmentAct(w, r, a, err)
	}
	f, err := formOf(r, "title", "file")
	if err != nil {
		return err
	}
	title := f.Line("title", "What it is called")
	sent, chosen, err := uploadedFile(r, "file")
	if err != nil && !onForm(f, err) {
		return err
	}
	if !chosen {
		f.Fail("file", "Choose a file")
	}
	if f.Errors().Any() {
		return s.showInstrument(w, r, a, f)
	}
	err = s.Members.AttachInstrument(r.Context(), actorOf(r), a.ID, file.AddCommand{Title: title, Content: sent})
	if onForm(f, err) {
		return s.showInstrument(w, r, a, f)
	}
	if err != nil {
		return s.refuseAppointmentAct(w, r, a, err)
	}
	s.tell(r, "Instrument attached", "")
	return redirect(w, r, route.DeskAppointmentTo(a.ID))
}
