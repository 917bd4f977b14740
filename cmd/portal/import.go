package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

// importing is what `portal import` was told.
type importing struct {
	register, file string
	apply          bool
	body           string            // whose records they are, where the files do not say
	more           []string          // further files: saved pages come in many
	also           []decision.Upload // what is in them
}

// importers are the registers that a spreadsheet can be imported into. Each prints what the file would do, or what is
// wrong with its rows; it does it in the given transaction only if told to apply.
var importers = map[string]func(ctx context.Context, tx pgx.Tx, in importing, data []byte, stdout io.Writer) error{
	string(membership.RegisterOrganisations): importMembers,
	string(membership.RegisterAgencies):      importMembers,
	string(membership.RegisterContributions): importMembers,
	decisionRegister:                         importDecisions,
}

// errRows ends an import whose file has rows that are wrong; they are printed already.
var errRows = errors.New("the file has rows that are wrong, so nothing was imported")

func readImporting(args []string) (importing, error) {
	var in importing
	var names []string
	for _, a := range args {
		switch {
		case a == "--apply":
			in.apply = true
		case strings.HasPrefix(a, "--body="):
			in.body = strings.TrimPrefix(a, "--body=")
		case strings.HasPrefix(a, "-"):
			return in, fmt.Errorf("%q is not known; the options are --apply and, for decisions, --body=SLUG", a)
		default:
			names = append(names, a)
		}
	}
	decisions := len(names) > 0 && names[0] == decisionRegister
	if len(names) < 2 || len(names) > 2 && !decisions {
		return in, errors.New("it takes a register and a file")
	}
	if in.body != "" && !decisions {
		return in, errors.New("only records of decision take --body")
	}
	in.register, in.file, in.more = names[0], names[1], names[2:]
	if importers[in.register] == nil {
		known := make([]string, 0, len(importers))
		for name := range importers {
			known = append(known, name)
		}
		slices.Sort(known)
		return in, fmt.Errorf("there is no register %q; there are %s", in.register, strings.Join(known, ", "))
	}
	return in, nil
}

// importFile imports a spreadsheet into a register: it prints a preview, and does all of it or nothing.
func importFile(ctx context.Context, c config, args []string, stdout io.Writer) (err error) {
	in, err := readImporting(args)
	if err != nil {
		return fmt.Errorf("portal import: %w", err)
	}
	data, err := readSheet(in.file)
	if err != nil {
		return err
	}
	for _, name := range in.more {
		more, err := readSheet(name)
		if err != nil {
			return err
		}
		in.also = append(in.also, decision.Upload{Name: filepath.Base(name), Data: more})
	}
	db, err := besideThePortal(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.stop()) }()
	conns, err := db.open(ctx)
	if err != nil {
		return err
	}
	defer conns.close()
	if err := db.ready(ctx, conns.app); err != nil {
		return err
	}
	return importInto(ctx, conns.app, in, data, stdout)
}

func importInto(ctx context.Context, db pg.DB, in importing, data []byte, stdout io.Writer) error {
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return importers[in.register](ctx, tx, in, data, stdout) })
	if message := fault.Message(err); message != "" {
		return errors.New(message)
	}
	return err
}

// readSheet reads the file, but no more of it than may be imported.
func readSheet(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return io.ReadAll(io.LimitReader(f, sheet.MaxFile+1))
}

func importMembers(ctx context.Context, tx pgx.Tx, in importing, data []byte, stdout io.Writer) error {
	members, by := membership.New(tx, membership.NoLetters{}, time.Now).Importing(membership.RegisterContributions, funding.New(tx, time.Now)), authz.System("command")
	cmd := membership.ImportCommand{Register: membership.Register(in.register), FileName: filepath.Base(in.file), Data: data}
	look := members.CheckImport
	if in.apply {
		look = members.PreviewImport
	}
	p, err := look(ctx, by, cmd)
	if err != nil {
		return err
	}
	if err := printPreview(stdout, p); err != nil {
		return err
	}
	switch {
	case len(p.Problems) > 0:
		return errRows
	case p.Added+p.Changed == 0:
		_, err = fmt.Fprintln(stdout, "There is nothing to import.")
		return err
	case !in.apply:
		_, err = fmt.Fprintln(stdout, "Nothing was done yet. Add --apply to import it.")
		return err
	}
	if _, err := members.ApplyImport(ctx, by, p.ID); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "Imported, as import %d. It can be undone as a whole at the desk.\n", p.ID)
	return err
}

func printPreview(to io.Writer, p membership.ImportPreview) error {
	var b strings.Builder
	for _, notice := range p.Notices {
		b.WriteString(notice + "\n")
	}
	for _, problem := range p.Problems {
		b.WriteString(problem.String() + "\n")
	}
	if len(p.Problems) == 0 {
		for _, l := range p.Lines {
			if l.Effect != membership.ImportUnchanged {
				fmt.Fprintf(&b, "Row %d, %s: %s: %s\n", l.Row, l.Slug, l.Effect, strings.Join(l.Details, "; "))
			}
		}
		fmt.Fprintf(&b, "%d added, %d changed, %d unchanged.\n", p.Added, p.Changed, p.Unchanged)
	}
	_, err := io.WriteString(to, b.String())
	return err
}
