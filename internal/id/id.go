// Package id has the typed identifiers of the portal's records, so that one kind is never taken for another.
package id

import (
	"fmt"
	"strconv"
)

// The identifiers are those of the database rows; zero means none.
type (
	Account         int64
	Organisation    int64
	Partner         int64
	Appointment     int64
	Agency          int64
	Area            int64
	Succession      int64
	Document        int64
	Version         int64
	Section         int64
	Round           int64
	Seat            int64
	Act             int64
	Letter          int64
	DelegateRequest int64
	PostHolder      int64
	Import          int64
	DecisionImport  int64
	WordImport      int64
	Event           int64
	Contribution    int64
	LedgerEntry     int64
	Expenditure     int64
	BankFile        int64
	BankLine        int64
	BankMatch       int64
	Comparable      int64
	FundingLine     int64
	File            int64
	Decision        int64
	Post            int64
	Group           int64
	Meeting         int64
	Action          int64
	Reader          int64
	Correction      int64
)

// Parse reads an identifier as it stands in an address: a positive decimal number without sign or leading zero.
func Parse[T ~int64](s string) (T, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("identifier %q is not a positive whole number", s)
	}
	return T(n), nil
}
