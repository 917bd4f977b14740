// Package overview reads across the subjects of the portal: how things stood on a day. It only ever reads.
package overview

import "partnershipportal/internal/pg"

// Public reads across what is published, in the role of the public.
type Public struct{ db pg.DB }

// NewPublic makes the reader over the public's pool.
func NewPublic(db pg.DB) *Public { return &Public{db: db} }
