package route

import (
	"net/url"
	"strconv"
)

// Paths that tell whether the portal runs and can answer.
const (
	Healthz = "/healthz"
	Readyz  = "/readyz"
)

// Paths about signing in: they have a session, but ask for nobody.
const (
	SignedOut         = SignIn + "?signed-out=yes" // where signing out ends
	Invitation        = "/invitations/{token}"
	ForgottenPassword = "/forgotten-password"
	ResetPassword     = "/reset-password/{token}"
)

// AccountSecurity is where people change their password.
const AccountSecurity = "/account/security"

// Paths of the administrator.
const (
	AdminUsers       = "/admin/users"
	AdminUserInvite  = "/admin/users/invite"
	AdminUser        = "/admin/users/{id}"
	AdminUserRole    = "/admin/users/{id}/roles"
	AdminUserRoleEnd = "/admin/users/{id}/roles/end"
	AdminUserSuspend = "/admin/users/{id}/suspend"
	AdminUserRestore = "/admin/users/{id}/restore"
	AdminUserResend  = "/admin/users/{id}/invitation"
	AdminSettings    = "/admin/settings"
)

// InvitationTo is the address of the invitation that a token opens.
func InvitationTo(token string) string { return "/invitations/" + url.PathEscape(token) }

// ResetPasswordTo is the address where a token lets its holder set a new password.
func ResetPasswordTo(token string) string { return "/reset-password/" + url.PathEscape(token) }

// SignInTo is the sign-in page that leads on to a local path.
func SignInTo(next string) string {
	if next == "" || next == Home {
		return SignIn
	}
	return SignIn + "?" + url.Values{"next": {next}}.Encode()
}

// AdminUserTo is the page of one account.
func AdminUserTo[T ~int64](id T) string { return AdminUsers + "/" + number(id) }

// AdminUserRoleTo is where a role is given to an account.
func AdminUserRoleTo[T ~int64](id T) string { return AdminUserTo(id) + "/roles" }

// AdminUserRoleEndTo is where a role of an account is ended.
func AdminUserRoleEndTo[T ~int64](id T) string { return AdminUserTo(id) + "/roles/end" }

// AdminUserSuspendTo is where an account is suspended.
func AdminUserSuspendTo[T ~int64](id T) string { return AdminUserTo(id) + "/suspend" }

// AdminUserRestoreTo is where a suspension ends.
func AdminUserRestoreTo[T ~int64](id T) string { return AdminUserTo(id) + "/restore" }

// AdminUserResendTo is where an invitation is sent again.
func AdminUserResendTo[T ~int64](id T) string { return AdminUserTo(id) + "/invitation" }

func number[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }

// Paths of the guidance: its editions and what they ask for.
const (
	AdminGuidance           = "/admin/guidance"
	AdminGuidanceAdd        = AdminGuidance + "/add"
	AdminEdition            = AdminGuidance + "/{edition}"
	AdminRequirementAdd     = AdminEdition + "/add"
	AdminRequirement        = AdminEdition + "/{requirement}"
	AdminRequirementRetract = AdminRequirement + "/retract"
)

// AdminEditionTo is the list of an edition of the guidance.
func AdminEditionTo(edition int64) string { return AdminGuidance + "/" + number(edition) }

// AdminRequirementAddTo is where a requirement is added to an edition.
func AdminRequirementAddTo(edition int64) string { return AdminEditionTo(edition) + "/add" }

// AdminRequirementTo is where a requirement is corrected.
func AdminRequirementTo(edition int64, requirement int) string {
	return AdminEditionTo(edition) + "/" + number(int64(requirement))
}

// AdminRequirementRetractTo is where a requirement is taken out.
func AdminRequirementRetractTo(edition int64, requirement int) string {
	return AdminRequirementTo(edition, requirement) + "/retract"
}
