package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"partnershipportal/migrations"
)

// migrate brings the schema up to date, takes steps back, or says where it is.
func migrate(ctx context.Context, c config, args []string, stdout io.Writer) (err error) {
	if len(args) == 0 || len(args) > 2 {
		return errUsage
	}
	db, err := reachDatabase(ctx, c, newLog())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.stop()) }()
	switch args[0] {
	case "up":
		err = migrations.Up(ctx, db.url)
	case "down":
		steps := 1
		if len(args) == 2 {
			if steps, err = strconv.Atoi(args[1]); err != nil || steps < 1 {
				return fmt.Errorf("portal migrate down takes how many steps, not %q", args[1])
			}
		}
		err = migrations.Down(ctx, db.url, steps)
	case "version":
	default:
		return errUsage
	}
	if err != nil {
		return err
	}
	version, dirty, err := migrations.Version(ctx, db.url)
	if err != nil {
		return err
	}
	state := ""
	if dirty {
		state = ", stopped half-way"
	}
	_, err = fmt.Fprintf(stdout, "schema %d%s; this program has %d\n", version, state, migrations.Latest())
	return err
}
