package server

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"partnershipportal/web/route"
)

const longestNext = 2000

// localPath checks where somebody wants to go after signing in: a path of this site, in the plain form that the
// portal itself writes. Browsers read "/\host" and "/<tab>/host" as another host, so such are refused whole.
func localPath(next string) (path string, ok bool) {
	if len(next) == 0 || len(next) > longestNext || next[0] != '/' {
		return "", false
	}
	if strings.ContainsRune(next, '\\') || strings.ContainsFunc(next, func(c rune) bool { return unicode.IsControl(c) || unicode.IsSpace(c) }) {
		return "", false
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !isText(u.Path) {
		return "", false
	}
	if strings.Contains(u.Path, "//") || strings.ContainsRune(u.Path, '\\') || strings.Contains(u.Path, "/../") {
		return "", false
	}
	return u.RequestURI(), true
}

// nextOf is the local path that a request names, or the home page.
func nextOf(values url.Values) string {
	if path, ok := localPath(values.Get("next")); ok && path != route.SignIn && path != route.SignOut {
		return path
	}
	return route.Home
}

// redirectToSignIn sends a reader to sign in and come back.
func (s *Server) redirectToSignIn(w http.ResponseWriter, r *http.Request) error {
	return redirect(w, r, route.SignInTo(r.URL.RequestURI()))
}
