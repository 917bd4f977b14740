package authz

// Permission is one thing that a role may do. Rules about the single object ("of your own partner") are predicates
// beside the object's type.
type Permission string

// The permissions.
const (
	DraftDocument     Permission = "draft document"      // write, order, discard
	ReadDrafts        Permission = "read drafts"         // of every document, not only those put to one's partner
	OpenRound         Permission = "open round"          // freeze a text, put it to the partners, recall, set aside
	ReadRound         Permission = "read round"          // lead officers and offices: of their own partner
	SignRound         Permission = "sign round"          // sign or decline, for one's own partner
	AskOnRound        Permission = "ask on round"        // put a question or a requested change
	AnswerOnRound     Permission = "answer on round"     // answer them
	FileScrutiny      Permission = "file scrutiny"       // say on an open round what scrutiny found
	EnterRecorded     Permission = "enter recorded"      // enter sign-offs made elsewhere
	ConfirmRecorded   Permission = "confirm recorded"    // confirm what somebody else entered
	PublishVersion    Permission = "publish version"     // publish what is fully signed
	EditMembership    Permission = "edit membership"     // organisations, partners, agencies
	ProposeCorrection Permission = "propose correction"  // to the entry of one's own agency
	ProposeSeat       Permission = "propose seat"        // propose an appointment
	ConfirmSeat       Permission = "confirm seat"        // confirm or refuse somebody else's proposal
	EndSeat           Permission = "end seat"            // end or withdraw an appointment
	NameDelegate      Permission = "name delegate"       // as lead officer: name and end delegates of one's own partner
	RecordFunding     Permission = "record funding"      // contributions agreed elsewhere, and their corrections
	ReadFunding       Permission = "read funding"        // the desk's list of them
	ReadFundingYears  Permission = "read funding years"  // before the public does
	ConfirmPledge     Permission = "confirm pledge"      // of one's own agency
	EditDecision      Permission = "edit decision"       // records of decision; lead officers and offices: of their own body
	PublishDecision   Permission = "publish decision"    // publish a stage of a record, or a correction of it
	ReadDecisions     Permission = "read decisions"      // unpublished ones too; lead officers and offices: of their own body
	ReadExempt        Permission = "read exempt text"    // of the records that one may read
	EditGuidance      Permission = "edit guidance"       // editions of the statutory guidance and their requirements
	EditDecisionRules Permission = "edit decision rules" // bank holidays, what stages ask for, periods, forms of numbers
	ReadAttention     Permission = "read attention"      // what is wrong with the membership, or soon will be
	ReadTimeline      Permission = "read timeline"       // the whole timeline, not the public part alone
	ReadAudit         Permission = "read audit"          // every event of the installation
	ReadLetters       Permission = "read letters"        // letters of the portal, but those that carry a token
	AdministerAccount Permission = "administer account"  // invite, roles, suspend
	EditSettings      Permission = "edit settings"       // the partnership's name, areas, contact and numbers
	EditGroups        Permission = "edit groups"         // groups, their members, meetings and actions
	ReadGroups        Permission = "read groups"         // the meetings and actions of every group
	FollowGroups      Permission = "follow groups"       // of those of which one's own body is a member
)

// Permissions lists every permission in the order of the policy table.
func Permissions() []Permission {
	return []Permission{DraftDocument, ReadDrafts, OpenRound, ReadRound, SignRound, AskOnRound, AnswerOnRound, FileScrutiny, EnterRecorded,
		ConfirmRecorded, PublishVersion, EditMembership, ProposeCorrection, ProposeSeat, ConfirmSeat, EndSeat, NameDelegate, RecordFunding, ReadFunding, ReadFundingYears, ConfirmPledge, EditDecision, PublishDecision, ReadDecisions, ReadExempt,
		EditDecisionRules, EditGuidance, ReadAttention, ReadTimeline, ReadAudit,
		ReadLetters, AdministerAccount, EditSettings, EditGroups, ReadGroups, FollowGroups}
}

// policy is the whole of what roles may do. What every signed-in person may do (their home, their account) is not in it.
var policy = map[Role]map[Permission]bool{
	AgencyStaff: {ProposeCorrection: true, ConfirmPledge: true, FollowGroups: true},
	LeadOfficer: {ReadFundingYears: true, ReadRound: true, SignRound: true, AskOnRound: true, ConfirmRecorded: true, NameDelegate: true, FollowGroups: true, EditDecision: true, ReadDecisions: true, ReadExempt: true},
	Office:      {ReadFundingYears: true, ReadRound: true, AskOnRound: true, FollowGroups: true, EditDecision: true, ReadDecisions: true, ReadExempt: true},
	BusinessSupport: {DraftDocument: true, ReadDrafts: true, OpenRound: true, ReadRound: true, AnswerOnRound: true,
		EnterRecorded: true, ConfirmRecorded: true, PublishVersion: true, EditMembership: true, ProposeSeat: true, EndSeat: true,
		RecordFunding: true, ReadFunding: true, ReadFundingYears: true, ReadAttention: true, ReadTimeline: true, ReadLetters: true, EditGroups: true, ReadGroups: true,
		EditDecision: true, PublishDecision: true, ReadDecisions: true, ReadExempt: true, EditDecisionRules: true},
	Scrutineer:    {ReadDrafts: true, ReadRound: true, FileScrutiny: true, ReadFunding: true, ReadFundingYears: true, ReadAttention: true, ReadTimeline: true, ReadAudit: true, ReadGroups: true, FollowGroups: true, ReadDecisions: true, ReadExempt: true},
	Administrator: {ConfirmSeat: true, EndSeat: true, AdministerAccount: true, EditSettings: true, EditDecisionRules: true, EditGuidance: true},
}
