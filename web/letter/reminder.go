package letter

// Dues is what letters say of an unpaid invoice.
type Dues struct {
	Body      string
	Year      string
	Reference string // of the invoice; may be empty
	Open      string // what is still to be paid
	Due       string // last day for paying
	Overdue   bool
}

// InvoiceUnpaid reminds a body of an invoice for its agreed contribution.
func InvoiceUnpaid(o Office, d Dues) Letter {
	l := o.letter("Due soon: contribution of " + d.Body + " for " + d.Year)
	l.Before = []string{"An invoice for the agreed contribution of " + d.Body + " is due on " + d.Due + "."}
	if d.Overdue {
		l = o.letter("Overdue: contribution of " + d.Body + " for " + d.Year)
		l.Before = []string{"An invoice for the agreed contribution of " + d.Body + " was due on " + d.Due + ". It is not paid, or not whole."}
	}
	if d.Reference != "" {
		l.Facts = append(l.Facts, Fact{"Invoice", d.Reference})
	}
	l.Facts = append(l.Facts, Fact{"Financial year", d.Year}, Fact{"Still to be paid", d.Open}, Fact{"Last day for paying", d.Due})
	l.After = []string{"Please name the invoice with your payment. If you have paid meanwhile, there is nothing to do."}
	return l
}
