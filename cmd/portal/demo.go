package main

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"
)

// demonstrate runs the portal with the demonstration. Its passwords are known to all, so it listens to this machine
// alone (the default of PORTAL_ADDR) unless it is told otherwise.
func demonstrate(ctx context.Context, c config, stdout io.Writer) error {
	return start(ctx, c, stdout, mode{
		demonstration: true,
		prepare: func(ctx context.Context, p *pools) error {
			return claimForDemonstration(ctx, p.app, func(context.Context, pgx.Tx) error { return nil })
		},
	})
}
