package membership

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Settings are what the administrator says of the partnership. Until they are first saved the names are empty and
// the revision is 0.
type Settings struct {
	Name           string
	ShortName      string
	LogoText       string
	ContactOffice  string
	ContactEmail   string
	ContactPhone   string
	ContactAddress string
	Revision       int
	Numbers        []ConcernNumber `db:"-"`
	Areas          []Area          `db:"-"`
}

// ConcernNumber is a telephone number of "Worried about a child?".
type ConcernNumber struct {
	Label  string
	Number string
	Hours  string
}

var numberForm = regexp.MustCompile(`^[0-9][0-9 ]{2,20}$`)

// IsNumber tells whether a text is a telephone number as it is kept: figures and spaces.
func IsNumber(text string) bool { return numberForm.MatchString(text) }

// Area is a local authority area that the partnership covers, from day to day.
type Area struct {
	ID       id.Area
	Name     string
	GSSCode  string
	StartsOn day.Date
	EndsOn   day.Date
}

// SettingsService reads and keeps the settings of the partnership.
type SettingsService struct {
	db     pg.DB
	public pg.DB
	now    func() time.Time
}

// NewSettings makes the service. What every page shows is read through the public role.
func NewSettings(db, public pg.DB, now func() time.Time) *SettingsService {
	return &SettingsService{db: db, public: public, now: now}
}

// Public reads the settings as anyone may, without areas and revision.
func (s *SettingsService) Public(ctx context.Context) (Settings, error) {
	rows, _ := s.public.Query(ctx, `
		SELECT name, short_name, logo_text, contact_office, contact_email, contact_phone, contact_address, 0 AS revision
		FROM published.partnership`)
	set, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Settings])
	if errors.Is(err, pgx.ErrNoRows) {
		return Settings{}, nil // a new installation has not been told who it is for
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read the published settings: %w", err)
	}
	set.Numbers, err = selectNumbers(ctx, s.public, `SELECT label, number, hours FROM published.concern_number ORDER BY position, label`)
	return set, err
}

// Settings reads everything for the administrator. Fault: Forbidden.
func (s *SettingsService) Settings(ctx context.Context, by authz.Actor) (Settings, error) {
	if !by.Can(authz.EditSettings) {
		return Settings{}, errNotAdministrator
	}
	return selectSettings(ctx, s.db)
}

// SettingsCommand is the whole settings page as it was sent. Revision is the one that its writer had before them.
type SettingsCommand struct {
	Settings
	Area Area // to add or, with an ID, to change; none if its name is empty
}

// SaveSettings keeps the settings. Faults: Forbidden, Conflict if somebody else saved meanwhile, Invalid.
func (s *SettingsService) SaveSettings(ctx context.Context, by authz.Actor, cmd SettingsCommand) error {
	if !by.Can(authz.EditSettings) {
		return errNotAdministrator
	}
	at := s.now()
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := lockSettings(ctx, tx, cmd.Revision); err != nil {
			return err
		}
		if err := upsertSettings(ctx, tx, cmd.Settings); err != nil {
			return err
		}
		if err := replaceNumbers(ctx, tx, cmd.Numbers, at); err != nil {
			return err
		}
		if err := saveArea(ctx, tx, cmd.Area); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "settings.changed", SubjectKind: "partnership", SubjectID: 1})
	})
	return pg.Translate(err, settingsFaults)
}

var (
	errNotAdministrator = fault.New(fault.Forbidden, "Only an administrator changes the settings.")
	errSettingsChanged  = fault.New(fault.Conflict, "Somebody else saved the settings after you opened this page.")
)

var settingsFaults = map[string]*fault.Error{
	"partnership_pkey":            errSettingsChanged,
	"concern_number_form":         fault.Field("number-1", "Number must be figures and spaces, like 03000 41 11 11"),
	"area_name_key":               fault.Field("area-name", "There is an area of that name already"),
	"area_gss_code_form":          fault.Field("area-code", "Code must be an E and eight figures, like E10000016"),
	"area_ends_after_start":       fault.Field("area-to", "The last day must not be before the first"),
	"partnership_name_length":     fault.Field("name", "Enter the partnership's name"),
	"concern_number_label_length": fault.Field("label-1", "Enter what the number is for"),
}

