package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// listedPackage is a package of this module as `go list -json` tells of it.
type listedPackage struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string // of the files that are built; those of its tests are not judged
}

// use is what one package's files do, read from their source.
type use struct {
	ImportPath string
	Calls      []string // "os.Getenv": package and function, where the package is called by its own name
	Writes     []string // tables that its SQL inserts into, updates or deletes from
}

const module = "partnershipportal"

var (
	capabilities = []string{"file", "group", "membership", "account", "signoff", "arrangement", "decision", "funding", "reader"}
	// papers are the capabilities that stand beside each other and know nothing of one another.
	papers = []string{"arrangement", "decision", "funding", "reader"}
	// edges are what a capability has no business with.
	edges = []string{
		"net/http", "github.com/go-chi", "github.com/alexedwards/scs", "github.com/a-h/templ",
		module + "/web", module + "/internal/server", module + "/internal/notify",
	}
)

// under reports whether a package is the named one or inside it.
func under(pkg string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return pkg == root || strings.HasPrefix(pkg, root+"/")
	})
}

func internal(names ...string) []string {
	paths := make([]string, 0, len(names))
	for _, name := range names {
		paths = append(paths, module+"/internal/"+name)
	}
	return paths
}

// forTests reports whether a package exists for tests alone: pgtest, browsertest, arrangementtest …
func forTests(pkg string) bool {
	return under(pkg, module) && strings.HasSuffix(pkg, "test")
}

// importBreach says which never of the layout one import breaks, or "".
func importBreach(from, to string) string {
	switch {
	case forTests(to) && !forTests(from):
		return "nothing but tests imports a package made for tests"
	case under(from, module+"/web") && under(to, module+"/internal") && !slices.Contains(internal("id", "day", "money"), to):
		return "web imports nothing of internal but id, day and money"
	case under(from, module+"/web/ui") && under(to, module+"/web/page"):
		return "web/ui never imports web/page"
	case !forTests(from) && under(from, internal(capabilities...)...) && under(to, edges...):
		return "a capability knows nothing of HTTP, pages or letters"
	case under(from, internal("server")...) && under(to, append(internal("pg"), "github.com/jackc/pgx")...):
		return "server holds no SQL"
	case under(from, internal("id", "fault")...) && under(to, module):
		return "id and fault import nothing of ours"
	case under(from, internal("sheet")...) && under(to, module) && to != module+"/internal/fault":
		return "sheet imports nothing of ours but fault"
	case under(from, internal("redline")...) && !forTests(from) && under(to, module):
		return "redline imports nothing of ours"
	case under(from, internal("docx")...) && !forTests(from) && under(to, module) && to != module+"/internal/fault":
		return "docx imports nothing of ours but fault"
	case under(from, internal("decision/moderngov")...) && under(to, module) && !slices.Contains(internal("day", "fault"), to):
		return "decision/moderngov imports nothing of ours but day and fault"
	case to == module+"/migrations" && !under(from, module+"/cmd/portal") && !forTests(from):
		return "only cmd/portal and pgtest import the migrations"
	}
	for _, paper := range internal(papers...) {
		if under(from, paper) && under(to, internal(papers...)...) && !under(to, paper) {
			return "arrangement, decision, funding and reader never import each other"
		}
	}
	return ""
}

func importBreaches(packages []listedPackage) []string {
	var breaches []string
	for _, p := range packages {
		for _, imported := range p.Imports {
			if breach := importBreach(p.ImportPath, imported); breach != "" {
				breaches = append(breaches, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imported, breach))
			}
		}
	}
	return breaches
}

// callBreach says which never one call breaks, or "".
func callBreach(from, call string) string {
	start := under(from, module+"/cmd/portal") || forTests(from)
	switch call {
	case "os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "syscall.Getenv", "syscall.Environ", "env.Parse":
		if !start {
			return "only cmd/portal and packages for tests read the environment"
		}
	case "pg.Open":
		if !start {
			return "only cmd/portal and pgtest open the pool"
		}
	case "pgxpool.New", "pgxpool.NewWithConfig":
		if !start && from != module+"/internal/pg" {
			return "only cmd/portal and pgtest open the pool, through pg"
		}
	case "time.Now", "time.Since", "time.Until":
		if under(from, module+"/web") {
			return "a page never asks the clock"
		}
	case "log.Fatal", "log.Fatalf", "log.Fatalln":
		return "errors are returned up to run"
	}
	return ""
}

