package route

import (
	"net/url"
	"strconv"
)

// Public paths of the groups.
const (
	Groups     = "/groups"
	Group      = "/groups/{slug}"
	GroupTerms = "/groups/{slug}/terms-of-reference/{file}"
)

// Paths of those who take part in groups.
const (
	GroupWork         = "/group-work"
	GroupActions      = "/group-work/actions" // as files
	GroupWorkOne      = "/group-work/{slug}"
	GroupMeeting      = "/group-work/{slug}/meetings/{meeting}"
	GroupMeetingFile  = "/group-work/{slug}/meetings/{meeting}/files/{file}"
	GroupAction       = "/group-work/{slug}/actions/{number}"
	GroupActionReport = "/group-work/{slug}/actions/{number}/report"
)

// Paths of the groups that business support keeps.
const (
	DeskGroups             = "/desk/groups"
	DeskGroupAdd           = "/desk/groups/add"
	DeskGroup              = "/desk/groups/{slug}"
	DeskGroupChange        = "/desk/groups/{slug}/change"
	DeskGroupRename        = "/desk/groups/{slug}/rename"
	DeskGroupEnd           = "/desk/groups/{slug}/end"
	DeskGroupTerms         = "/desk/groups/{slug}/terms-of-reference"
	DeskGroupMember        = "/desk/groups/{slug}/members"
	DeskGroupMemberEnd     = "/desk/groups/{slug}/members/{member}/end"
	DeskGroupMemberRetract = "/desk/groups/{slug}/members/{member}/retract"
	DeskGroupMeeting       = "/desk/groups/{slug}/meetings"
	DeskGroupRaise         = "/desk/groups/{slug}/actions"
	DeskMeetingChange      = "/desk/groups/{slug}/meetings/{meeting}/change"
	DeskMeetingHeld        = "/desk/groups/{slug}/meetings/{meeting}/held"
	DeskMeetingCancel      = "/desk/groups/{slug}/meetings/{meeting}/cancel"
	DeskMeetingPlan        = "/desk/groups/{slug}/meetings/{meeting}/plan"
	DeskMeetingFile        = "/desk/groups/{slug}/meetings/{meeting}/files"
	DeskMeetingWithdraw    = "/desk/groups/{slug}/meetings/{meeting}/files/{file}/withdraw"
	DeskMeetingAttendance  = "/desk/groups/{slug}/meetings/{meeting}/attendance"
	DeskAttendanceRetract  = "/desk/groups/{slug}/meetings/{meeting}/attendance/{entry}/retract"
	DeskMeetingRaise       = "/desk/groups/{slug}/meetings/{meeting}/actions"
	DeskActionChange       = "/desk/groups/{slug}/actions/{number}/change"
	DeskActionDrop         = "/desk/groups/{slug}/actions/{number}/drop"
	DeskActionReopen       = "/desk/groups/{slug}/actions/{number}/reopen"
)

// GroupTo is the public page of one group.
func GroupTo(slug string) string { return Groups + "/" + url.PathEscape(slug) }

// GroupTermsTo is where terms of reference are downloaded.
func GroupTermsTo[T ~int64](slug string, file T) string {
	return GroupTo(slug) + "/terms-of-reference/" + number(file)
}

// GroupWorkTo is the page of one group for those who take part in it.
func GroupWorkTo(slug string) string { return GroupWork + "/" + url.PathEscape(slug) }

// GroupMeetingTo is the page of one meeting.
func GroupMeetingTo[T ~int64](slug string, meeting T) string {
	return GroupWorkTo(slug) + "/meetings/" + number(meeting)
}

// GroupMeetingFileTo is where a paper or minutes are downloaded.
func GroupMeetingFileTo[T, U ~int64](slug string, meeting T, file U) string {
	return GroupMeetingTo(slug, meeting) + "/files/" + number(file)
}

// GroupActionTo is the page of one action.
func GroupActionTo(slug string, n int) string {
	return GroupWorkTo(slug) + "/actions/" + strconv.Itoa(n)
}

// GroupActionReportTo is where progress on an action is reported.
func GroupActionReportTo(slug string, n int) string { return GroupActionTo(slug, n) + "/report" }

// DeskGroupTo is the desk's page of one group.
func DeskGroupTo(slug string) string { return DeskGroups + "/" + url.PathEscape(slug) }

// DeskGroupAct is where something is done to a group: change, rename, end, terms-of-reference, members, meetings, actions.
func DeskGroupAct(slug, act string) string { return DeskGroupTo(slug) + "/" + act }

// DeskGroupMemberAct is where something is done to a membership: end, retract.
func DeskGroupMemberAct(slug string, member int64, act string) string {
	return DeskGroupTo(slug) + "/members/" + number(member) + "/" + act
}

// DeskMeetingAct is where something is done to a meeting: change, held, cancel, plan, files, attendance, actions.
func DeskMeetingAct[T ~int64](slug string, meeting T, act string) string {
	return DeskGroupTo(slug) + "/meetings/" + number(meeting) + "/" + act
}

// DeskMeetingWithdrawTo is where a file of a meeting is withdrawn.
func DeskMeetingWithdrawTo[T, U ~int64](slug string, meeting T, file U) string {
	return DeskMeetingAct(slug, meeting, "files") + "/" + number(file) + "/withdraw"
}

// DeskAttendanceRetractTo is where an entry of attendance is taken back.
func DeskAttendanceRetractTo[T ~int64](slug string, meeting T, entry int64) string {
	return DeskMeetingAct(slug, meeting, "attendance") + "/" + number(entry) + "/retract"
}

// DeskActionAct is where something is done to an action: change, drop, reopen.
func DeskActionAct(slug string, n int, act string) string {
	return DeskGroupTo(slug) + "/actions/" + strconv.Itoa(n) + "/" + act
}
