package page

import (
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// UserGrant is a role that somebody holds or held.
type UserGrant struct {
	ID        int64
	Role      string
	For       string // the organisation, or the partnership
	Since     string
	GrantedBy string
	Ended     string // empty while it is held
}

// UserSeat is an appointment of somebody.
type UserSeat struct {
	Office    string
	Partner   string
	Confirmed bool
}

// User is an account in a list.
type User struct {
	ID    int64
	Name  string
	Email string
	State ui.State
	Roles []string
}

func grantRows(grants []UserGrant) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, g := range grants {
		if g.Ended == "" {
			rows = append(rows, []ui.Cell{{Text: g.Role}, {Text: g.For}, {Text: g.Since}})
		}
	}
	return rows
}

func endedRows(grants []UserGrant) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, g := range grants {
		if g.Ended != "" {
			rows = append(rows, []ui.Cell{{Text: g.Role}, {Text: g.For}, {Text: g.Since}, {Text: g.Ended}})
		}
	}
	return rows
}

func seatRows(seats []UserSeat) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, s := range seats {
		state := ui.Tag{State: ui.Proposed, Text: "Awaits confirmation"}
		if s.Confirmed {
			state = ui.Tag{State: ui.Confirmed}
		}
		rows = append(rows, []ui.Cell{{Text: s.Office}, {Text: s.Partner}, {Content: state}})
	}
	return rows
}

func userRows(users []User) [][]ui.Cell {
	rows := make([][]ui.Cell, 0, len(users))
	for _, u := range users {
		rows = append(rows, []ui.Cell{
			{Text: u.Name, Path: route.AdminUserTo(u.ID)}, {Text: u.Email}, {Content: ui.Tag{State: u.State}}, {Content: userRoles(u.Roles)}})
	}
	return rows
}
