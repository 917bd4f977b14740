package signoff

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// StatementSchema names the layout of a statement. A change of its keys needs a new name.
const StatementSchema = "signoff-statement/1"

// StatementLife is how long an issued statement can be acted on.
const StatementLife = 10 * time.Minute

// Statement is what an officer is about to declare, word for word.
type Statement struct {
	ID           string
	Round        id.Round
	Seat         id.Seat
	Partner      id.Partner
	Account      id.Account
	Appointment  id.Appointment
	Kind         Kind
	Reason       string
	Body         []byte
	Digest       []byte // of the frozen text
	OfficerName  string
	OfficerSalt  []byte
	IssuedAt     time.Time
	ExpiresAt    time.Time
	Office       string
	Capacity     authz.Capacity
	ActingFor    string
	Instrument   string   // not part of its bytes: the act keeps it beside them
	InstrumentOn day.Date // date of the instrument, if it has one
	Organisation string
}

type statementBody struct {
	Schema        string           `json:"schema"`
	Paper         statementPaper   `json:"paper"`
	Round         statementRound   `json:"round"`
	Digest        string           `json:"digest"`
	Partner       statementPartner `json:"partner"`
	Officer       statementOfficer `json:"officer"`
	Act           Kind             `json:"act"`
	ReasonsDigest string           `json:"reasonsDigest"`
	IssuedAt      string           `json:"issuedAt"`
	Nonce         string           `json:"nonce"`
}

type statementPaper struct {
	Kind     string `json:"kind"`
	Document string `json:"document"`
	Number   int    `json:"number"`
	Title    string `json:"title"`
}

type statementRound struct {
	ID     id.Round `json:"id"`
	Number int      `json:"number"`
}

type statementPartner struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Kind         string `json:"kind"`
}

type statementOfficer struct {
	Office     string         `json:"office"`
	Capacity   authz.Capacity `json:"capacity"`
	ActingFor  string         `json:"actingFor"`
	NameDigest string         `json:"nameDigest"`
}

// randomness is what makes each statement its own: drawn once, outside the writing of its bytes, so that a golden file
// can hold the layout still.
type randomness struct {
	salt, nonce [32]byte
	id          [16]byte
}

func draw() randomness {
	var r randomness
	_, _ = rand.Read(r.salt[:]) // never fails: crypto/rand ends the program instead
	_, _ = rand.Read(r.nonce[:])
	_, _ = rand.Read(r.id[:])
	r.id[6], r.id[8] = r.id[6]&0x0f|0x40, r.id[8]&0x3f|0x80
	return r
}

// write fills in the statement's identifier, salt, bytes and times for a round and a seat.
func (s Statement) write(r Round, seat Seat, at time.Time, rnd randomness) (Statement, error) {
	s.ID = fmt.Sprintf("%x-%x-%x-%x-%x", rnd.id[0:4], rnd.id[4:6], rnd.id[6:8], rnd.id[8:10], rnd.id[10:16])
	s.IssuedAt, s.ExpiresAt = at.UTC(), at.UTC().Add(StatementLife)
	s.OfficerSalt = rnd.salt[:]
	reasons := ""
	if s.Kind == Decline {
		reasons = digestText([]byte(s.Reason))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(statementBody{
		Schema:        StatementSchema,
		Paper:         statementPaper{Kind: r.Paper.statementKind(), Document: r.Paper.Slug, Number: r.Paper.Number, Title: r.Paper.Title},
		Round:         statementRound{ID: r.ID, Number: r.Number},
		Digest:        "sha256:" + r.DigestHex(),
		Partner:       statementPartner{Organisation: seat.OrganisationSlug, Name: s.Organisation, Kind: seat.StatutoryKind},
		Officer:       statementOfficer{Office: s.Office, Capacity: s.Capacity, ActingFor: s.ActingFor, NameDigest: digestText(s.OfficerSalt, []byte(s.OfficerName))},
		Act:           s.Kind,
		ReasonsDigest: reasons,
		IssuedAt:      s.IssuedAt.Format(time.RFC3339Nano),
		Nonce:         base64.RawURLEncoding.EncodeToString(rnd.nonce[:]),
	})
	if err != nil {
		return Statement{}, fmt.Errorf("write statement: %w", err)
	}
	s.Body = b.Bytes()
	return s, nil
}

// digestText is "sha256:" and the SHA-256 of the parts one after another, in hexadecimal.
func digestText(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// statementKind is how a statement names the kind of paper: for a version, by the kind of its document.
func (p Paper) statementKind() string {
	if p.Kind == VersionPaper {
		return p.Subject
	}
	return string(p.Kind)
}
