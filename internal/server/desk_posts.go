package server

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// postPages are those of business support about posts and who holds them.
func (s *Server) postPages(in innerRoutes) {
	who := can(authz.EditMembership)
	in.get(route.DeskPosts, who, s.getDeskPosts)
	in.get(route.DeskPostAdd, who, s.getDeskPostAdd)
	in.post(route.DeskPostAdd, who, smallForm, s.postDeskPostAdd)
	in.get(route.DeskPost, who, s.getDeskPost)
	in.post(route.DeskPostReviewed, who, smallForm, s.postDeskPostReviewed)
	for path, act := range map[string]postAct{
		route.DeskPostChange: changePostAct, route.DeskPostHolder: holdPostAct, route.DeskPostEnd: endPostAct, route.DeskPostError: retractPostAct,
		route.DeskHolderEnd: endHolderAct, route.DeskHolderError: retractHolderAct,
	} {
		in.get(path, who, s.getDeskPostAct(act))
		in.post(path, who, smallForm, s.postDeskPostAct(act))
	}
}

// postFilter reads what the list is narrowed to.
func postFilter(f *form.Form) membership.PostFilter {
	filter := membership.PostFilter{Organisation: strings.TrimSpace(f.Raw("organisation"))}
	if state := membership.PostState(f.Raw("state")); slices.Contains(membership.PostStates(), state) {
		filter.State = state
	}
	return filter
}

func (s *Server) getDeskPosts(w http.ResponseWriter, r *http.Request) error {
	f := form.New(r.URL.Query())
	filter := postFilter(f)
	list, err := s.Members.Posts(r.Context(), actorOf(r), filter)
	if err != nil {
		return err
	}
	p := page.DeskPosts{
		Body:  ui.Input{Field: f.Field("organisation", "Organisation", "The address of its page, for example kent-police"), NoSpellcheck: true},
		State: ui.Select{Field: f.Field("state", "Which posts", ""), Options: postOptions},
		Table: postTable(list, filter == membership.PostFilter{}), Add: route.DeskPostAddFor(filter.Organisation),
	}
	return s.show(w, r, http.StatusOK, view{title: "Posts", current: route.DeskPosts, content: withFiles(p.Content(), route.DeskPosts, queryOf(r))})
}

var postOptions = []ui.Option{
	{Text: "All that have not ended"}, {Value: string(membership.PostContact), Text: "Contact posts"}, {Value: string(membership.PostEmpty), Text: "Without a holder"},
	{Value: string(membership.PostStale), Text: "Not reviewed for a year"}, {Value: string(membership.PostEnded), Text: "Ended"},
}

func postTable(list []membership.Post, all bool) ui.Table {
	t := ui.Table{Caption: "Posts", HideCaption: true, RowHeaders: true, Empty: "No post matches. Change what you look for.",
		Columns: []ui.Column{{Text: "Post"}, {Text: "Organisation"}, {Text: "Holder today"}, {Text: "Contact"}, {Text: "Reviewed"}}}
	if all {
		t.Empty = "There is no post yet. Add the first."
	}
	for _, p := range list {
		contact := "No"
		if p.IsContact {
			contact = "Yes"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: p.Title, Path: route.DeskPostTo(p.ID)}, {Text: or(p.OrganisationName, "The partnership itself")},
			{Text: or(strings.Join(p.HeldBy, ", "), "Nobody")}, {Text: contact}, {Text: or(p.ReviewedOn.Long(), "Never")}})
	}
	return t
}

func (s *Server) getDeskPostAdd(w http.ResponseWriter, r *http.Request) error {
	return s.showPostAdd(w, r, form.New(r.URL.Query()))
}

