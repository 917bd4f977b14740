package route

import (
	"net/url"
	"strconv"
)

// Paths of what needs attention, and of the posts.
const (
	DeskAttention    = "/desk/attention"
	DeskAttentionOf  = "/desk/attention/{check}"
	DeskPosts        = "/desk/posts"
	DeskPostAdd      = "/desk/posts/add"
	DeskPost         = "/desk/posts/{id}"
	DeskPostChange   = "/desk/posts/{id}/change"
	DeskPostHolder   = "/desk/posts/{id}/holder"
	DeskHolderEnd    = "/desk/posts/{id}/holders/{holder}/end"
	DeskHolderError  = "/desk/posts/{id}/holders/{holder}/retract"
	DeskPostReviewed = "/desk/posts/{id}/reviewed"
	DeskPostEnd      = "/desk/posts/{id}/end"
	DeskPostError    = "/desk/posts/{id}/retract"
)

// DeskAttentionTo is a page, counted from one, of what one check found.
func DeskAttentionTo(check string, page int) string {
	path := DeskAttention + "/" + url.PathEscape(check)
	if page > 1 {
		path += "?" + url.Values{"page": {strconv.Itoa(page)}}.Encode()
	}
	return path
}

// DeskPostTo is the page of one post.
func DeskPostTo[T ~int64](id T) string { return DeskPosts + "/" + number(id) }

// DeskPostAct is where something is done to a post: change, holder, reviewed, end, retract.
func DeskPostAct[T ~int64](id T, act string) string { return DeskPostTo(id) + "/" + act }

// DeskHolderAct is where something is done to somebody's time in a post: end, retract.
func DeskHolderAct[T, H ~int64](id T, holder H, act string) string {
	return DeskPostTo(id) + "/holders/" + number(holder) + "/" + act
}

// DeskPostAddFor adds a post of an organisation.
func DeskPostAddFor(slug string) string {
	if slug == "" {
		return DeskPostAdd
	}
	return DeskPostAdd + "?" + url.Values{"organisation": {slug}}.Encode()
}

// DeskPostsOf lists the posts of an organisation.
func DeskPostsOf(slug string) string {
	return DeskPosts + "?" + url.Values{"organisation": {slug}}.Encode()
}
