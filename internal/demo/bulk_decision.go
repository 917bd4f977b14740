package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/id"
)

// MostDecisions is how many records of decision one run adds at most.
const MostDecisions = 1_000_000

// Words of bulk records that are as frequent as their names say, for searches whose result is known.
const (
	WordOfEvery      = "safeguarding" // every record
	WordOfAHundredth = "ferries"      // one record in a hundred, all through the years
	WordOfTheOldest  = "tramways"     // one in a hundred of the oldest tenth, and none since
	WordRare         = "lighthouse"   // five records
	comingDecisions  = 120            // how far ahead plans look does not grow with the years behind
	decisionsAtOnce  = 1000
)

// decider is a body that decides, with how many in a hundred records are its own.
type decider struct {
	slug, kind, name string
	share            int
	id               id.Organisation
}

func deciders() []decider {
	return []decider{
		{slug: "seed-county-council", kind: "local authority", name: "Northmead County Council", share: 46},
		{slug: "seed-city-council", kind: "local authority", name: "Fordgate City Council", share: 18},
		{slug: "seed-police", kind: "police", name: "Northmead Police", share: 10},
		{slug: "seed-health", kind: "health", name: "NHS Northmead", share: 10},
		{slug: "seed-borough-council", kind: "district council", name: "Ashcombe Borough Council", share: 8},
		{slug: "seed-district-council", kind: "district council", name: "Larkstone District Council", share: 5},
		{share: 3}, // the partnership itself
	}
}

var (
	makers = strings.Split("Cabinet Member for Children, Young People and Education|Cabinet Member for Adult Social Care|Cabinet Member for Finance|Leader of the Council|"+
		"Cabinet Member for Highways and Transport|Cabinet Member for Community Services|Chief Executive|Director of Children’s Services|Director of Public Health|"+
		"Chief Constable|Assistant Chief Constable|Chief Nurse|Accountable Officer|Head of Procurement|Head of Property|Chair of the Partnership|"+
		"Cabinet Member for Environment|Cabinet Member for Housing|Monitoring Officer|Corporate Director of Resources", "|")
	verbs    = strings.Fields("Award Renew Extend Approve Adopt Review Close Open Fund Commission Merge Replace Lease Expand Restructure Endorse")
	matters  = strings.Split("school transport|foster care payments|family hubs|youth services|speech therapy|respite care|early help|children’s homes|short breaks|school places|adoption support|health visiting|information sharing|missing children procedures|training programme|multi-agency hub|domestic abuse services|care leavers’ housing|school nursing|music education|library services|language support|advocacy contract|safe walking routes|inspection plan", "|")
	joiners  = strings.Fields("of for with and the to in by from under after before")
	ordinary = strings.Fields("council service child family partner officer report budget contract need plan review support community provider quality price tender member committee risk cost saving year district school health police team duty guidance standard outcome engagement survey evidence option proposal agreement framework arrangement care education transport housing delivery capacity demand workforce training premises equipment system record data access waiting travel rural urban resident volunteer charity parish trust grant income reserve forecast market supplier partner inspection rating improvement priority strategy policy protocol procedure consultation response meeting decision scheme pilot extension renewal")
)

// loadDecisions adds records of decision, the oldest first. They are the same for the same numbers.
func loadDecisions(ctx context.Context, tx pgx.Tx, b Bulk) error {
	bodies, err := insertDeciders(ctx, tx)
	if err != nil {
		return err
	}
	m := maker{Bulk: b, bodies: bodies, r: rand.New(rand.NewPCG(2019, uint64(b.Decisions))), numbers: map[string]int{}, coming: min(b.Decisions/8, comingDecisions)}
	for from := 0; from < b.Decisions; from += decisionsAtOnce {
		list := make([]decision.History, 0, decisionsAtOnce)
		for i := from; i < min(from+decisionsAtOnce, b.Decisions); i++ {
			list = append(list, m.history(i))
		}
		if err := decision.LoadHistory(ctx, tx, list, b.Today); err != nil {
			return err
		}
	}
	return nil
}

func insertDeciders(ctx context.Context, tx pgx.Tx) ([]decider, error) {
	list := deciders()
	var taken bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM organisation WHERE slug = $1)`, list[0].slug).Scan(&taken); err != nil {
		return nil, fmt.Errorf("look for earlier bulk records: %w", err)
	}
	if taken {
		return nil, errors.New("the database has bulk records of decision already; use another database or PORTAL_DATA_DIR")
	}
	for i, d := range list {
		if d.slug == "" {
			continue
		}
		if err := tx.QueryRow(ctx, `
			WITH o AS (INSERT INTO organisation (slug, kind, is_demonstration) VALUES ($1, $2, true) RETURNING id)
			SELECT id FROM o`, d.slug, d.kind).Scan(&list[i].id); err != nil {
			return nil, fmt.Errorf("insert body %s: %w", d.slug, err)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO organisation_name (organisation_id, name) VALUES ($1, $2)`, list[i].id, d.name); err != nil {
			return nil, fmt.Errorf("name body %s: %w", d.slug, err)
		}
	}
	return list, nil
}

// maker makes up records one after the other.
type maker struct {
	Bulk
	bodies  []decider
	r       *rand.Rand
	numbers map[string]int // given so far, by body and year
	coming  int
}

// history is the nth record of all.
func (m *maker) history(n int) decision.History {
	var h decision.History
	made := m.Decisions - m.coming
	on := m.Today.Add(-m.Years*365 + n*m.Years*365/made)
	if n >= made {
		on = m.Today.Add(5 + (n-made)*170/m.coming)
	}
	body := m.body()
	h.Organisation = body.id
	m.identify(&h, body, on)
	m.write(&h, n)
	if n >= made {
		m.ahead(&h, on, n)
	} else {
		m.decided(&h, on, n)
	}
	m.restrict(&h, n)
	h.Published = n%40 != 39
	if h.Published && n%50 == 7 {
		h.Corrected = h.Text
		h.Corrected.Reasons += " The figures of the second year were put right."
	}
	return h
}