func (s *Server) postDeskPostAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "organisation", "title", "email", "phone", "contact", "names", "starts")
	if err != nil {
		return err
	}
	cmd := readPostForm(f)
	cmd.Organisation = f.Line("organisation", "Organisation")
	cmd.StartsOn = f.Date("starts", "First day", "")
	if cmd.Organisation != "" && !f.Errors().Any() {
		if _, err := s.Members.Organisation(r.Context(), actorOf(r), cmd.Organisation); err != nil {
			f.Fail("organisation", "No organisation has this address. Leave it empty for the partnership itself")
		}
	}
	if f.Errors().Any() {
		return s.showPostAdd(w, r, f)
	}
	made, err := s.Members.AddPost(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showPostAdd(w, r, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Post added", "Now record who holds it.")
	return redirect(w, r, route.DeskPostTo(made))
}

func (s *Server) showPostAdd(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p := page.DeskForm{Heading: "Add a post", Errors: f.Errors(), Action: route.DeskPostAdd, Cancel: route.DeskPosts, Button: ui.Button{Text: "Add post"}}
	p.Fields = append(p.Fields, ui.Input{Field: f.Field("organisation", "Organisation (optional)", "The address of its page, for example kent-police. Leave it empty for a post of the partnership itself."), NoSpellcheck: true})
	p.Fields = append(p.Fields, askPost(f)...)
	p.Fields = append(p.Fields, ui.DateInput{Field: f.DateField("starts", "First day of the post (optional)", "Leave empty if nobody knows")})
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskPosts, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Posts", Path: route.DeskPosts}})
}

func (s *Server) postOf(r *http.Request) (membership.Post, []membership.PostHolder, error) {
	which, err := pathID[id.Post](r, "id")
	if err != nil {
		return membership.Post{}, nil, err
	}
	return s.Members.Post(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskPost(w http.ResponseWriter, r *http.Request) error {
	p, holders, err := s.postOf(r)
	if err != nil {
		return err
	}
	return s.showPost(w, r, http.StatusOK, p, holders, "")
}

func (s *Server) showPost(w http.ResponseWriter, r *http.Request, status int, p membership.Post, holders []membership.PostHolder, notice string) error {
	shown := page.DeskPost{Caption: or(p.OrganisationName, "The partnership itself"), Title: p.Title, Notice: notice, Holders: holderTable(p, holders),
		Rows: []ui.Row{
			{Key: "Email", Value: or(p.Email, "None")}, {Key: "Telephone", Value: or(p.Phone, "None")},
			{Key: "The public is told to write to it", Value: sentence(yesNo(p.IsContact))},
			{Key: "Public pages name the holder", Value: sentence(yesNo(p.PublishesNames))},
			{Key: "Exists", Value: sentence(term(p.StartsOn, p.EndsOn))},
			{Key: "Last reviewed", Value: or(p.ReviewedOn.Long(), "Never")},
		},
		Hold: route.DeskPostAct(p.ID, "holder"), Change: route.DeskPostAct(p.ID, "change"), Review: route.DeskPostAct(p.ID, "reviewed"),
		End: route.DeskPostAct(p.ID, "end"), Retract: route.DeskPostAct(p.ID, "retract")}
	if p.OrganisationSlug != "" {
		shown.Rows = append(shown.Rows, ui.Row{Key: "Organisation", Content: linkTo(ui.Link{Text: p.OrganisationName, Path: route.DeskOrganisationTo(p.OrganisationSlug)})})
	}
	return s.show(w, r, status, view{title: "Post: " + p.Title + ", " + shown.Caption, current: route.DeskPosts, content: shown.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Posts", Path: route.DeskPosts}, {Text: p.Title}}})
}

func holderTable(p membership.Post, holders []membership.PostHolder) ui.Table {
	t := ui.Table{Caption: "Holders", HideCaption: true, RowHeaders: true, Empty: "Nobody is recorded as holding it.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "When"}, {Text: "Account"}, {Text: "Change"}}}
	for _, h := range holders {
		t.Rows = append(t.Rows, []ui.Cell{{Text: h.Name}, {Text: sentence(term(h.StartsOn, h.EndsOn))}, {Text: or(h.Email, "None")},
			{Content: page.Links{{Text: "Set the last day", Path: route.DeskHolderAct(p.ID, h.ID, "end")},
				{Text: "Entered in error", Path: route.DeskHolderAct(p.ID, h.ID, "retract")}}.Content()}})
	}
	return t
}

func (s *Server) postDeskPostReviewed(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.Post](r, "id")
	if err != nil {
		return err
	}
	if err := s.Members.ReviewPost(r.Context(), actorOf(r), which); err != nil {
		return err
	}
	s.tell(r, "Reviewed", "The post is marked as found right today.")
	return redirect(w, r, route.DeskPostTo(which))
}

// contactPosts are the posts of a body to which anybody may write.
func (s *Server) contactPosts(ctx context.Context, slug string, today day.Date) (page.ContactPosts, error) {
	list, err := s.Bodies.ContactPosts(ctx, slug, today)
	if err != nil {
		return nil, err
	}
	var posts page.ContactPosts
	for _, p := range list {
		posts = append(posts, page.ContactPost{Title: p.Title, Holders: strings.Join(p.Holders, ", "), Email: p.Email, Phone: p.Phone})
	}
	return posts, nil
}