// useBreaches finds calls that stand in the wrong package, and tables with more than one writing package.
func useBreaches(uses []use) []string {
	var breaches []string
	writers := map[string][]string{}
	for _, u := range uses {
		for _, call := range u.Calls {
			if breach := callBreach(u.ImportPath, call); breach != "" {
				breaches = append(breaches, fmt.Sprintf("%s calls %s: %s", u.ImportPath, call, breach))
			}
		}
		if forTests(u.ImportPath) || u.ImportPath == module+"/internal/demo" { // bulk data goes past the services, into what holds nothing real
			continue
		}
		for _, table := range u.Writes {
			if !slices.Contains(writers[table], u.ImportPath) {
				writers[table] = append(writers[table], u.ImportPath)
			}
		}
	}
	for _, table := range slices.Sorted(maps.Keys(writers)) {
		if packages := writers[table]; len(packages) > 1 {
			breaches = append(breaches, fmt.Sprintf("the table %s is written by %s: a table has one writing package",
				table, strings.Join(packages, " and ")))
		}
	}
	return breaches
}

var writing = regexp.MustCompile(`(?i)\b(?:INSERT\s+INTO|DELETE\s+FROM(?:\s+ONLY)?|UPDATE(?:\s+ONLY)?)\s+([a-z_][a-z_0-9.]*)`)

// writtenTables are the tables that a piece of SQL changes.
func writtenTables(sql string) []string {
	var tables []string
	for _, match := range writing.FindAllStringSubmatch(sql, -1) {
		// ON CONFLICT … DO UPDATE SET names no table; prose such as "update the" is followed by no SET.
		verb, table := strings.ToUpper(strings.Fields(match[0])[0]), strings.ToLower(match[1])
		if table == "set" || verb == "UPDATE" && !updateOf(table).MatchString(sql) {
			continue
		}
		tables = append(tables, table)
	}
	return tables
}

