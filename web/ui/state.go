package ui

// State is where a paper, a round, a record or an act stands, as the tags show it.
type State string

// The states that a tag knows.
const (
	Draft           State = "draft"
	AwaitingSignOff State = "awaiting-sign-off"
	AwaitingCheck   State = "awaiting-confirmation"
	SignedOff       State = "signed-off"
	Upcoming        State = "upcoming"
	InForce         State = "in-force"
	Superseded      State = "superseded"
	Withdrawn       State = "withdrawn"
	Discarded       State = "discarded"
	Recorded        State = "recorded"
	DemoData        State = "demonstration-data"
	Open            State = "open"
	Complete        State = "complete"
	Declined        State = "declined"
	Recalled        State = "recalled"
	SetAside        State = "set-aside"
	Signed          State = "signed"
	NotSigned       State = "not-signed"
	Proposed        State = "proposed"
	Confirmed       State = "confirmed"
	Ended           State = "ended"
	Suspended       State = "suspended"
	Invited         State = "invited"
	Active          State = "active"
	Waiting         State = "waiting"
	Sent            State = "sent"
	KeptHere        State = "kept-here"
	Failed          State = "failed"
	TakenOut        State = "taken-out"
	Agreed          State = "agreed"
	Closed          State = "closed"
	Queried         State = "queried"
)

var states = map[State]struct{ words, colour string }{
	Draft:           {"Draft", "grey"},
	AwaitingSignOff: {"Awaiting sign-off", "yellow"},
	AwaitingCheck:   {"Awaiting confirmation", "yellow"},
	SignedOff:       {"Signed off", "teal"},
	Upcoming:        {"Upcoming", "teal"},
	InForce:         {"In force", "green"},
	Superseded:      {"Superseded", "grey"},
	Withdrawn:       {"Withdrawn", "red"},
	Discarded:       {"Discarded", "grey"},
	Recorded:        {"Recorded", "purple"},
	DemoData:        {"Demonstration data", "purple"},
	Open:            {"Open", "yellow"},
	Complete:        {"Complete", "green"},
	Declined:        {"Declined", "red"},
	Recalled:        {"Recalled", "grey"},
	SetAside:        {"Set aside", "grey"},
	Signed:          {"Signed", "green"},
	NotSigned:       {"Not signed yet", "grey"},
	Proposed:        {"Proposed", "yellow"},
	Confirmed:       {"Confirmed", "green"},
	Ended:           {"Ended", "grey"},
	Suspended:       {"Suspended", "red"},
	Invited:         {"Invited", "yellow"},
	Active:          {"Active", "green"},
	Waiting:         {"Waiting", "yellow"},
	Sent:            {"Sent", "green"},
	KeptHere:        {"Kept here", "grey"},
	Failed:          {"Failed", "red"},
	TakenOut:        {"Taken out", "grey"},
	Agreed:          {"Agreed", "teal"},
	Closed:          {"Closed", "green"},
	Queried:         {"Queried", "red"},
}

// Words is the state as people read it.
func (s State) Words() string {
	if known, ok := states[s]; ok {
		return known.words
	}
	return string(s)
}

func (s State) colour() string {
	if known, ok := states[s]; ok {
		return known.colour
	}
	return "grey"
}
