package funding

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/money"
	"partnershipportal/internal/sheet"
)

// The columns of a bank's export, by our own names.
const (
	bankDate        = "date"
	bankDescription = "description"
	bankReference   = "reference"
	bankAmount      = "amount"
	bankIn          = "paid in"
	bankOut         = "paid out"
	bankBalance     = "balance"
)

// BankColumns are the columns by which an export is known, with the names that banks give them.
func BankColumns() []sheet.Column {
	return []sheet.Column{
		{Name: bankDate, Kind: sheet.Day, Required: true, Also: []string{"transaction date", "date posted", "posting date", "posted date", "booking date", "value date", "started date", "completed date"},
			Help: "The day of the line, the day before the month.", Example: "01/07/2025"},
		{Name: bankDescription, Also: []string{"transaction description", "details", "transaction details", "narrative", "memo", "particulars", "counter party", "name", "text", "payee"},
			Help: "What the statement says.", Example: "KENT COUNTY COUNCIL"},
		{Name: bankReference, Also: []string{"payment reference", "customer reference", "bank reference", "transaction reference", "narrative #2", "notes"},
			Help: "The payer’s reference.", Example: "INV 1042"},
		{Name: bankAmount, Also: []string{"value", "amount (gbp)", "amount gbp", "transaction amount", "amount in gbp", "gbp amount"},
			Help: "One amount, below zero for what went out.", Example: "-1,234.50"},
		{Name: bankIn, Also: []string{"credit", "credit amount", "money in", "paid in (gbp)", "credits", "deposit", "deposits", "receipts", "in"},
			Help: "Or two columns: what came in …", Example: "1,234.50"},
		{Name: bankOut, Also: []string{"debit", "debit amount", "money out", "paid out (gbp)", "debits", "withdrawal", "withdrawals", "payments", "out"},
			Help: "… and what went out.", Example: "1,234.50"},
		{Name: bankBalance, Also: []string{"balance (gbp)", "account balance", "running balance", "ledger balance"},
			Help: "The balance after the line.", Example: "20,000.00"},
	}
}

const maxBankText = 500

// readBank reads a bank's export. Lines without an amount, as some banks write for what is no movement, are left out.
// Fault: Invalid, on the field "file".
func readBank(data []byte, today day.Date) (rows []BankRow, notices []string, problems []sheet.Problem, err error) {
	file, problems, err := sheet.ReadKnown(data, BankColumns())
	if err != nil {
		return nil, nil, nil, err
	}
	if !file.Has(bankAmount) && !(file.Has(bankIn) && file.Has(bankOut)) {
		return nil, nil, nil, fault.Field("file", "The file must have a column “amount”, or both “paid in” and “paid out”. Its own names for them are not known")
	}
	b := bankReader{today: today, seen: map[string]int{}, problems: problems}
	for _, row := range file.Rows {
		if r, ok := b.read(row); ok {
			rows = append(rows, r)
		}
	}
	if b.empty > 0 {
		file.Notices = append(file.Notices, fmt.Sprintf("Rows without an amount were left out: %d.", b.empty))
	}
	if len(rows) == 0 && len(b.problems) == 0 {
		return nil, nil, nil, fault.Field("file", "The file has no line with an amount")
	}
	return rows, file.Notices, b.problems, nil
}

type bankReader struct {
	today    day.Date
	seen     map[string]int // how many lines said the same so far
	empty    int
	problems []sheet.Problem
}

func (b *bankReader) fail(row int, column, message string) {
	b.problems = append(b.problems, sheet.Problem{Row: row, Column: column, Message: message})
}

func (b *bankReader) read(row sheet.Row) (r BankRow, ok bool) {
	before := len(b.problems)
	r = BankRow{Line: row.Number, Description: plainText(row.Get(bankDescription)), Reference: plainText(row.Get(bankReference))}
	r.Pence = b.amount(row)
	if r.Pence == 0 {
		if len(b.problems) == before {
			b.empty++
		}
		return r, false
	}
	r.DatedOn, _ = day.Parse(row.Get(bankDate)) // what is no day was told of already
	switch {
	case row.Get(bankDate) == "":
		b.fail(row.Number, bankDate, "The day is missing")
	case r.DatedOn.After(b.today):
		b.fail(row.Number, bankDate, "The day lies in the future")
	}
	if text := row.Get(bankBalance); text != "" {
		r.HasBalance = true
		var err error
		if r.Balance, err = parseSigned(text); err != nil {
			b.fail(row.Number, bankBalance, err.Error())
		}
	}
	if len([]rune(r.Description)) > maxBankText || len([]rune(r.Reference)) > 200 {
		b.fail(row.Number, bankDescription, "The text is too long")
	}
	r.fingerprint = b.fingerprint(r)
	return r, len(b.problems) == before
}

// amount is what the row moved: above zero what came in.
func (b *bankReader) amount(row sheet.Row) money.Pence {
	sum := func(column string) money.Pence {
		text := row.Get(column)
		if text == "" {
			return 0
		}
		p, err := parseSigned(text)
		if err != nil {
			b.fail(row.Number, column, err.Error())
		}
		return p
	}
	single, in, out := sum(bankAmount), sum(bankIn), sum(bankOut)
	if single != 0 && (in == 0 && out == 0) {
		return single
	}
	switch {
	case in != 0 && out != 0:
		b.fail(row.Number, bankIn, "A line either came in or went out. This one says both")
		return 0
	case in < 0:
		b.fail(row.Number, bankIn, "What came in cannot be below zero")
		return 0
	case out < 0: // some banks write what went out with a minus
		return out
	}
	return in - out
}

// fingerprint tells the lines of all exports apart. Two that say the very same in one export are two.
func (b *bankReader) fingerprint(r BankRow) [32]byte {
	balance := ""
	if r.HasBalance {
		balance = r.Balance.Decimal()
	}
	said := strings.Join([]string{r.DatedOn.String(), r.Pence.Decimal(), strings.ToLower(r.Description), strings.ToLower(r.Reference), balance}, "\x00")
	b.seen[said]++
	return sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", said, b.seen[said]))
}

// parseSigned reads an amount as banks write it: -1,234.50, (1,234.50), 1,234.50-, 1,234.50 DR, +1,234.50 or plain.
func parseSigned(text string) (money.Pence, error) {
	text = strings.TrimSpace(text)
	below := false
	upper := strings.ToUpper(text)
	switch {
	case strings.HasSuffix(upper, "DR"), strings.HasSuffix(upper, "OD"):
		below, text = true, strings.TrimSpace(text[:len(text)-2])
	case strings.HasSuffix(upper, "CR"):
		text = strings.TrimSpace(text[:len(text)-2])
	case strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")"):
		below, text = true, text[1:len(text)-1]
	case strings.HasSuffix(text, "-"):
		below, text = true, strings.TrimSuffix(text, "-")
	default:
		rest, minus := cutSign(text)
		below, text = minus, rest
	}
	p, err := money.Parse(text)
	if below {
		p = -p
	}
	return p, err
}

// cutSign takes one sign off, before the pound sign or after it.
func cutSign(text string) (rest string, below bool) {
	pound := strings.HasPrefix(text, "£")
	bare := strings.TrimPrefix(text, "£")
	for _, sign := range []string{"-", "−", "－"} {
		if cut, found := strings.CutPrefix(bare, sign); found {
			below, bare = true, cut
			break
		}
	}
	if !below {
		bare = strings.TrimPrefix(bare, "+")
	}
	if pound && !strings.HasPrefix(bare, "£") {
		bare = "£" + bare
	}
	return bare, below
}
