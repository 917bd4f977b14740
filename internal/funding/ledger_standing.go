package funding

import (
	"cmp"
	"slices"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// Standing is how a body of today stands in a year, with the bodies that it took over from.
type Standing struct {
	Body
	Names     []string    // others under which its contributions and lines stand
	Pledged   money.Pence // agreed in cash
	Invoiced  money.Pence // less credit notes
	Received  money.Pence // less refunds
	NotYetDue money.Pence // invoiced, unpaid, with time left
	Overdue   money.Pence // invoiced, unpaid, past the last day
	Oldest    day.Date    // last day of the oldest overdue invoice
	Unpaid    []UnpaidInvoice
}

// UnpaidInvoice is an invoice that is not paid, or not whole.
type UnpaidInvoice struct {
	Entry     id.LedgerEntry
	Reference string
	DueOn     day.Date
	Open      money.Pence
}

// Outstanding is what was agreed in cash and has not come. Below zero more came than was agreed.
func (s Standing) Outstanding() money.Pence { return s.Pledged - s.Received }

// pledge is what a body agreed to give in cash.
type pledge struct {
	Organisation id.Organisation
	Name         string // on the day of the agreement
	Pence        money.Pence
}

// standings adds up pledges and lines under the bodies of the day. Money pays the invoices that are due first: a part
// payment leaves the rest of the latest ones open.
func standings(pledges []pledge, entries []LedgerEntry, r reading) (list []Standing, total Standing) {
	at, claims, paid := map[id.Organisation]int{}, [][]UnpaidInvoice{}, []money.Pence{}
	of := func(body id.Organisation, name string) int {
		heir := r.heirs.of(body)
		i, known := at[heir]
		if !known {
			i = len(list)
			at[heir] = i
			list, claims, paid = append(list, Standing{Body: r.payer(body)}), append(claims, nil), append(paid, 0)
		}
		if name != list[i].Name && !slices.Contains(list[i].Names, name) {
			list[i].Names = append(list[i].Names, name)
		}
		return i
	}
	for _, p := range pledges {
		list[of(p.Organisation, p.Name)].Pledged += p.Pence
	}
	for _, e := range entries {
		if !e.Counts() {
			continue
		}
		i := of(e.Organisation, e.Name)
		switch e.Kind {
		case Invoice:
			list[i].Invoiced += e.Pence
			claims[i] = append(claims[i], UnpaidInvoice{e.ID, e.Reference, e.DueOn, e.Pence})
		case CreditNote:
			list[i].Invoiced -= e.Pence
			paid[i] += e.Pence
		case Receipt, Refund:
			list[i].Received += e.Signed()
			paid[i] += e.Signed()
		}
	}
	for i := range list {
		list[i].settle(claims[i], paid[i], r.on)
		total.add(list[i])
	}
	slices.SortFunc(list, func(a, b Standing) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list, total
}

// settle pays the invoices that are due first.
func (s *Standing) settle(claims []UnpaidInvoice, paid money.Pence, today day.Date) {
	slices.SortStableFunc(claims, func(a, b UnpaidInvoice) int {
		return cmp.Or(cmp.Compare(a.DueOn.String(), b.DueOn.String()), cmp.Compare(a.Entry, b.Entry))
	})
	paid = max(paid, 0)
	for _, c := range claims {
		open := max(c.Open-paid, 0)
		paid = max(paid-c.Open, 0)
		if open == 0 {
			continue
		}
		c.Open = open
		s.Unpaid = append(s.Unpaid, c)
		if !c.DueOn.Before(today) {
			s.NotYetDue += open
			continue
		}
		if s.Overdue == 0 {
			s.Oldest = c.DueOn
		}
		s.Overdue += open
	}
}

func (s *Standing) add(o Standing) {
	s.Pledged += o.Pledged
	s.Invoiced += o.Invoiced
	s.Received += o.Received
	s.NotYetDue += o.NotYetDue
	s.Overdue += o.Overdue
	if !o.Oldest.IsZero() && (s.Oldest.IsZero() || o.Oldest.Before(s.Oldest)) {
		s.Oldest = o.Oldest
	}
}
