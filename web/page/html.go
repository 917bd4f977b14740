package page

import "github.com/a-h/templ"

// SafeHTML is HTML that the text of a document was turned into and that has passed the sanitiser. Nothing else may be
// shown unescaped, and nowhere else is anything.
type SafeHTML string

func (h SafeHTML) component() templ.Component { return templ.Raw(string(h)) }
