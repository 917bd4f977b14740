package route

import "net/url"

// Public paths of the contributions.
const (
	Funding     = "/funding"
	FundingYear = "/funding/{year}"
	FairShare   = "/funding/{year}/fair-share"

	FundingSignOffs = "/funding/{year}/sign-offs"
	FundingContent  = "/funding/{year}/content.json"
	FundingGiving   = "/funding/{year}/360giving.json"
	FundingSpend    = "/funding/{year}/spend-over-500"
)

// Paths of the contributions that business support records.
const (
	DeskFunding             = "/desk/funding"
	DeskFundingRecord       = "/desk/funding/record"
	DeskContribution        = "/desk/funding/{id}"
	DeskContributionCorrect = "/desk/funding/{id}/correct"
)

// FundingSpendTo is the base of the files with the payments of more than £500 of a financial year, given as 2019-20.
func FundingSpendTo(year string) string { return FundingYearTo(year) + "/spend-over-500" }

// FundingGivingTo is the open data of a financial year, given as 2019-20, in the shape of the 360Giving standard.
func FundingGivingTo(year string) string { return FundingYearTo(year) + "/360giving.json" }

// Paths of the figures of other areas.
const (
	DeskComparable        = "/desk/funding/comparable"
	DeskComparableRecord  = "/desk/funding/comparable/record"
	DeskComparableCorrect = "/desk/funding/comparable/{id}/correct"
)

// FairShareTo sets the shares of a financial year, given as 2019-20, beside those of other areas.
func FairShareTo(year string) string { return FundingYearTo(year) + "/fair-share" }

// DeskComparableCorrectTo is where a figure of another area is taken out.
func DeskComparableCorrectTo[T ~int64](id T) string {
	return DeskComparable + "/" + number(id) + "/correct"
}

// FundingYearTo is the public page of a financial year, given as 2019-20.
func FundingYearTo(year string) string { return Funding + "/" + url.PathEscape(year) }

// FundingSignOffsTo shows who signed a financial year, given as 2019-20.
func FundingSignOffsTo(year string) string { return FundingYearTo(year) + "/sign-offs" }

// FundingContentTo serves the exact bytes that were signed of a financial year, given as 2019-20.
func FundingContentTo(year string) string { return FundingYearTo(year) + "/content.json" }

// DeskFundingOf lists the contributions of one financial year, given as 2019-20.
func DeskFundingOf(year string) string {
	return DeskContributions + "?" + url.Values{"year": {year}}.Encode()
}

// DeskFundingYearTo is where business support works on a financial year, given as 2019-20.
func DeskFundingYearTo(year string) string { return DeskFunding + "/" + url.PathEscape(year) }

// DeskContributionTo is the desk's page of one contribution.
func DeskContributionTo[T ~int64](id T) string { return DeskFunding + "/" + number(id) }

// DeskContributionCorrectTo is where a contribution is taken out.
func DeskContributionCorrectTo[T ~int64](id T) string { return DeskContributionTo(id) + "/correct" }

// DeskFundingRecordLike is where a contribution is recorded that is like another one.
func DeskFundingRecordLike[T ~int64](id T) string {
	return DeskFundingRecord + "?" + url.Values{"like": {number(id)}}.Encode()
}
