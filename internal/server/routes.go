package server

import (
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/web/page/text"
	"partnershipportal/web/route"
)

// routes registers every route of the portal. A route is registered only through one of the three groups, each of
// which puts its protection before the handler.
func (s *Server) routes(mux *chi.Mux) {
	mux.Use(s.everyRequest()...)
	mux.NotFound(s.handle(s.getNothing).ServeHTTP)
	mux.MethodNotAllowed(s.methodNotAllowed)

	pub := publicRoutes{s, mux}
	s.publicPages(pub)
	s.membershipPages(pub)
	s.asAtPages(pub)
	s.decisionPages(pub)
	s.fundingPages(pub)
	s.groupPages(pub)
	s.doorPages(doorRoutes{s, mux})
	in := innerRoutes{s, mux}
	s.accountPages(in)
	s.signOffPages(in)
	s.deskPages(in)
	s.appointmentPages(in)
	s.delegationPages(in)
	s.attentionPages(in)
	s.postPages(in)
	s.organisationPages(in)
	s.importPages(in)
	s.decisionImportPages(in)
	s.listFiles(pub, in)
	s.agencyPages(in)
	s.versionAgencyPages(in)
	s.coveragePages(in)
	s.guidancePages(in)
	s.deskFundingPages(in)
	s.ledgerPages(in)
	s.bankPages(in)
	s.deskYearPages(in)
	s.deskLinePages(in)
	s.deskYearRoundPages(in)
	s.yearPages(in)
	s.pledgePages(in)
	s.deskComparablePages(in)
	s.deskDecisionPages(in)
	s.successionPages(in)
	s.groupWorkPages(in)
	s.adminPages(in)
}

func (s *Server) publicPages(pub publicRoutes) {
	pub.get(route.Healthz, s.getHealthz)
	pub.get(route.Readyz, s.getReadyz)
	pub.get(route.Assets, s.getAsset)
	s.readingPages(pub)
	s.standingPages(pub)
}

// readingPages are the published documents and the evidence for them.
func (s *Server) readingPages(pub publicRoutes) {
	pub.page(route.Root, s.getFront)
	pub.page(route.Arrangements, s.getArrangements)
	pub.page(route.Documents, s.getDocuments)
	pub.get(route.ArrangementsOnAny, s.getArrangementsOnAny)
	pub.page(route.ArrangementsOn, s.getArrangementsOn)
	pub.page(route.Arrangement, s.getArrangement)
	pub.page(route.ArrangementVersion, s.getArrangementVersion)
	pub.page(route.ArrangementSignOffs, s.getArrangementSignOffs)
	pub.page(route.ArrangementCoverage, s.getArrangementCoverage)
	pub.table(route.ArrangementCoverage, s.arrangementCoverageTable)
	pub.page(route.ArrangementTimeline, s.getArrangementTimeline)
	pub.pageOrQuery(route.ArrangementAgencies, s.getArrangementAgencies, s.getArrangementAgenciesFrom)
	pub.get(route.ArrangementContent, s.getArrangementContent)
	pub.get(route.ArrangementWord, s.getArrangementWord)
	pub.get(route.ArrangementCompareAny, s.getArrangementCompareAny)
	pub.pageOrQuery(route.ArrangementCompare, s.getArrangementCompare, s.getArrangementCompareOnly)
	pub.get(route.Verify, s.getVerify)
	pub.stream(route.Verify, verifyFile, s.postVerify)
}

// standingPages say how the site works and who is behind it.
func (s *Server) standingPages(pub publicRoutes) {
	pub.page(route.HowArrangementsAgree, s.standingPage(route.HowArrangementsAgree, text.HowArrangementsAreAgreed))
	pub.page(route.Accessibility, s.standingPage(route.Accessibility, text.Accessibility))
	pub.page(route.Privacy, s.standingPage(route.Privacy, text.Privacy))
	pub.page(route.Cookies, s.standingPage(route.Cookies, text.Cookies))
	pub.page(route.Contact, s.getContact)
	pub.get(route.Sitemap, s.getSitemap)
	pub.get(route.Robots, s.getRobots)
	pub.page(route.Styleguide, s.getStyleguide)
}

func (s *Server) doorPages(door doorRoutes) {
	door.get(route.SignIn, s.getSignIn)
	door.post(route.SignIn, sectionForm+smallForm, s.postSignIn) // it may carry on a form that was refused
	door.post(route.SignOut, smallForm, s.postSignOut)
	door.get(route.Invitation, s.getInvitation)
	door.post(route.Invitation, smallForm, s.postInvitation)
	door.get(route.ForgottenPassword, s.getForgottenPassword)
	door.post(route.ForgottenPassword, smallForm, s.postForgottenPassword)
	door.get(route.ResetPassword, s.getResetPassword)
	door.post(route.ResetPassword, smallForm, s.postResetPassword)
}

// accountPages are those of every signed-in person.
func (s *Server) accountPages(in innerRoutes) {
	in.get(route.Home, everyone, s.getHome)
	in.get(route.Account, everyone, s.getAccount)
	in.get(route.AccountSecurity, everyone, s.getAccountSecurity)
	in.post(route.AccountSecurity, everyone, smallForm, s.postAccountSecurity)
}

// deskPages are those of the business support team.
func (s *Server) deskPages(in innerRoutes) {
	letters := can(authz.ReadLetters)
	in.get(route.DeskMessages, letters, s.getDeskMessages)
	in.get(route.DeskMessage, letters, s.getDeskMessage)
	s.deskArrangements(in)
}

// adminPages are those of the administrator.
func (s *Server) adminPages(in innerRoutes) {
	accounts, settings := can(authz.AdministerAccount), can(authz.EditSettings)
	in.get(route.AdminUsers, accounts, s.getAdminUsers)
	in.get(route.AdminUserInvite, accounts, s.getAdminUserInvite)
	in.post(route.AdminUserInvite, accounts, smallForm, s.postAdminUserInvite)
	in.get(route.AdminUser, accounts, s.getAdminUser)
	in.post(route.AdminUserRole, accounts, smallForm, s.postAdminUserRole)
	in.post(route.AdminUserRoleEnd, accounts, smallForm, s.postAdminUserRoleEnd)
	in.post(route.AdminUserSuspend, accounts, smallForm, s.postAdminUserSuspend)
	in.post(route.AdminUserRestore, accounts, smallForm, s.postAdminUserRestore)
	in.post(route.AdminUserResend, accounts, smallForm, s.postAdminUserResend)
	in.get(route.AdminSettings, settings, s.getAdminSettings)
	in.post(route.AdminSettings, settings, smallForm, s.postAdminSettings)
}
