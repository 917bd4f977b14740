package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
)

// decisionRegister is the register that takes JSON and saved pages besides spreadsheets, several at once.
const decisionRegister = "decisions"

func importDecisions(ctx context.Context, tx pgx.Tx, in importing, data []byte, stdout io.Writer) error {
	records, by := decision.New(tx, time.Now), authz.System("command")
	up := decision.ImportFiles{Body: in.body, Files: append([]decision.Upload{{Name: filepath.Base(in.file), Data: data}}, in.also...)}
	look := records.CheckFiles
	if in.apply {
		look = records.PreviewFiles
	}
	p, err := look(ctx, by, up)
	if err != nil {
		return err
	}
	if err := printRecords(stdout, p); err != nil {
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
	if _, err := records.ApplyRun(ctx, by, decision.ApplyRunCommand{ID: p.ID}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "Imported, as import %d of records. It can be undone as a whole at the desk. Nothing is published yet.\n", p.ID)
	return err
}

func printRecords(to io.Writer, p decision.ImportPreview) error {
	var b strings.Builder
	for _, notice := range p.Notices {
		b.WriteString(notice + "\n")
	}
	for _, problem := range p.Problems {
		b.WriteString(problem.String() + "\n")
	}
	if len(p.Problems) == 0 {
		for _, l := range p.Lines {
			if l.Effect != decision.ImportUnchanged {
				fmt.Fprintf(&b, "%s, %s: %s: %s\n", l.Place, strings.TrimSpace(l.Number+" "+l.Subject), l.Effect, strings.Join(l.Details, "; "))
			}
			for _, flag := range l.Flags {
				fmt.Fprintf(&b, "%s, to look at: %s\n", l.Place, flag)
			}
		}
		fmt.Fprintf(&b, "%d added, %d changed, %d unchanged.\n", p.Added, p.Changed, p.Unchanged)
	}
	_, err := io.WriteString(to, b.String())
	return err
}
