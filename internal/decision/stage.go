package decision

import "slices"

// Stage is how far a decision has come. That it takes effect is no stage: it follows from the dates. That it is put
// off is an event and leaves the stage as it is.
type Stage string

// The stages.
const (
	Notice      Stage = "notice"
	Proposed    Stage = "proposed"
	Made        Stage = "made"
	CalledIn    Stage = "called in"
	Confirmed   Stage = "confirmed"
	Implemented Stage = "implemented"
	Withdrawn   Stage = "withdrawn"
)

// Stages lists them in their order.
func Stages() []Stage {
	return []Stage{Notice, Proposed, Made, CalledIn, Confirmed, Implemented, Withdrawn}
}

// Known tells whether s is one of the stages.
func (s Stage) Known() bool { return slices.Contains(Stages(), s) }

// moves are the stages that follow each stage. No stage is passed over, and none is gone back to.
var moves = map[Stage][]Stage{
	Notice:      {Proposed, Withdrawn},
	Proposed:    {Made, Withdrawn},
	Made:        {CalledIn, Implemented, Withdrawn},
	CalledIn:    {Confirmed, Withdrawn},
	Confirmed:   {Implemented, Withdrawn},
	Implemented: {Withdrawn},
}

// Next lists the stages to which a record at this one can move.
func (s Stage) Next() []Stage { return slices.Clone(moves[s]) }

// CanMove tells whether a record at this stage can move to another.
func (s Stage) CanMove(to Stage) bool { return slices.Contains(moves[s], to) }

// Before tells whether the decision has not been made at this stage. A withdrawn record knows by itself whether it had been.
func (s Stage) Before() bool { return s == Notice || s == Proposed }

// heading is what a record is called at each stage, so that what is proposed never looks like what was decided.
var heading = map[Stage]string{
	Notice:      "Notice of a decision to come",
	Proposed:    "Proposed record of decision",
	Made:        "Record of decision",
	CalledIn:    "Record of decision: called in",
	Confirmed:   "Record of decision: confirmed after call-in",
	Implemented: "Record of decision: implemented",
}

// Words name the stage as a tag does.
func (s Stage) Words() string {
	switch s {
	case Notice:
		return "Notice given"
	case CalledIn:
		return "Called in"
	}
	if s == "" {
		return ""
	}
	return string(s[0]-'a'+'A') + string(s[1:])
}

// Heading is the heading of the record: it says in words whether a decision was made.
func (r Record) Heading() string {
	if r.Stage != Withdrawn {
		return heading[r.Stage]
	}
	if r.WasMade {
		return "Record of decision: withdrawn"
	}
	return "Withdrawn before a decision was made"
}

// IsMade tells whether there is a decision: made, and not withdrawn since.
func (r Record) IsMade() bool { return !r.Stage.Before() && r.Stage != Withdrawn }
