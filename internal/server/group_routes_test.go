package server_test

import (
	"net/http"
	"slices"

	"partnershipportal/web/route"
)

func groupExpectations() []expectation {
	return slices.Concat(groupReadingExpectations(), groupActExpectations())
}

// part is a route of those who take part in the group.
func part(name string, path func(fixtures) string) expectation {
	return closed(name).at(path).with("agency staff", staff, 200).with("lead officer", lead, 200).with("private office", office, 200).with("scrutineer", scrutineer, 200).
		with("business support", support, 200).with("administrator", admin, 403).with("another lead officer", otherLead, 404)
}

func groupReadingExpectations() []expectation {
	slug := func(f fixtures) string { return f.group.Slug }
	all := func(name string) expectation {
		return closed(name).with("agency staff", staff, 200).with("another lead officer", otherLead, 200).with("scrutineer", scrutineer, 200).
			with("business support", support, 200).with("administrator", admin, 403)
	}
	rows := []expectation{
		open("GET "+route.Groups, http.StatusOK),
		open("GET "+route.Group, http.StatusOK).at(func(f fixtures) string { return route.GroupTo(slug(f)) }),
		open("GET "+route.GroupTerms, http.StatusOK).at(func(f fixtures) string { return route.GroupTermsTo(slug(f), f.group.Terms) }),
		all("GET " + route.GroupWork),
		part("GET "+route.GroupWorkOne, func(f fixtures) string { return route.GroupWorkTo(slug(f)) }),
		part("GET "+route.GroupMeeting, func(f fixtures) string { return route.GroupMeetingTo(slug(f), f.group.Held) }),
		part("GET "+route.GroupMeetingFile, func(f fixtures) string { return route.GroupMeetingFileTo(slug(f), f.group.Held, f.group.Minutes) }),
		part("GET "+route.GroupAction, func(f fixtures) string { return route.GroupActionTo(slug(f), f.group.Open) }),
		closed("POST "+route.GroupActionReport).at(func(f fixtures) string { return route.GroupActionReportTo(slug(f), f.group.Open) }).
			with("the owner’s staff", staff, 422).with("business support", support, 422).with("another lead officer", otherLead, 404).with("administrator", admin, 403),
		desk("GET "+route.DeskGroups, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskGroupAdd, http.StatusOK),
		desk("POST "+route.DeskGroupAdd, http.StatusUnprocessableEntity),
		desk("GET "+route.DeskGroup, http.StatusOK).at(func(f fixtures) string { return route.DeskGroupTo(slug(f)) }),
	}
	for _, path := range []func(string) string{route.CSV, route.XLSX} {
		rows = append(rows, open("GET "+path(route.Groups), http.StatusOK), all("GET "+path(route.GroupActions)), desk("GET "+path(route.DeskGroups), http.StatusOK))
	}
	return rows
}

func groupActExpectations() []expectation {
	group := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskGroupAct(f.group.Slug, act) }
	}
	member := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskGroupMemberAct(f.group.Slug, f.group.Member, act) }
	}
	planned := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskMeetingAct(f.group.Slug, f.group.Planned, act) }
	}
	held := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskMeetingAct(f.group.Slug, f.group.Held, act) }
	}
	var rows []expectation
	for _, a := range []struct {
		pattern string
		path    func(fixtures) string
		post    int
	}{
		{route.DeskGroupChange, group("change"), 422}, {route.DeskGroupRename, group("rename"), 422}, {route.DeskGroupEnd, group("end"), 422},
		{route.DeskGroupTerms, group("terms-of-reference"), 422}, {route.DeskGroupMember, group("members"), 422},
		{route.DeskGroupMemberEnd, member("end"), 422}, {route.DeskGroupMemberRetract, member("retract"), 422},
		{route.DeskGroupMeeting, group("meetings"), 422}, {route.DeskGroupRaise, group("actions"), 422},
		{route.DeskMeetingChange, planned("change"), 422}, {route.DeskMeetingHeld, planned("held"), 409}, {route.DeskMeetingCancel, planned("cancel"), 422},
		{route.DeskMeetingPlan, held("plan"), 422}, {route.DeskMeetingFile, held("files"), 422}, {route.DeskMeetingAttendance, held("attendance"), 422},
		{route.DeskMeetingRaise, held("actions"), 422},
		{route.DeskMeetingWithdraw, func(f fixtures) string {
			return route.DeskMeetingWithdrawTo(f.group.Slug, f.group.Held, f.group.Minutes)
		}, 422},
		{route.DeskAttendanceRetract, func(f fixtures) string {
			return route.DeskAttendanceRetractTo(f.group.Slug, f.group.Held, f.group.Attendance)
		}, 422},
		{route.DeskActionChange, func(f fixtures) string { return route.DeskActionAct(f.group.Slug, f.group.Open, "change") }, 422},
		{route.DeskActionDrop, func(f fixtures) string { return route.DeskActionAct(f.group.Slug, f.group.Open, "drop") }, 422},
		{route.DeskActionReopen, func(f fixtures) string { return route.DeskActionAct(f.group.Slug, f.group.Done, "reopen") }, 422},
	} {
		rows = append(rows, desk("GET "+a.pattern, http.StatusOK).at(a.path), desk("POST "+a.pattern, a.post).at(a.path).with("scrutineer", scrutineer, 403))
	}
	return rows
}
