package ui

import (
	"context"
	"io"
)

// Render draws the component.
func (c Button) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Checkboxes) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Conflict) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c ContentsList) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c DateInput) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Declaration) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Digest) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Document) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c EmptyState) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c ErrorSummary) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c FileUpload) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Heading) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Hidden) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c IdentityBar) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Input) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c NotificationBanner) Render(ctx context.Context, w io.Writer) error {
	return c.view().Render(ctx, w)
}

// Render draws the component.
func (c Pagination) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Panel) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c PasswordInput) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c PrecisionDate) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Radios) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Select) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c SubNav) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c SummaryList) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Table) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Tag) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c TaskList) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Textarea) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Time) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c Timeline) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c VersionBar) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Render draws the component.
func (c WarningText) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }
