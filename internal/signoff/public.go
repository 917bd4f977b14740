package signoff

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Public reads who signed what is public: the published views, in the role of the public.
type Public struct{ db pg.DB }

// NewPublic makes the reader over the public's pool.
func NewPublic(db pg.DB) *Public { return &Public{db: db} }

// SignOff is one partner's sign-off of a public paper, as the public sees it.
type SignOff struct {
	Partner          id.Partner
	OrganisationSlug string
	StatutoryKind    string
	Organisation     string // the name that the body had on the day
	Office           string
	Capacity         authz.Capacity
	ActingFor        string // for a delegate: the office acted for
	Instrument       string // what gave the authority, in the words of the day
	InstrumentOn     day.Date
	OfficerName      string // only if the partner publishes names
	Method           Method
	At               time.Time // when the portal was told
	Signed           day.Approx
	Source           string // of a recorded sign-off
	Digest           []byte // of what was signed
	StatementDigest  []byte // of the signed statement; none if recorded
}

// SignedYear is a financial year that every safeguarding partner signed and that the public may see.
type SignedYear struct {
	FinancialYear day.FinancialYear
	Title         string
	Demonstration bool `db:"is_demonstration"`
	RoundNumber   int
	AgreedAt      time.Time
	Content       []byte // the exact bytes that were signed
	Digest        []byte
}

// publicColumns name a paper of a kind in what is published of it.
var publicColumns = map[PaperKind]string{VersionPaper: "version_id", YearPaper: "financial_year"}

const signOffColumns = `
	SELECT partner_id AS partner, organisation_slug, statutory_kind, organisation_name AS organisation, office, capacity, acting_for, officer_name,
	       method, at, signed_on, signed_precision, source, digest, statement_digest, instrument, instrument_on,
	       coalesce(version_id, 0) AS version, coalesce(financial_year, 0) AS year
	FROM published.sign_off`

type signOffRow struct {
	Partner          id.Partner
	OrganisationSlug string
	StatutoryKind    string
	Organisation     string
	Office           string
	Capacity         authz.Capacity
	ActingFor        string
	OfficerName      string
	Method           Method
	At               time.Time
	SignedOn         day.Date
	SignedPrecision  day.Precision
	Source           string
	Digest           []byte
	StatementDigest  []byte
	Instrument       string
	InstrumentOn     day.Date
	Version          id.Version
	Year             day.FinancialYear
}

func (r signOffRow) signOff() SignOff {
	return SignOff{Partner: r.Partner, OrganisationSlug: r.OrganisationSlug, StatutoryKind: r.StatutoryKind, Organisation: r.Organisation,
		Office: r.Office, Capacity: r.Capacity, ActingFor: r.ActingFor, Instrument: r.Instrument, InstrumentOn: r.InstrumentOn,
		OfficerName: r.OfficerName, Method: r.Method, At: r.At, Signed: day.Approx{Date: r.SignedOn, Precision: r.SignedPrecision},
		Source: r.Source, Digest: r.Digest, StatementDigest: r.StatementDigest}
}

func (r signOffRow) paper() PaperRef {
	if r.Version != 0 {
		return OfVersion(r.Version)
	}
	return OfYear(r.Year)
}

// SignOffs lists who signed a public paper: the local authorities first, then police, then health. There are none of a
// paper that is not public.
func (p *Public) SignOffs(ctx context.Context, paper PaperRef) ([]SignOff, error) {
	rows, _ := p.db.Query(ctx, signOffColumns+`
		WHERE `+publicColumns[paper.Kind]+` = @paper
		ORDER BY array_position(ARRAY['local authority', 'police', 'health'], statutory_kind), organisation_name, partner_id`,
		pgx.StrictNamedArgs{"paper": paper.ID})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[signOffRow])
	if err != nil {
		return nil, fmt.Errorf("read sign-offs of %s %d: %w", paper.Kind, paper.ID, err)
	}
	list := make([]SignOff, len(found))
	for i, r := range found {
		list[i] = r.signOff()
	}
	return list, nil
}

// Scrutiny lists what the independent scrutineer said of a public paper before it was signed.
func (p *Public) Scrutiny(ctx context.Context, paper PaperRef) ([]Scrutiny, error) {
	rows, _ := p.db.Query(ctx, `SELECT id, body, recorded_at AS at FROM published.scrutiny WHERE `+publicColumns[paper.Kind]+` = @paper ORDER BY id`,
		pgx.StrictNamedArgs{"paper": paper.ID})
	filed, err := pgx.CollectRows(rows, pgx.RowToStructByName[Scrutiny])
	if err != nil {
		return nil, fmt.Errorf("read the public statements of scrutiny of %s %d: %w", paper.Kind, paper.ID, err)
	}
	return filed, nil
}

// ByStatement finds the sign-off whose statement has a digest, and the paper that it is of.
// Faults: NotFound.
func (p *Public) ByStatement(ctx context.Context, digest []byte) (SignOff, PaperRef, error) {
	rows, _ := p.db.Query(ctx, signOffColumns+` WHERE statement_digest = @digest LIMIT 1`, pgx.StrictNamedArgs{"digest": digest})
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[signOffRow])
	if err != nil {
		return SignOff{}, PaperRef{}, fmt.Errorf("look up digest of a statement: %w", noRows(err, "Nothing public was signed by this statement."))
	}
	return row.signOff(), row.paper(), nil
}

const signedYears = `SELECT financial_year, title, is_demonstration, round_number, agreed_at, content, digest FROM published.signed_year WHERE `

// Year gives a financial year as it was signed.
// Faults: NotFound (not agreed in a round, or not released).
func (p *Public) Year(ctx context.Context, year day.FinancialYear) (SignedYear, error) {
	return p.year(ctx, `financial_year = @year`, pgx.StrictNamedArgs{"year": year})
}

// YearByDigest finds the financial year whose signed bytes have a digest.
// Faults: NotFound.
func (p *Public) YearByDigest(ctx context.Context, digest []byte) (SignedYear, error) {
	return p.year(ctx, `digest = @digest`, pgx.StrictNamedArgs{"digest": digest})
}

func (p *Public) year(ctx context.Context, where string, args pgx.StrictNamedArgs) (SignedYear, error) {
	rows, _ := p.db.Query(ctx, signedYears+where+` LIMIT 1`, args)
	y, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[SignedYear])
	if err != nil {
		return SignedYear{}, fmt.Errorf("read a signed financial year: %w", noRows(err, errNoSignedYear.Message))
	}
	return y, nil
}

var errNoSignedYear = fault.New(fault.NotFound, "Nothing that every safeguarding partner signed is published of that financial year.")
