package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"partnershipportal/web/route"
)

const healthLimit = 5 * time.Second

// healthcheck asks the portal on this machine whether it is alive.
func healthcheck(ctx context.Context, c config) error {
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	// The container image has no file that says what localhost means.
	switch host {
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+route.Healthz, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the portal answered %s", resp.Status)
	}
	return nil
}