func (m *maker) body() decider {
	at := m.r.IntN(100)
	for _, d := range m.bodies {
		if at -= d.share; at < 0 {
			return d
		}
	}
	return m.bodies[len(m.bodies)-1]
}

func (m *maker) identify(h *decision.History, body decider, on day.Date) {
	key := fmt.Sprintf("%s %d", body.slug, on.Year())
	m.numbers[key]++
	h.NumberPrinted = fmt.Sprintf("%02d/%05d", on.Year()%100, m.numbers[key])
	h.Subject = fmt.Sprintf("%s %s in %s", m.one(verbs), m.one(matters), m.one(placeStarts)+m.one(placeEnds))
	h.MakerTitle = makers[min(m.r.IntN(len(makers)), m.r.IntN(len(makers)))] // some decide more than others
	h.IsOfficer = strings.HasPrefix(h.MakerTitle, "Director") || strings.HasPrefix(h.MakerTitle, "Head")
	h.Key.Key = decision.KeyNo
	if m.r.IntN(3) == 0 {
		h.Key = decision.Key{Key: decision.KeyYes, Reason: "It affects two or more divisions."}
	}
}

func (m *maker) one(list []string) string { return list[m.r.IntN(len(list))] }

// sentences are of ordinary words, the first of which are more frequent than the last.
func (m *maker) sentences(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString("The ")
		for i := range 6 + m.r.IntN(8) {
			if i > 0 {
				b.WriteByte(' ')
			}
			if i%3 == 2 {
				b.WriteString(m.one(joiners))
			} else {
				b.WriteString(ordinary[min(m.r.IntN(len(ordinary)), m.r.IntN(len(ordinary)))])
			}
		}
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}

func (m *maker) write(h *decision.History, n int) {
	h.Preamble = "As decision maker I decide to:"
	for i := range 1 + m.r.IntN(3) {
		h.Limbs = append(h.Limbs, decision.Limb{Letter: decision.Letter(i), Text: m.sentences(1)})
	}
	h.Reasons = "The duty of " + WordOfEvery + " children asks for it. " + m.sentences(3+m.r.IntN(4))
	if n%100 == 17 {
		h.Reasons += " The " + WordOfAHundredth + " are part of it."
	}
	if n%100 == 53 && n < m.Decisions/10 {
		h.Reasons += " The " + WordOfTheOldest + " are part of it."
	}
	if fifth := max(m.Decisions/5, 1); n%fifth == fifth/2 {
		h.Reasons += " The " + WordRare + " is part of it."
	}
	h.Financial, h.Consultation = m.sentences(2), m.sentences(1)
	h.Alternatives, h.Interests = "None", "None declared"
	h.CallInApplies = true
}

// ahead is a record of what is still to be decided, a key decision mostly.
func (m *maker) ahead(h *decision.History, on day.Date, n int) {
	h.Stage = decision.Notice
	if n%2 == 0 {
		h.Stage = decision.Proposed
		h.Consultation, h.Later = "", []decision.Part{decision.PartConsultation}
	}
	h.Key = decision.Key{Key: decision.KeyYes, Reason: "It affects two or more divisions."}
	h.NoticeOn, h.DueOn = day.On(on.Add(-40)), day.On(on)
}

// decided is a record of what was decided, most of it done long since.
func (m *maker) decided(h *decision.History, on day.Date, n int) {
	h.MadeOn, h.PublishedOn = day.On(on), day.On(on.Add(1))
	h.SignedBy = h.MakerTitle
	if h.IsKey() {
		h.NoticeOn = day.On(on.Add(-35))
	}
	switch at := m.r.IntN(100); {
	case on.DaysUntil(m.Today) < 10 && at < 20 || n == m.Decisions-m.coming-2:
		h.Stage = decision.CalledIn
		h.CallIns = []decision.CallIn{{CalledOn: day.On(on.Add(3)), CalledBy: "Three members of the scrutiny committee", Grounds: m.sentences(1)}}
	case on.DaysUntil(m.Today) < 60:
		h.Stage = decision.Made
	case at < 3:
		h.Stage, h.WithdrawnOn, h.WithdrawnReason = decision.Withdrawn, day.On(on.Add(20)), "Other money was found."
	case at < 7:
		h.Stage = decision.Confirmed
		h.CallIns = []decision.CallIn{{CalledOn: day.On(on.Add(4)), CalledBy: "Three members of the scrutiny committee", Grounds: m.sentences(1),
			Outcome: decision.NoFurtherAction, OutcomeOn: day.On(on.Add(15))}}
	case at < 25:
		h.Stage = decision.Made
	default:
		h.Stage, h.ImplementedOn = decision.Implemented, day.On(on.Add(40))
	}
	h.WasMade = true
}

// restrict keeps some records exempt in part or whole.
func (m *maker) restrict(h *decision.History, n int) {
	h.Restriction = decision.Open
	switch {
	case n%100 == 11:
		h.Restriction = decision.FullyExempt
	case n%25 == 4:
		h.Restriction = decision.PartExempt
	default:
		return
	}
	h.Category, h.PublicInterest = 3, "Prices of bidders would be known."
	h.Exempt = map[decision.Part]string{decision.PartFinancial: fmt.Sprintf("Withheld: the price in record %d.", n)}
	h.Financial = ""
}
