// Package route has every path of the site, as the pattern that the router takes and as a builder where it has parts.
package route

// The pages that stand around every other page.
const (
	Root                 = "/"
	Arrangements         = "/arrangements"
	Partners             = "/partners"
	Agencies             = "/agencies"
	HowArrangementsAgree = "/how-arrangements-are-agreed"
	Accessibility        = "/accessibility"
	Privacy              = "/privacy"
	Cookies              = "/cookies"
	Contact              = "/contact"
	Styleguide           = "/styleguide"
	Assets               = "/assets/*"
	SignIn               = "/sign-in"
	SignOut              = "/sign-out"
	Home                 = "/home"
	Account              = "/account"
)
