package membership

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
)

// ConfirmedWording is the confidence of wording that may be shown to the public as law.
const ConfirmedWording = "confirmed"

// Confidences lists how sure we can be of the wording of a category.
func Confidences() []string { return []string{ConfirmedWording, "part-confirmed", "unconfirmed"} }

// Category is a kind of relevant agency in the Schedule.
type Category struct {
	Paragraph  int
	GroupName  string
	Category   string
	Confidence string
	StartsOn   day.Date // none: not known
	EndsOn     day.Date // none: it lasts
	Source     string   // where the wording was read
}

// InForce tells whether the category is in force on a day, as far as its days are known.
func (c Category) InForce(on day.Date) bool {
	return !c.StartsOn.After(on) && (c.EndsOn.IsZero() || !c.EndsOn.Before(on))
}

// CategoryLine is a category in the list of them.
type CategoryLine struct {
	Category
	Agencies int // of today
}

// CategoryWording is what a category said before.
type CategoryWording struct {
	Category
	KnownFrom  time.Time
	KnownUntil time.Time
}

// CategoryRecord is a category with what it said before, the latest first.
type CategoryRecord struct {
	Category
	KnownFrom time.Time
	Earlier   []CategoryWording `db:"-"`
}

var errNoCategory = fault.New(fault.NotFound, "The list has no such paragraph.")

// check says what is wrong with a category that is to be kept.
func (c Category) check() error {
	switch {
	case c.Paragraph < 1 || c.Paragraph > 999:
		return fault.Field("paragraph", "Enter the number of the paragraph, from 1 to 999")
	case c.GroupName == "":
		return fault.Field("group", "Enter the group")
	case c.Category == "":
		return fault.Field("category", "Enter the wording")
	case !slices.Contains(Confidences(), c.Confidence):
		return fault.Field("confidence", "Choose how sure the wording is")
	case c.Confidence == ConfirmedWording && strings.TrimSpace(c.Source) == "":
		return fault.Field("source", "Enter where the wording was read: only what can be read somewhere is confirmed")
	case !c.EndsOn.IsZero() && c.EndsOn.Before(c.StartsOn):
		return fault.Field("ends", "The last day must not be before the first day")
	}
	return nil
}

// CategoryLines lists the categories with how many agencies fall under each today. Fault: Forbidden.
func (s *Service) CategoryLines(ctx context.Context, by authz.Actor) ([]CategoryLine, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectCategoryLines(ctx, s.db, day.Of(s.now()))
}

// Category reads one category with its earlier wordings. Faults: Forbidden, NotFound.
func (s *Service) Category(ctx context.Context, by authz.Actor, paragraph int) (CategoryRecord, error) {
	if !CanEdit(by) {
		return CategoryRecord{}, errMayNotEdit
	}
	return selectCategory(ctx, s.db, paragraph)
}

// AddCategory adds a category to the list. Faults: Forbidden, Invalid.
func (s *Service) AddCategory(ctx context.Context, by authz.Actor, c Category) error {
	return s.keepCategory(ctx, by, c, actionCategoryAdded, insertCategory)
}

// SaveCategory changes the wording, group, confidence, source or days of a category. What it said before is kept.
// Faults: Forbidden, NotFound, Invalid.
func (s *Service) SaveCategory(ctx context.Context, by authz.Actor, c Category) error {
	return s.keepCategory(ctx, by, c, actionCategorySaved, updateCategory)
}

func (s *Service) keepCategory(ctx context.Context, by authz.Actor, c Category, action string, keep func(context.Context, pgx.Tx, Category) error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	if err := c.check(); err != nil {
		return err
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := keep(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectCategory, SubjectID: int64(c.Paragraph), After: c.Confidence})
	})
}

// checkCategories refuses categories that ended before a term begins.
func checkCategories(all []Category, chosen []int, from day.Date) error {
	for _, paragraph := range chosen {
		i := slices.IndexFunc(all, func(c Category) bool { return c.Paragraph == paragraph })
		if i >= 0 && !all[i].EndsOn.IsZero() && all[i].EndsOn.Before(from) {
			return fault.Field("categories", fmt.Sprintf("Paragraph %d ended on %s. Choose what is in force", paragraph, all[i].EndsOn.Long()))
		}
	}
	return nil
}
