package decision

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// Search says how the words that were searched for were taken, where that is not plain.
type Search struct {
	NoWords bool     // nothing but words that say nothing, such as "the"
	Close   []string // words that no record has; found were records with words spelt like them
	Nowhere []string // words that no record has, nor any like them
	Apart   bool     // each word is in some record, but no record has all of them
}

// wanted is what somebody searches for, and where.
type wanted struct {
	Filter
	from     source
	body     *Body
	words    [][]string // for each word the spellings that will do, as the index has them
	number   string     // the whole as a number in the index, where it can be one
	quarters []quarter  // in the order of the list
	close    bool       // some words are taken for others
}

func (w wanted) none() bool { return len(w.words) == 0 && w.number == "" || len(w.quarters) == 0 }

// selectWanted makes words of what somebody typed, as the index has them, and finds the quarters there are.
func selectWanted(ctx context.Context, db pg.DB, from source, f Filter, body *Body) (wanted, error) {
	w := wanted{Filter: f, from: from, body: body, number: numberForm(f.Text)}
	var lexemes []string
	var first, last day.Date
	err := db.QueryRow(ctx, `SELECT tsvector_to_array(to_tsvector('english', left(@text, 500))), (SELECT min(sort_on) FROM `+from.lines+` l), (SELECT max(sort_on) FROM `+from.lines+` m)`,
		pgx.StrictNamedArgs{"text": f.Text}).Scan(&lexemes, &first, &last)
	if err != nil {
		return w, fmt.Errorf("read words to search for: %w", err)
	}
	for _, l := range lexemes {
		w.words = append(w.words, []string{l})
	}
	w.quarters = f.quarters(first, last)
	return w, nil
}

var (
	digits    = regexp.MustCompile(`[0-9]`)
	notNumber = regexp.MustCompile(`[^a-z0-9]+`)
)

// numberForm is a text as a number of a record is in the index: 19/00035 is 19-00035. It is empty for a text without
// digits. The database does the same, and keeps the last part by itself too: 00035.
func numberForm(text string) string {
	form := strings.Trim(notNumber.ReplaceAllString(strings.ToLower(text), "-"), "-")
	if !digits.MatchString(form) || len(form) > 40 {
		return ""
	}
	return form
}

// widen looks for words spelt like those that no record has, and takes them instead.
func (w *wanted) widen(ctx context.Context, db pg.DB) (found Search, err error) {
	missing, err := w.selectMissing(ctx, db)
	if err != nil {
		return found, err
	}
	if len(missing) == 0 {
		return Search{Apart: len(w.words) > 1}, nil
	}
	typed, err := selectTyped(ctx, db, w.Text)
	if err != nil {
		return found, err
	}
	for _, i := range missing {
		lexeme := w.words[i][0]
		word := lexeme
		if t, ok := typed[lexeme]; ok {
			word = t
		}
		near, err := w.selectClose(ctx, db, lexeme)
		if err != nil {
			return found, err
		}
		if len(near) == 0 {
			found.Nowhere = append(found.Nowhere, word)
			continue
		}
		w.words[i], w.close = near, true
		found.Close = append(found.Close, word)
	}
	if len(found.Nowhere) > 0 {
		found.Close = nil
	}
	return found, nil
}

// selectMissing says which of the words no record has among those that the list is narrowed to.
func (w *wanted) selectMissing(ctx context.Context, db pg.DB) (missing []int, err error) {
	if len(w.words) == 1 { // nothing was found, so it is the one
		return []int{0}, nil
	}
	var queries []string
	var of []int
	for i, spellings := range w.words {
		for _, span := range spansOf(w.quarters) {
			queries, of = append(queries, w.query(span, func(mark string) string {
				return strings.Join(append(w.filters(mark), quoted(mark+inText+spellings[0])), " & ")
			})), append(of, i)
		}
	}
	rows, _ := db.Query(ctx, `SELECT i FROM generate_series(0, @last::integer) i WHERE EXISTS (
			SELECT FROM unnest(@queries::text[], @of::integer[]) y (query, word) WHERE y.word = i
			AND EXISTS (SELECT FROM `+w.from.search+` s WHERE s.words @@ y.query::tsquery))`,
		pgx.StrictNamedArgs{"queries": queries, "of": of, "last": len(w.words) - 1})
	there, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil, fmt.Errorf("look for words that no record has: %w", err)
	}
	for i := range w.words {
		if !slices.Contains(there, i) {
			missing = append(missing, i)
		}
	}
	return missing, nil
}

