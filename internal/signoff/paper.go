package signoff

import (
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// PaperKind says what is put to the partners.
type PaperKind string

// The kinds of paper.
const (
	VersionPaper PaperKind = "version"      // a version of a document
	YearPaper    PaperKind = "funding year" // the contributions and the budget of a financial year
)

// AnnualBudget is what an appointment must cover to act on a financial year; for a version it is the kind of document.
const AnnualBudget = "annual budget"

// PaperRef names a paper.
type PaperRef struct {
	Kind PaperKind
	ID   int64
}

// OfVersion names a version of a document.
func OfVersion(v id.Version) PaperRef { return PaperRef{Kind: VersionPaper, ID: int64(v)} }

// OfYear names a financial year.
func OfYear(y day.FinancialYear) PaperRef { return PaperRef{Kind: YearPaper, ID: int64(y)} }

// Version is the version that the paper is; zero if it is none.
func (p PaperRef) Version() id.Version {
	if p.Kind != VersionPaper {
		return 0
	}
	return id.Version(p.ID)
}

// Year is the financial year that the paper is; zero if it is none.
func (p PaperRef) Year() day.FinancialYear {
	if p.Kind != YearPaper {
		return 0
	}
	return day.FinancialYear(p.ID)
}

// Paper is what a round puts to the partners.
type Paper struct {
	PaperRef
	Subject       string // what an appointment must cover to act on it
	Slug          string // of the document; a financial year as in addresses, 2027-28
	Number        int    // of the version; the calendar year in which a financial year begins
	Title         string
	Name          string   // what it is called where it stands alone: "Arrangements, version 2"
	EffectiveFrom day.Date // versions only
	Demonstration bool
	Settled       bool // published, or agreed: nothing more is done about its rounds
	Public        bool // anybody may read it
}

// states are what the paper is while it can be changed, while it is put to the partners and once all have signed.
func (p PaperRef) states() (before, during, after string) {
	if p.Kind == YearPaper {
		return "proposed", "awaiting agreement", "agreed"
	}
	return "draft", "awaiting sign-off", "signed off"
}

// paperRow is a Paper as it is read, for rows that embed it.
type paperRow struct {
	PaperKind     PaperKind
	PaperID       int64
	Subject       string
	Slug          string
	PaperNumber   int
	Title         string
	Name          string
	EffectiveFrom day.Date
	Demonstration bool
	Settled       bool
	Public        bool
}

const paperColumns = `x.kind AS paper_kind, x.id AS paper_id, x.subject, x.slug, x.number AS paper_number, x.title, x.name, x.effective_from,
	x.is_demonstration AS demonstration, x.settled_by IS NOT NULL AS settled, x.is_public AS public`

// ofRound joins the paper x of the round r.
const ofRound = `JOIN paper x ON x.kind = r.paper_kind AND x.id = r.paper_id`

func (r paperRow) paper() Paper {
	return Paper{PaperRef: PaperRef{Kind: r.PaperKind, ID: r.PaperID}, Subject: r.Subject, Slug: r.Slug, Number: r.PaperNumber, Title: r.Title,
		Name: r.Name, EffectiveFrom: r.EffectiveFrom, Demonstration: r.Demonstration, Settled: r.Settled, Public: r.Public}
}