func selectSettings(ctx context.Context, db pg.DB) (Settings, error) {
	rows, _ := db.Query(ctx, `
		SELECT name, short_name, logo_text, contact_office, contact_email, contact_phone, contact_address, revision FROM partnership`)
	set, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Settings])
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Settings{}, fmt.Errorf("read the settings: %w", err)
	}
	set.Numbers, err = selectNumbers(ctx, db, `SELECT label, number, hours FROM concern_number WHERE removed_at IS NULL ORDER BY position, label`)
	if err != nil {
		return Settings{}, err
	}
	rows, _ = db.Query(ctx, `SELECT id, name, coalesce(gss_code, '') AS gss_code, starts_on, ends_on FROM area ORDER BY name`)
	set.Areas, err = pgx.CollectRows(rows, pgx.RowToStructByName[Area])
	if err != nil {
		return Settings{}, fmt.Errorf("read the areas: %w", err)
	}
	return set, nil
}

func selectNumbers(ctx context.Context, db pg.DB, query string) ([]ConcernNumber, error) {
	rows, _ := db.Query(ctx, query)
	numbers, err := pgx.CollectRows(rows, pgx.RowToStructByName[ConcernNumber])
	if err != nil {
		return nil, fmt.Errorf("read the numbers: %w", err)
	}
	return numbers, nil
}

// lockSettings keeps other writers out and refuses one who had an older revision before them.
func lockSettings(ctx context.Context, tx pgx.Tx, revision int) error {
	var have int
	err := tx.QueryRow(ctx, `SELECT revision FROM partnership FOR UPDATE`).Scan(&have)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("lock the settings: %w", err)
	}
	if have != revision {
		return errSettingsChanged
	}
	return nil
}

func upsertSettings(ctx context.Context, tx pgx.Tx, set Settings) error {
	args := pgx.StrictNamedArgs{"name": set.Name, "short_name": set.ShortName, "logo_text": set.LogoText, "office": set.ContactOffice,
		"email": set.ContactEmail, "phone": set.ContactPhone, "address": set.ContactAddress}
	query := `
		INSERT INTO partnership (name, short_name, logo_text, contact_office, contact_email, contact_phone, contact_address)
		VALUES (@name, @short_name, @logo_text, @office, @email, @phone, @address)`
	if set.Revision > 0 {
		query = `
		UPDATE partnership SET name = @name, short_name = @short_name, logo_text = @logo_text, contact_office = @office,
			contact_email = @email, contact_phone = @phone, contact_address = @address, revision = revision + 1`
	}
	if _, err := tx.Exec(ctx, query, args); err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	return nil
}

// replaceNumbers keeps the rows of numbers that stay, and retires the others.
func replaceNumbers(ctx context.Context, tx pgx.Tx, numbers []ConcernNumber, at time.Time) error {
	have, err := selectNumbers(ctx, tx, `SELECT label, number, hours FROM concern_number WHERE removed_at IS NULL ORDER BY position, label`)
	if err != nil || slices.Equal(have, numbers) {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE concern_number SET removed_at = $1 WHERE removed_at IS NULL`, at); err != nil {
		return fmt.Errorf("retire numbers: %w", err)
	}
	for i, n := range numbers {
		_, err := tx.Exec(ctx, `INSERT INTO concern_number (position, label, number, hours) VALUES (@position, @label, @number, @hours)`,
			pgx.StrictNamedArgs{"position": i + 1, "label": n.Label, "number": n.Number, "hours": n.Hours})
		if err != nil {
			return fmt.Errorf("add a number: %w", err)
		}
	}
	return nil
}

func saveArea(ctx context.Context, tx pgx.Tx, a Area) error {
	if a.Name == "" {
		return nil
	}
	args := pgx.StrictNamedArgs{"id": int64(a.ID), "name": a.Name, "code": a.GSSCode, "starts_on": a.StartsOn, "ends_on": a.EndsOn}
	query := `INSERT INTO area (name, gss_code, starts_on, ends_on) SELECT @name, nullif(@code, ''), @starts_on, @ends_on WHERE @id::bigint = 0`
	if a.ID != 0 {
		query = `UPDATE area SET name = @name, gss_code = nullif(@code, ''), starts_on = @starts_on, ends_on = @ends_on WHERE id = @id`
	}
	if _, err := tx.Exec(ctx, query, args); err != nil {
		return fmt.Errorf("save an area: %w", err)
	}
	return nil
}
