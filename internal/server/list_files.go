package server

import (
	"context"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/account"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

// listFiles are the files of lists whose pages stand elsewhere.
func (s *Server) listFiles(pub publicRoutes, in innerRoutes) {
	who := can(authz.EditMembership)
	pub.table(route.Documents, s.documentsTable)
	in.table(route.DeskSuccessions, who, s.deskSuccessionsTable)
	in.table(route.DeskAgencyCategories, who, s.deskCategoriesTable)
	in.table(route.DeskCorrections, who, s.deskCorrectionsTable)
	in.table(route.DeskImport, who, s.deskImportsTable)
	in.table(route.DeskPosts, who, s.deskPostsTable)
	in.table(route.AdminUsers, can(authz.AdministerAccount), s.adminUsersTable)
}

// withFiles puts the offer of a list's files below its page.
func withFiles(content templ.Component, path, query string) templ.Component {
	return templ.Join(content, page.Downloads{Path: path, Query: query}.Content())
}

func (s *Server) documentsTable(r *http.Request) (string, sheet.Table, error) {
	documents, err := s.Library.Documents(r.Context(), "")
	if err != nil {
		return "", sheet.Table{}, err
	}
	today := s.today()
	t := sheet.Table{Title: "Documents", Header: []string{"Document", "Kind", "Version", "State", "In force from", "Published", "Published (in words)", "Page"}}
	for _, d := range documents {
		for _, v := range d.Versions {
			t.Rows = append(t.Rows, []string{d.Title, kindWords[d.Kind], versionName(v), publicStates[d.State(v, today)].Words(), v.EffectiveFrom.String(),
				v.Published.Date.String(), v.Published.Words(), s.whole(route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number))})
		}
	}
	return tableName("documents", today), t, nil
}

func (s *Server) deskSuccessionsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.Successions(r.Context(), actorOf(r))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Successions", Header: []string{"What happened", "Kind", "From", "Note", "Recorded", "Recorded by", "Taken back", "Why taken back", "Page"}}
	for _, x := range list {
		back := ""
		if x.ReversedAt != nil {
			back = day.Of(*x.ReversedAt).String()
		}
		t.Rows = append(t.Rows, []string{x.Words(), string(x.Kind), x.On.String(), x.Note, day.Of(x.RecordedAt).String(), x.RecordedBy, back, x.ReversedReason,
			s.whole(route.DeskSuccessionTo(x.ID))})
	}
	return tableName("successions", s.today()), t, nil
}

func (s *Server) deskCategoriesTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.CategoryLines(r.Context(), actorOf(r))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Categories", Header: []string{"Paragraph", "Group", "Category", "Confidence", "First day", "Last day", "Source", "Agencies today"}}
	for _, c := range list {
		t.Rows = append(t.Rows, []string{strconv.Itoa(c.Paragraph), c.GroupName, c.Category.Category, c.Confidence, c.StartsOn.String(), c.EndsOn.String(), c.Source,
			strconv.Itoa(c.Agencies)})
	}
	return tableName("categories", s.today()), t, nil
}

func (s *Server) deskCorrectionsTable(r *http.Request) (string, sheet.Table, error) {
	waiting, answered, err := s.Members.Corrections(r.Context(), actorOf(r))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Corrections", Header: []string{"Agency", "About", "Proposed", "State", "Page"}}
	for _, list := range [][]membership.Correction{waiting, answered} {
		for _, c := range list {
			t.Rows = append(t.Rows, []string{c.Organisation, correctionWords[c.Field], day.Of(c.ProposedAt).String(), correctionState(c), s.whole(route.DeskCorrectionTo(c.ID))})
		}
	}
	return tableName("corrections", s.today()), t, nil
}

func (s *Server) deskPostsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.Posts(r.Context(), actorOf(r), postFilter(form.New(r.URL.Query())))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Posts", Header: []string{"Post", "Organisation", "Holders today", "Contact post", "Email address", "Telephone", "First day", "Last day", "Reviewed", "Page"}}
	for _, p := range list {
		t.Rows = append(t.Rows, []string{p.Title, p.OrganisationName, strings.Join(p.HeldBy, "; "), yesNo(p.IsContact), p.Email, p.Phone, p.StartsOn.String(), p.EndsOn.String(),
			p.ReviewedOn.String(), s.whole(route.DeskPostTo(p.ID))})
	}
	return tableName("posts", s.today()), t, nil
}

func (s *Server) deskImportsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.Imports(r.Context(), actorOf(r), 0, sheet.MaxRows)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Imports", Header: []string{"File", "SHA-256", "Into", "Uploaded", "By", "Added", "Changed", "Unchanged", "State", "Undone because", "Page"}}
	for _, i := range list {
		t.Rows = append(t.Rows, []string{i.FileName, hex.EncodeToString(i.FileDigest), string(i.Register), day.Of(i.PreviewedAt).String(), or(i.PreviewedBy, "the command"),
			strconv.Itoa(i.Added), strconv.Itoa(i.Changed), strconv.Itoa(i.Unchanged), string(i.State()), i.UndoneReason, s.whole(route.DeskImportTo(i.ID))})
	}
	return tableName("imports", s.today()), t, nil
}

func (s *Server) adminUsersTable(r *http.Request) (string, sheet.Table, error) {
	asked := r.URL.Query()
	filter := account.Filter{Search: asked.Get("q"), State: account.State(asked.Get("state")), Role: authz.Role(asked.Get("role"))}
	t := sheet.Table{Title: "Users", Header: []string{"Name", "Email address", "State", "Roles", "Page"}}
	err := s.eachAccount(r.Context(), actorOf(r), filter, func(p account.Person) {
		t.Rows = append(t.Rows, []string{p.Name, p.Email, accountTags[p.State].Words(), strings.Join(rolesInWords(p), "; "), s.whole(route.AdminUserTo(p.ID))})
	})
	return tableName("users", s.today()), t, err
}

// eachAccount goes through all pages of the list of accounts.
func (s *Server) eachAccount(ctx context.Context, by authz.Actor, filter account.Filter, visit func(account.Person)) error {
	for {
		people, more, err := s.Accounts.Accounts(ctx, by, filter)
		if err != nil {
			return err
		}
		for _, p := range people {
			visit(p)
		}
		if !more || len(people) == 0 {
			return nil
		}
		filter.After = people[len(people)-1].Email
	}
}
