package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/jobs"
	"partnershipportal/internal/mail"
	"partnershipportal/internal/notify"
)

// newWriter makes what writes letters, in the transactions of what they tell.
func newWriter(base *url.URL) (*notify.Writer, error) {
	queue, err := jobs.NewQueue()
	if err != nil {
		return nil, err
	}
	return notify.NewWriter(queue, base), nil
}

// newSender reads the mail server's address. No address is no sender: letters then stay in the database.
func newSender(c config) (mail.Sender, error) {
	if c.SMTPURL == "" {
		return nil, nil
	}
	sender, err := mail.Open(string(c.SMTPURL), c.MailFrom)
	if err != nil {
		return nil, fmt.Errorf("settings: PORTAL_SMTP_URL and PORTAL_MAIL_FROM: %w", err)
	}
	return sender, nil
}

// newWorkers makes what happens without anybody asking: letters leave, what is due is published, what has expired goes.
func newWorkers(c config, p *pools, portal *portal) (*jobs.Workers, error) {
	sender, err := newSender(c)
	if err != nil {
		return nil, err
	}
	post := notify.NewPost(p.app, sender, portal.accounts, c.BaseURL)
	return jobs.NewWorkers(jobs.Config{Pool: p.river, Logger: portal.log, Work: jobs.Work{
		Letter:       post.Letter,
		LinkLetter:   post.LinkLetter,
		Sweep:        func(ctx context.Context) error { return publishDue(ctx, portal.arrangements) },
		Warn:         func(ctx context.Context) error { return errors.Join(warn(ctx, p, portal), remind(ctx, p, portal)) },
		Housekeeping: portal.accounts.Sweep,
	}})
}

func publishDue(ctx context.Context, arrangements *arrangement.Service) error {
	_, err := arrangements.PublishDue(ctx, authz.System("sweep"))
	return err
}

// warn looks at the membership and writes of what will keep a partner from signing.
func warn(ctx context.Context, p *pools, portal *portal) error {
	matters, err := portal.attention.ToWarnOf(ctx)
	if err != nil {
		return err
	}
	var warnings []notify.Warning
	for _, m := range matters {
		warnings = append(warnings, notify.Warning{Partner: m.Partner, Appointment: m.Appointment, Round: m.Round, Seat: m.Seat,
			Why: notify.WarningReason(m.Detail), Paper: m.Title, On: m.OnDay})
	}
	return errors.Join(portal.letters.Warn(ctx, p.app, day.Of(time.Now()), warnings), remindOfInvoices(ctx, p, portal))
}

// remindOfInvoices writes to those whose invoices are due soon or overdue.
func remindOfInvoices(ctx context.Context, p *pools, portal *portal) error {
	due, err := funding.New(p.app, time.Now).ToRemindOf(ctx)
	if err != nil {
		return err
	}
	var reminders []notify.Reminder
	for _, r := range due {
		reminders = append(reminders, notify.Reminder{Occasion: r.Occasion(), Series: r.Series(), Body: r.Body.ID, Name: r.Body.Name, Year: r.Year.String(), Reference: r.Invoice.Reference,
			Open: r.Invoice.Open.String(), DueOn: r.Invoice.DueOn, Overdue: r.Stage > 0})
	}
	return portal.letters.Remind(ctx, p.app, day.Of(time.Now()), reminders)
}

// remind looks at the register of decisions and writes of the deadlines that are coming.
func remind(ctx context.Context, p *pools, portal *portal) error {
	deadlines, err := portal.decisions.ToRemindOf(ctx, authz.System("reminders"))
	if err != nil {
		return err
	}
	return portal.letters.RemindOfDecisions(ctx, p.app, day.Of(time.Now()), deadlines)
}