// selectTyped gives for each word of the index the word that was typed.
func selectTyped(ctx context.Context, db pg.DB, text string) (map[string]string, error) {
	rows, _ := db.Query(ctx, `SELECT w, l FROM unnest(@words::text[]) w, unnest(tsvector_to_array(to_tsvector('english', left(w, 500)))) l`,
		pgx.StrictNamedArgs{"words": strings.Fields(text)})
	typed := map[string]string{}
	var word, lexeme string
	if _, err := pgx.ForEachRow(rows, []any{&word, &lexeme}, func() error {
		typed[lexeme] = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read words as typed: %w", err)
	}
	return typed, nil
}

const (
	shortestBeginning = 3   // letters that a word spelt like another has in common with it
	mostSpellings     = 12  // that are taken for one word
	mostLookedAt      = 300 // records whose words are compared
)

// selectClose finds words of the index that begin with a word, or else those that differ from it in a letter or two:
// first with letters swapped or too many, wherever they are, then with any change after a common beginning. Numbers are
// not taken for others that look like them.
func (w *wanted) selectClose(ctx context.Context, db pg.DB, lexeme string) ([]string, error) {
	letters := []rune(lexeme)
	if len(letters) < shortestBeginning {
		return nil, nil
	}
	type try struct {
		beginning string
		words     []string
	}
	tries := []try{{lexeme, slips(letters)}, {beginning: string(letters[:max(shortestBeginning, len(letters)/2)])}}
	if digits.MatchString(lexeme) {
		tries = []try{{beginning: lexeme}}
	}
	for _, try := range tries {
		known, err := w.selectKnown(ctx, db, try.beginning, try.words)
		if err != nil {
			return nil, err
		}
		if near := closest(lexeme, known); len(near) > 0 {
			return near, nil
		}
	}
	return nil, nil
}

// slips are a word with two letters next to each other swapped, or with one left out.
func slips(letters []rune) (words []string) {
	for i := range letters {
		words = append(words, string(letters[:i])+string(letters[i+1:]))
		if i > 0 && letters[i] != letters[i-1] {
			swapped := slices.Clone(letters)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			words = append(words, string(swapped))
		}
	}
	return words
}

// selectKnown finds which words some records have, of the ones given or of those with a beginning.
func (w *wanted) selectKnown(ctx context.Context, db pg.DB, beginning string, words []string) ([]string, error) {
	var queries []string
	for _, span := range spansOf(w.quarters) {
		queries = append(queries, w.query(span, func(mark string) string {
			either := make([]string, 0, len(words)+1)
			for _, x := range words {
				either = append(either, quoted(mark+inText+x))
			}
			if beginning != "" {
				either = append(either, quoted(mark+inText+beginning)+":*")
			}
			return strings.Join(append(w.filters(mark), "("+strings.Join(either, " | ")+")"), " & ")
		}))
	}
	rows, _ := db.Query(ctx, `
		WITH hits AS MATERIALIZED (SELECT h.words FROM unnest(@queries::text[]) y (query), LATERAL (
			SELECT s.words FROM `+w.from.search+` s WHERE s.words @@ y.query::tsquery LIMIT @each) h LIMIT @most),
		known AS (SELECT substr(x.word, @skip) AS word FROM hits, unnest(tsvector_to_array(hits.words)) x (word) WHERE substr(x.word, @skip - 1, 1) = @sign)
		SELECT DISTINCT word FROM known WHERE word = ANY (@words::text[]) OR @beginning::text <> '' AND starts_with(word, @beginning)`,
		pgx.StrictNamedArgs{"queries": queries, "each": max(mostLookedAt/max(len(queries), 1), 20), "most": mostLookedAt,
			"skip": len(w.from.mark+w.quarters[0].String()+inText) + 1, "sign": inText, "words": words, "beginning": beginning})
	known, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look for words spelt in another way: %w", err)
	}
	return known, nil
}

// closest are the words that begin with the one given, or else those that differ least from it.
func closest(word string, known []string) []string {
	slices.Sort(known)
	var begin, near []string
	least := 3 // letters: too many
	if len([]rune(word)) <= 5 {
		least = 2
	}
	for _, k := range known {
		if strings.HasPrefix(k, word) {
			begin = append(begin, k)
		}
		switch d := distance([]rune(word), []rune(k)); {
		case d < least:
			near, least = []string{k}, d
		case d == least && len(near) > 0:
			near = append(near, k)
		}
	}
	if len(begin) > 0 {
		near = begin
	}
	return near[:min(len(near), mostSpellings)]
}

// distance counts the letters that are added, left out, changed or swapped between two words.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			changed := 1
			if a[i-1] == b[j-1] {
				changed = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+changed)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
