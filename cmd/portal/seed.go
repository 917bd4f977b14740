package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/pg"
)

// readBulk reads how much data to add. A further kind of record is a further number here and in demo.Bulk.
func readBulk(args []string) (demo.Bulk, error) {
	var b demo.Bulk
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&b.Agencies, "agencies", 0, "relevant agencies")
	flags.IntVar(&b.Decisions, "decisions", 0, "records of decision")
	flags.IntVar(&b.Versions, "versions", 0, "published versions of documents")
	flags.IntVar(&b.Years, "years", 20, "years over which agencies begin, are renamed and end, and decisions are made")
	if err := flags.Parse(args); err != nil {
		return demo.Bulk{}, err
	}
	if flags.NArg() > 0 {
		return demo.Bulk{}, fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	return b, nil
}

// seed adds realistic data in bulk, for measurements. It refuses a database for real use.
func seed(ctx context.Context, c config, args []string, stdout io.Writer) (err error) {
	bulk, err := readBulk(args)
	if err != nil {
		return fmt.Errorf("portal seed: %w", err)
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
	bulk.Today = day.Of(time.Now())
	if err := seedInto(ctx, conns.app, bulk); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d relevant agencies, %d records of decision and %d versions of documents added, over %d years\n",
		bulk.Agencies, bulk.Decisions, bulk.Versions, bulk.Years)
	return err
}

// seedInto makes an empty database one for demonstration, and refuses any that is in use for something else.
func seedInto(ctx context.Context, db pg.DB, bulk demo.Bulk) error {
	if err := claimForDemonstration(ctx, db, func(context.Context, pgx.Tx) error { return nil }); err != nil {
		return err
	}
	if err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return demo.LoadBulk(ctx, tx, bulk) }); err != nil {
		return fmt.Errorf("portal seed: %w", err)
	}
	return nil
}
