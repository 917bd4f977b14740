package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"partnershipportal/internal/account"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

// carriedPrefix begins the names of fields that the sign-in form carries on for a form that was refused.
const carriedPrefix = "carried."

func (s *Server) getSignIn(w http.ResponseWriter, r *http.Request) error {
	next := nextOf(r.URL.Query())
	if actorOf(r).SignedIn() {
		return redirect(w, r, next)
	}
	return s.showSignIn(w, r, http.StatusOK, form.New(nil), page.SignIn{Next: next, SignedOut: r.URL.Query().Has("signed-out")})
}

func (s *Server) postSignIn(w http.ResponseWriter, r *http.Request) error {
	f := form.New(r.PostForm)
	p := page.SignIn{Next: nextOf(r.PostForm), Carried: carriedOn(r.PostForm)}
	email := f.Email("email", "Enter your email address")
	password := f.Secret("password", "Enter your password")
	if f.Errors().Any() {
		return s.showSignIn(w, r, statuses[fault.Invalid], f, p)
	}
	in, err := s.Accounts.SignIn(r.Context(), account.SignInCommand{
		Email: email, Password: password, Network: networkOf(r), RequestID: recordOf(r.Context()).id})
	if errors.Is(err, fault.Unauthenticated) {
		f.Fail("email", fault.Message(err))
		return s.showSignIn(w, r, statuses[fault.Invalid], f, p)
	}
	if err != nil {
		return err
	}
	if err := s.startSession(r.Context(), in); err != nil {
		return err
	}
	if len(p.Carried) > 0 {
		if err := s.loadActor(r); err != nil {
			return err
		}
		return s.show(w, r, http.StatusOK, view{title: "You are signed in again",
			content: page.SignedInAgain{Action: p.Next, Fields: uncarried(p.Carried)}.Content()})
	}
	return redirect(w, r, p.Next)
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, status int, f *form.Form, p page.SignIn) error {
	p.Errors = f.Errors()
	p.Email = f.Field("email", "Email address", "")
	p.Password = f.SecretField("password", "Password", "")
	return s.show(w, r, status, view{title: "Sign in", content: p.Content(), hasErrors: p.Errors.Any(), noIndex: true})
}

// askSignInAgain answers a form that came after its session had ended with the sign-in page (401). The page carries the
// form's fields, but for passwords and files, and once signed in one press sends them again: nothing typed is lost.
func (s *Server) askSignInAgain(w http.ResponseWriter, r *http.Request) error {
	p := page.SignIn{Next: route.Home, Again: true, LostFile: r.MultipartForm != nil && len(r.MultipartForm.File) > 0}
	if path, ok := localPath(r.URL.RequestURI()); ok {
		p.Next = path
	}
	for _, name := range sortedNames(r.PostForm) {
		if strings.Contains(strings.ToLower(name), "password") {
			continue
		}
		for _, value := range r.PostForm[name] {
			p.Carried = append(p.Carried, page.Carried{Name: carriedPrefix + name, Value: value})
		}
	}
	if len(p.Carried) == 0 { // a form of one button is carried on too
		p.Carried = []page.Carried{{Name: carriedPrefix, Value: ""}}
	}
	return s.showSignIn(w, r, statuses[fault.Unauthenticated], form.New(nil), p)
}

func carriedOn(values url.Values) []page.Carried {
	var carried []page.Carried
	for _, name := range sortedNames(values) {
		if strings.HasPrefix(name, carriedPrefix) {
			for _, value := range values[name] {
				carried = append(carried, page.Carried{Name: name, Value: value})
			}
		}
	}
	return carried
}

func uncarried(carried []page.Carried) []page.Carried {
	var fields []page.Carried
	for _, c := range carried {
		if name := strings.TrimPrefix(c.Name, carriedPrefix); name != "" {
			fields = append(fields, page.Carried{Name: name, Value: c.Value})
		}
	}
	return fields
}

func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s *Server) postSignOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return redirect(w, r, route.SignedOut)
}
