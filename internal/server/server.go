// Package server is the portal's HTTP side: every route, what stands before it, and one file per page family.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/group"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/signoff"
)

// Deps is everything that the pages need. All fields but the last group must be set.
type Deps struct {
	Log     *slog.Logger
	Now     func() time.Time
	BaseURL *url.URL

	Accounts *account.Service
	Sessions scs.CtxStore
	Settings *membership.SettingsService
	Members  *membership.Service // organisations and appointments
	Bodies   *membership.Public  // what anybody may know of them
	Overview *overview.Public    // how things stood on a day
	Register *decision.Public    // the published records of decision

	Decisions *decision.Service // all records of decision

	Attention *overview.Attention // what is wrong with the membership

	Rounds       *signoff.Service
	Signed       *signoff.Public // who signed what is public
	Arrangements *arrangement.Service
	Library      *arrangement.Library

	Funding       *funding.Service // recorded contributions
	Years         *funding.Years   // financial years of the shared fund
	Contributions *funding.Public  // what anybody may know of them
	Groups        *group.Service   // of the partnership, with their meetings and actions
	PublicGroups  *group.Public    // what anybody may know of them

	Letters *notify.Archive // those that the portal has written

	Unavailable func(error) bool            // the database can't answer at the moment
	Ready       func(context.Context) error // database reachable, schema new enough

	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Demonstration  bool           // the installation holds the demonstration
	LettersLeave   bool           // letters are sent by e-mail; otherwise they stay in the database

	Observe func(method, route string, status int, took time.Duration) // counts each answer; nobody counts if nil
}

func (d Deps) check() error {
	var missing []error
	for name, absent := range map[string]bool{
		"Log": d.Log == nil, "Now": d.Now == nil, "BaseURL": d.BaseURL == nil, "Accounts": d.Accounts == nil,
		"Sessions": d.Sessions == nil, "Settings": d.Settings == nil, "Attention": d.Attention == nil, "Members": d.Members == nil, "Bodies": d.Bodies == nil, "Overview": d.Overview == nil,
		"Register": d.Register == nil, "Decisions": d.Decisions == nil,
		"Rounds": d.Rounds == nil, "Arrangements": d.Arrangements == nil, "Library": d.Library == nil,
		"Signed": d.Signed == nil, "Funding": d.Funding == nil, "Years": d.Years == nil, "Contributions": d.Contributions == nil,
		"Groups": d.Groups == nil, "PublicGroups": d.PublicGroups == nil,
		"Letters": d.Letters == nil, "Unavailable": d.Unavailable == nil, "Ready": d.Ready == nil,
	} {
		if absent {
			missing = append(missing, errors.New("server: Deps."+name+" is not set"))
		}
	}
	return errors.Join(missing...)
}

// Server answers the portal's requests.
type Server struct {
	Deps
	sessions *scs.SessionManager
	chrome   *chromeCache
	pages    *pageCache
	router   *chi.Mux
}

// New builds the portal's handler. It fails if a dependency is missing.
func New(d Deps) (*Server, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	s := &Server{Deps: d, sessions: newSessions(d.Sessions), chrome: &chromeCache{}, pages: newPageCache(), router: chi.NewRouter()}
	s.routes(s.router)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// Routes lists the routes, for the test that demands an expectation for each.
func (s *Server) Routes() chi.Routes { return s.router }

// Limits of a server that faces slow or hostile clients.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 10 * time.Second
	writeTimeout   = 30 * time.Second
	idleTimeout    = 60 * time.Second
	maxHeaderBytes = 16 << 10
)

// HTTP makes the listening server for a handler, with its time-outs.
func HTTP(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
