// Command portal is the Partnership Portal: its server, its schema and its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // London's clocks, on machines without zone files
)

const usage = `portal runs the website of a local safeguarding children partnership.

  portal serve                      start the portal
  portal demo                       start it with the Kent 2019 demonstration
  portal migrate up|down|version    bring the database's schema up to date, take a step back, or say where it is
  portal user invite --email ADDRESS --name NAME --role ROLE [--organisation SLUG]
                                    invite somebody and print the address of the invitation
  portal import REGISTER FILE [--apply]
                                    print what a CSV or XLSX file would do to organisations, agencies or contributions;
                                    with --apply do all of it or nothing
  portal import decisions [--body=SLUG] FILE… [--apply]
                                    the same for records of decision: CSV, XLSX, JSON or saved ModernGov pages
  portal seed --agencies N [--years N]
                                    add realistic data in bulk to an empty database or the demonstration, for measurements
  portal healthcheck                exit 0 if the portal on this machine is alive
`

// errUsage ends the program with the usage text.
var errUsage = errors.New("unknown command")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout)
	stop()
	if errors.Is(err, errUsage) {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "portal:", err)
		os.Exit(1)
	}
}

// run is the whole program but for the process: tests call it too.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "help", "-h", "--help":
		_, err := io.WriteString(stdout, usage)
		return err
	}
	c, err := readConfig(getenv)
	if err != nil {
		return err
	}
	switch args[0] {
	case "serve":
		return serve(ctx, c, stdout)
	case "demo":
		return demonstrate(ctx, c, stdout)
	case "migrate":
		return migrate(ctx, c, args[1:], stdout)
	case "user":
		return user(ctx, c, args[1:], stdout)
	case "import":
		return importFile(ctx, c, args[1:], stdout)
	case "seed":
		return seed(ctx, c, args[1:], stdout)
	case "healthcheck":
		return healthcheck(ctx, c)
	}
	return errUsage
}
