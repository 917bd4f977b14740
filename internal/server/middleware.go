package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"
)

// everyRequest is what stands before each route, public or not, in this order.
func (s *Server) everyRequest() []func(http.Handler) http.Handler {
	return []func(http.Handler) http.Handler{
		s.clientAddress(),     // first: the log line and the limits need to know who asks
		s.observe,             // outside of recoverPanics, so that its line tells what became of a panic
		s.recoverPanics,       // outside of all that can go wrong
		s.securityHeaders,     // before anything answers, so that refusals and errors carry them too
		s.refuseBadText,       // before anything reads the address: NUL and broken UTF-8 would fail in the database
		s.limitRate(),         // before anything costs much
		s.refuseCrossOrigin(), // before any body is read or session loaded
		s.refuseUnsourced,     // what the former lets through: a cookie that comes without any sign of its origin
		middleware.GetHead,    // last: HEAD is answered by the route of GET
	}
}

// clientAddress finds the client: the socket's peer, or what trusted proxies say. Anybody can send the header.
func (s *Server) clientAddress() func(http.Handler) http.Handler {
	if len(s.TrustedProxies) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	proxies := make([]string, len(s.TrustedProxies))
	for i, p := range s.TrustedProxies {
		proxies[i] = p.String()
	}
	return middleware.ClientIPFromXFF(proxies...)
}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *Server) securityHeaders(next http.Handler) http.Handler {
	overTLS := s.BaseURL.Scheme == "https"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		if overTLS {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// refuseBadText refuses addresses that can't be text. PostgreSQL takes neither NUL nor broken UTF-8.
func (s *Server) refuseBadText(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isText(r.URL.Path) || !isText(r.URL.Fragment) {
			s.fail(w, r, errBadText)
			return
		}
		query, err := parseQuery(r.URL.RawQuery)
		if err != nil {
			s.fail(w, r, errBadText.Because(err))
			return
		}
		if !areText(query) {
			s.fail(w, r, errBadText)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func areText(values map[string][]string) bool {
	for name, vs := range values {
		if !isText(name) {
			return false
		}
		for _, v := range vs {
			if !isText(v) {
				return false
			}
		}
	}
	return true
}

// requestsPerMinute is generous: a whole council may share one address. Guessing passwords has limits of its own.
const requestsPerMinute = 3000

func (s *Server) limitRate() func(http.Handler) http.Handler {
	limit := httprate.LimitBy(requestsPerMinute, time.Minute, func(r *http.Request) (string, error) { return networkOf(r), nil },
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errTooMany) }),
		httprate.WithResponseHeaders(httprate.ResponseHeaders{}))
	return func(next http.Handler) http.Handler {
		limited := limit(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// A proxy on the same machine that nobody declared would make all clients one.
			if middleware.GetClientIPAddr(r.Context()).IsLoopback() {
				next.ServeHTTP(w, r)
				return
			}
			limited.ServeHTTP(w, r)
		})
	}
}

// networkOf is whom a limit counts: an IPv4 address, or the /64 that one IPv6 customer has.
func networkOf(r *http.Request) string {
	addr := middleware.GetClientIPAddr(r.Context())
	if !addr.IsValid() {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		return host
	}
	if addr.Is6() {
		return netip.PrefixFrom(addr, 64).Masked().String()
	}
	return addr.String()
}

func (s *Server) refuseCrossOrigin() func(http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(s.BaseURL.Scheme + "://" + s.BaseURL.Host); err != nil {
		// Config has checked the address; without the line only a proxy that rewrites Host is refused.
		s.Log.Warn("base address is no origin", slogError(err))
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errOtherSite) }))
	return guard.Handler
}

// refuseUnsourced refuses an unsafe request that carries our cookie but neither Sec-Fetch-Site nor Origin: every
// browser of the last years sends one of them, and CrossOriginProtection lets a request without both pass.
func (s *Server) refuseUnsourced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := r.Cookie(cookieName)
		if err == nil && !isSafe(r.Method) && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
			s.fail(w, r, errOtherSite)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