func updateOf(table string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bUPDATE(?:\s+ONLY)?\s+` + regexp.QuoteMeta(table) + `(?:\s+(?:AS\s+)?[a-z_]+)?\s+SET\b`)
}

// readUse reads what the files of a package do.
func readUse(importPath string, sources map[string]any) (use, error) {
	u := use{ImportPath: importPath}
	for name, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			return use{}, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				// A function that is only named is caught too: it may be handed on and called elsewhere.
				if pkg, ok := n.X.(*ast.Ident); ok {
					u.Calls = append(u.Calls, pkg.Name+"."+n.Sel.Name)
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil {
					u.Writes = append(u.Writes, writtenTables(text)...)
				}
			}
			return true
		})
	}
	return u, nil
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	output, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listedPackage
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var p listedPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

func TestNeversOfTheLayout(t *testing.T) {
	t.Parallel()
	packages := listPackages(t)
	// A checker that saw nothing passes everything.
	if len(packages) < 5 {
		t.Fatalf("go list names only %d packages", len(packages))
	}
	for _, breach := range importBreaches(packages) {
		t.Error(breach)
	}
	var uses []use
	for _, p := range packages {
		sources := map[string]any{}
		for _, file := range p.GoFiles {
			sources[filepath.Join(p.Dir, file)] = nil
		}
		u, err := readUse(p.ImportPath, sources)
		if err != nil {
			t.Fatal(err)
		}
		uses = append(uses, u)
	}
	for _, breach := range useBreaches(uses) {
		t.Error(breach)
	}
}

func TestNeversCatchPlantedImports(t *testing.T) {
	t.Parallel()
	const in = module + "/internal/"
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{from: module + "/web/page", to: in + "arrangement"},
		{from: module + "/web/page", to: in + "day", allowed: true},
		{from: module + "/web/ui", to: module + "/web/page"},
		{from: module + "/web/page", to: module + "/web/ui", allowed: true},
		{from: in + "signoff", to: "net/http"},
		{from: in + "account", to: "github.com/alexedwards/scs/v2"},
		{from: in + "membership", to: "github.com/go-chi/chi/v5"},
		{from: in + "funding", to: "github.com/a-h/templ"},
		{from: in + "reader", to: module + "/web/route"},
		{from: in + "arrangement", to: in + "notify"},
		{from: in + "decision", to: in + "server"},
		{from: in + "notify", to: in + "arrangement", allowed: true},
		{from: in + "server", to: "github.com/jackc/pgx/v5"},
		{from: in + "server", to: in + "pg"},
		{from: in + "server", to: in + "pg/embedded"},
		{from: in + "server", to: in + "signoff", allowed: true},
		{from: in + "arrangement", to: in + "decision"},
		{from: in + "reader", to: in + "arrangement"},
		{from: in + "overview", to: in + "arrangement", allowed: true},
		{from: in + "arrangement", to: in + "signoff", allowed: true},
		{from: in + "fault", to: in + "pg"},
		{from: in + "redline", to: in + "arrangement"},
		{from: in + "arrangement", to: in + "redline", allowed: true},
		{from: in + "decision/moderngov", to: in + "decision"},
		{from: in + "decision/moderngov", to: in + "day", allowed: true},
		{from: in + "decision", to: in + "decision/moderngov", allowed: true},
		{from: in + "jobs", to: module + "/migrations"},
		{from: in + "pg/pgtest", to: module + "/migrations", allowed: true},
		{from: module + "/cmd/portal", to: module + "/migrations", allowed: true},
		{from: in + "demo", to: in + "pg/pgtest"},
		{from: module + "/cmd/portal", to: in + "browsertest"},
		{from: in + "arrangement/arrangementtest", to: in + "pg/pgtest", allowed: true},
	} {
		breaches := importBreaches([]listedPackage{{ImportPath: c.from, Imports: []string{"fmt", c.to}}})
		if allowed := len(breaches) == 0; allowed != c.allowed {
			t.Errorf("%s imports %s: allowed %t, want %t (%v)", c.from, c.to, allowed, c.allowed, breaches)
		}
	}
}

func TestNeversCatchPlantedUses(t *testing.T) {
	t.Parallel()
	const in = module + "/internal/"
	read := func(path, body string) use {
		u, err := readUse(path, map[string]any{"planted.go": "package planted\n" + body})
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for name, c := range map[string]struct {
		uses []use
		want int
	}{
		"the environment read in a capability":    {[]use{read(in+"account", `var x = os.Getenv("HOME")`)}, 1},
		"the reader of the environment handed on": {[]use{read(in+"mail", `var getenv = os.LookupEnv`)}, 1},
		"the environment read at the start":       {[]use{read(module+"/cmd/portal", `var x = os.Getenv("HOME")`)}, 0},
		"a pool opened in a job":                  {[]use{read(in+"jobs", `var x, y = pg.Open(nil, c)`)}, 1},
		"a page that asks the clock":              {[]use{read(module+"/web/page", `var x = time.Now()`)}, 1},
		"a fatal log line":                        {[]use{read(in+"pg", `func f() { log.Fatal("no") }`)}, 1},
		"one table written twice": {[]use{
			read(in+"signoff", "const a = `INSERT INTO act (id) VALUES ($1)`"),
			read(in+"arrangement", "const a = `UPDATE act a SET id = $1`"),
		}, 1},
		"one table deleted from elsewhere": {[]use{
			read(in+"account", "const a = `update session set dead = true`"),
			read(in+"server", "const a = `DELETE FROM session WHERE dead`"),
		}, 1},
		"a table read elsewhere and an upsert": {[]use{
			read(in+"account", "const a = `INSERT INTO session (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = $1`"),
			read(in+"overview", "const a = `SELECT id FROM session FOR UPDATE OF session`"),
			read(in+"demo", "const a = `Partners update the text`"),
			read(in+"notify", "const a = `They update the session yearly.`"),
		}, 0},
	} {
		if got := useBreaches(c.uses); len(got) != c.want {
			t.Errorf("%s: %d breaches, want %d: %v", name, len(got), c.want, got)
		}
	}
}
