package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/demo"
)

// demonstrate runs the portal with the demonstration. Its passwords are known to all, so it listens to this machine
// alone (the default of PORTAL_ADDR) unless it is told otherwise.
func demonstrate(ctx context.Context, c config, stdout io.Writer) error {
	return start(ctx, c, stdout, mode{demonstration: true, prepare: loadDemonstration, announce: announceAccounts})
}

func loadDemonstration(ctx context.Context, c config, p *pools) error {
	key, err := loadKey(c.KeyFile)
	if err != nil {
		return err
	}
	links, err := account.NewLinks(key)
	if err != nil {
		return err
	}
	letters, err := newWriter(c.BaseURL)
	if err != nil {
		return err
	}
	return claimForDemonstration(ctx, p.app, func(ctx context.Context, tx pgx.Tx) error {
		return demo.Load(ctx, tx, links, letters, time.Now)
	})
}

func announceAccounts(stdout io.Writer) error {
	if _, err := fmt.Fprintf(stdout, "\nThis is a demonstration. Accounts (password: %s):\n", demo.Password); err != nil {
		return err
	}
	for _, p := range demo.People() {
		if _, err := fmt.Fprintf(stdout, "  %-34s %s\n", p.Email, p.What); err != nil {
			return err
		}
	}
	return nil
}
