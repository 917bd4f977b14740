package route

// Paths of the desk's work on a financial year. The pattern tells 2019-20 from the number of a contribution.
const (
	DeskContributions = "/desk/funding/contributions"
	DeskFundingBegin  = "/desk/funding/begin"

	DeskFundingYear        = "/desk/funding/{year:[0-9]{4}-[0-9]{2}}"
	DeskFundingLines       = DeskFundingYear + "/lines"
	DeskFundingLinesImport = DeskFundingLines + "/import"
	DeskFundingLineNew     = DeskFundingLines + "/new"
	DeskFundingLine        = DeskFundingLines + "/{id}"
	DeskFundingLineRemove  = DeskFundingLine + "/remove"
	DeskFundingBudget      = DeskFundingYear + "/budget"
	DeskFundingTerms       = DeskFundingYear + "/terms"
	DeskFundingRound       = DeskFundingYear + "/round"
	DeskFundingRelease     = DeskFundingYear + "/release"
	DeskFundingReview      = DeskFundingYear + "/review"
	DeskFundingAdjust      = DeskFundingYear + "/adjust"
)

// Paths on which the safeguarding partners and the scrutineer read years, released or not.
const (
	Years = "/years"
	Year  = "/years/{year}"
)

// MyPledge is where staff of an agency answer a pledge of theirs.
const MyPledge = "/my-agency/pledges/{id}"

// YearTo is the page of a financial year, given as 2019-20, for those who see it before the public does.
func YearTo(year string) string { return Years + "/" + year }

// MyPledgeTo is where a pledge is answered.
func MyPledgeTo[T ~int64](id T) string { return "/my-agency/pledges/" + number(id) }

// DeskFundingLinesTo is the grid of a proposed year, given as 2019-20.
func DeskFundingLinesTo(year string) string { return DeskFundingYearTo(year) + "/lines" }

// DeskFundingLinesImportTo is where lines are read from a spreadsheet.
func DeskFundingLinesImportTo(year string) string { return DeskFundingLinesTo(year) + "/import" }

// DeskFundingLineNewTo is where one line is put into a proposed year.
func DeskFundingLineNewTo(year string) string { return DeskFundingLinesTo(year) + "/new" }

// DeskFundingLineTo is where one line of a proposed year is changed.
func DeskFundingLineTo[T ~int64](year string, id T) string {
	return DeskFundingLinesTo(year) + "/" + number(id)
}

// DeskFundingLineRemoveTo is where a line is taken out of a proposed year.
func DeskFundingLineRemoveTo[T ~int64](year string, id T) string {
	return DeskFundingLineTo(year, id) + "/remove"
}

// DeskFundingBudgetTo is where the budget of a year is entered.
func DeskFundingBudgetTo(year string) string { return DeskFundingYearTo(year) + "/budget" }

// DeskFundingTermsTo is where the reserve, the method and the review of a year are entered.
func DeskFundingTermsTo(year string) string { return DeskFundingYearTo(year) + "/terms" }

// DeskFundingRoundTo is where a year is put to the safeguarding partners.
func DeskFundingRoundTo(year string) string { return DeskFundingYearTo(year) + "/round" }

// DeskFundingReleaseTo is where a year is released to the public.
func DeskFundingReleaseTo(year string) string { return DeskFundingYearTo(year) + "/release" }

// DeskFundingReviewTo is where a review of a year is recorded.
func DeskFundingReviewTo(year string) string { return DeskFundingYearTo(year) + "/review" }

// DeskFundingAdjustTo is where a contribution is added to an agreed year.
func DeskFundingAdjustTo(year string) string { return DeskFundingYearTo(year) + "/adjust" }
