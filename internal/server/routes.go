package server

import (
	"github.com/go-chi/chi/v5"

	"partnershipportal/web/route"
)

// routes registers every route of the portal. A route is registered only through one of the three groups, each of
// which puts its protection before the handler.
func (s *Server) routes(mux *chi.Mux) {
	mux.Use(s.everyRequest()...)
	mux.NotFound(s.handle(s.getNothing).ServeHTTP)
	mux.MethodNotAllowed(s.methodNotAllowed)

	s.publicPages(publicRoutes{s, mux})
	s.doorPages(doorRoutes{s, mux})
	in := innerRoutes{s, mux}
	s.accountPages(in)
	s.deskPages(in)
	s.adminPages(in)
}

func (s *Server) publicPages(pub publicRoutes) {
	pub.get(route.Healthz, s.getHealthz)
	pub.get(route.Readyz, s.getReadyz)
	pub.get(route.Assets, s.getAsset)
}

func (s *Server) doorPages(door doorRoutes) {
	door.get(route.SignIn, s.getSignIn)
	door.post(route.SignIn, textForm, s.postSignIn) // it may carry on a form that was refused
	door.post(route.SignOut, smallForm, s.postSignOut)
}

// accountPages are those of every signed-in person.
func (s *Server) accountPages(in innerRoutes) {
	in.get(route.Home, everyone, s.getHome)
}

// deskPages are those of the business support team.
func (s *Server) deskPages(innerRoutes) {}

// adminPages are those of the administrator.
func (s *Server) adminPages(innerRoutes) {}
