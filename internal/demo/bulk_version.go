package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/demo/text"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

// MostVersions is how many versions of documents one run adds at most.
const MostVersions = 10_000

// versionsADocument is how many versions follow each other in one document.
const versionsADocument = 40

// documentKinds are those that every safeguarding partner signs.
var documentKinds = []string{"arrangements", "yearly report", "threshold document"}

// loadVersions adds documents with a history of published versions, each signed by every safeguarding partner of its day
// and confirmed by a second person. They are the partners of the demonstration.
func loadVersions(ctx context.Context, tx pgx.Tx, b Bulk) error {
	l, err := partnersForVersions(ctx, tx)
	if err != nil {
		return err
	}
	support, err := l.as(ctx, "support@kscmp.example")
	if err != nil {
		return err
	}
	second, err := l.as(ctx, "lead@kent-police.example")
	if err != nil {
		return err
	}
	for n := 0; n*versionsADocument < b.Versions; n++ {
		h := publishing{loader: l, support: support, second: second}
		if err := h.document(ctx, n, min(versionsADocument, b.Versions-n*versionsADocument), b.Today); err != nil {
			return fmt.Errorf("load document %d in bulk: %w", n+1, err)
		}
	}
	return nil
}

// partnersForVersions loads the partners and people of the demonstration where they are not there yet.
func partnersForVersions(ctx context.Context, tx pgx.Tx) (*loader, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	links, err := account.NewLinks(key)
	if err != nil {
		return nil, fmt.Errorf("make links for accounts: %w", err)
	}
	l := newLoader(tx, links, nil, time.Now) // what is written here goes by the services that send no letters
	var email string
	var which id.Account
	rows, _ := tx.Query(ctx, `SELECT email, id FROM account`)
	if _, err := pgx.ForEachRow(rows, []any{&email, &which}, func() error { l.people[email] = which; return nil }); err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	if l.people["support@kscmp.example"] != 0 {
		return l, nil
	}
	for _, load := range []func(context.Context) error{l.loadSettings, l.loadOrganisations, l.loadAgencies, l.loadPeople, l.loadAppointments} {
		if err := load(ctx); err != nil {
			return nil, fmt.Errorf("load the partners who sign: %w", err)
		}
	}
	return l, nil
}

// publishing takes a document through one version after the other.
type publishing struct {
	*loader
	support, second authz.Actor
}

// document makes one with all its versions, spread over the days from the first possible one to a last.
func (h publishing) document(ctx context.Context, n, versions int, until day.Date) error {
	areas, err := h.silent.Areas(ctx)
	if err != nil {
		return err
	}
	edition, err := h.edition(ctx, "Working Together 2018")
	if err != nil {
		return err
	}
	slug := fmt.Sprintf("seed-document-%d", n+1)
	ref, err := h.silent.Create(ctx, h.support, arrangement.CreateCommand{Title: fmt.Sprintf("Document %d of the seed", n+1), Slug: slug,
		Kind: documentKinds[n%len(documentKinds)], Guidance: edition, Areas: []id.Area{areas[0].ID}, Demonstration: true})
	if err != nil {
		return err
	}
	for _, s := range text.Edition2019() {
		if _, err := h.silent.AddSection(ctx, h.support, ref, s.Heading, s.Markdown); err != nil {
			return err
		}
	}
	first := duty.Add(60)
	for v := range versions {
		if v > 0 {
			if ref, err = h.silent.NextVersion(ctx, h.support, slug, true); err != nil {
				return err
			}
		}
		if err := h.version(ctx, ref, first.Add(v*first.DaysUntil(until)/versionsADocument)); err != nil {
			return err
		}
	}
	return nil
}

// version changes a draft, records its sign-off and publishes it.
func (h publishing) version(ctx context.Context, ref arrangement.Ref, from day.Date) error {
	draft, err := h.silent.Draft(ctx, h.support, ref)
	if err != nil {
		return err
	}
	s := draft.Sections[ref.Number%len(draft.Sections)]
	if err := h.silent.SaveSection(ctx, h.support, arrangement.SectionCommand{Ref: ref, Section: s.ID, Revision: s.Revision, Heading: s.Heading,
		Markdown: s.Markdown + fmt.Sprintf("\n\nVersion %d says this from %s.", ref.Number, from.Long())}); err != nil {
		return err
	}
	if err := h.details(ctx, h.support, ref, "Working Together 2018", from, ""); err != nil {
		return err
	}
	signed := from.Add(-20)
	check, err := h.silent.Check(ctx, h.support, ref, signed)
	if err != nil {
		return err
	}
	cmd := arrangement.RecordedCommand{Ref: ref, Digest: check.Digest, SeatsOn: check.SeatsOn}
	for _, seat := range check.Seats {
		cmd.Acts = append(cmd.Acts, signoff.RecordedAct{Partner: seat.Partner, Office: "Lead officer", SignedOn: day.On(signed), Source: "Invented for measurements"})
	}
	round, err := h.silent.EnterRecorded(ctx, h.support, cmd)
	if err != nil {
		return err
	}
	if err := h.past.ConfirmRecorded(ctx, h.second, round); err != nil {
		return err
	}
	return h.silent.Publish(ctx, h.support, arrangement.PublishCommand{Ref: ref, Round: round, Label: from.Long(), On: day.On(signed.Add(5))})
}
