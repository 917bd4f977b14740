package letter

// Invitation asks a person to choose a password.
func Invitation(o Office, url, until string) Letter {
	l := o.letter("Your invitation to the partnership portal")
	l.Before = []string{
		"You are invited to the portal of " + o.Partnership + ".",
		"Please choose a password to begin. The link works once, until " + until + ".",
	}
	l.Link = Link{"Choose a password", url}
	l.After = []string{
		"The link is meant for you alone. Please do not pass it on.",
		"If you did not expect this letter, you can ignore it.",
	}
	return l
}

// PasswordReset lets a person who forgot their password choose another.
func PasswordReset(o Office, url, until string) Letter {
	l := o.letter("Choose a new password")
	l.Before = []string{
		"Somebody, probably you, said that you have forgotten your password.",
		"You can choose a new one. The link works once, until " + until + ".",
	}
	l.Link = Link{"Choose a new password", url}
	l.After = []string{
		"The link is meant for you alone. Please do not pass it on.",
		"If it was not you, ignore this letter. Your password stays as it is.",
	}
	return l
}

// PasswordChanged tells a person that their password is another one now.
func PasswordChanged(o Office, at, forgottenURL string) Letter {
	l := o.letter("Your password was changed")
	l.Before = []string{
		"The password of your account was changed on " + at + ". Other sign-ins of your account have ended.",
		"If that was you, there is nothing to do.",
		"If it was not you, choose a new password at once and tell the business support team.",
	}
	l.Link = Link{"Choose a new password", forgottenURL}
	return l
}
