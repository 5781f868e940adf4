package recipe

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// An input is one file to read.
type input struct {
	name string // as it can be opened, and as places name it
	rel  string // below the folder that was given: what files and path are about
}

// find lists the files that a plan takes from folders and files, sorted by name; there
// may be none.
func (p *plan) find(inputs []string) ([]input, error) {
	found := map[string]input{}
	for _, in := range inputs {
		info, err := os.Stat(in)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			one, ok, err := p.given(in)
			if err != nil {
				return nil, err
			}
			if ok {
				found[one.name] = one
			}
			continue
		}
		if err := p.below(in, found); err != nil {
			return nil, err
		}
	}
	out := make([]input, 0, len(found))
	for _, name := range names(found) {
		out = append(out, found[name])
	}
	return out, nil
}

// below adds the files of one folder.
func (p *plan) below(folder string, found map[string]input) error {
	fsys := os.DirFS(folder)
	for _, glob := range p.taken {
		err := doublestar.GlobWalk(fsys, glob, func(rel string, d fs.DirEntry) error {
			if !p.excluded(rel) {
				name := filepath.ToSlash(filepath.Join(folder, rel))
				found[name] = input{name, rel}
			}
			return nil
		}, doublestar.WithFilesOnly(), doublestar.WithNoFollow(), doublestar.WithFailOnIOErrors())
		if err != nil {
			return fmt.Errorf("find %s below %s: %w", excerpt(glob), folder, err)
		}
	}
	return nil
}

// given is a file that was named itself; what is below the folder is the longest end
// of its path that the recipe takes. ok is whether it takes the file at all.
func (p *plan) given(name string) (_ input, ok bool, _ error) {
	name = filepath.ToSlash(filepath.Clean(name))
	whole, err := filepath.Abs(name)
	if err != nil {
		return input{}, false, err
	}
	parts := strings.Split(strings.Trim(filepath.ToSlash(whole), "/"), "/")
	for i := range parts {
		rel := path.Join(parts[i:]...)
		if matchesAny(p.taken, rel) && !p.excluded(rel) {
			return input{name, rel}, true, nil
		}
	}
	return input{}, false, nil
}

// noFiles is the error that the plan takes none of the inputs.
func (p *plan) noFiles(inputs []string) error {
	if len(inputs) == 1 {
		if info, err := os.Stat(inputs[0]); err == nil && !info.IsDir() {
			return p.stranger(inputs[0])
		}
	}
	return p.problems.at(under(p.at, "files"), "no file below %s matches %s", quoted(inputs), quoted(p.taken))
}

// absent is the notice that the plan takes none of the inputs.
func (p *plan) absent(inputs []string) string {
	return p.problems.at(under(p.at, "files"), "nothing in %s matches %s; left out", quoted(inputs), quoted(p.taken)).Error()
}

// stranger is the error that the recipe does not take a file that was named.
func (p *plan) stranger(name string) error {
	return p.problems.at(under(p.at, "files"), "%s does not match %s; name the folder that these are below, or a file that matches", name, quoted(p.section.Files))
}

func (p *plan) excluded(rel string) bool { return matchesAny(p.leave, rel) }

func matchesAny(globs []string, rel string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { return doublestar.MatchUnvalidated(g, rel) })
}

// groups reads the groups of path off a file's path.
func (p *plan) groups(in input) ([]string, error) {
	caps := make([]string, len(p.captures))
	if p.path == nil {
		return caps, nil
	}
	m := p.path.FindStringSubmatch(in.rel)
	if m == nil {
		return nil, p.problems.at(under(p.at, "path"), "does not match %s", excerpt(in.rel))
	}
	for i, group := range p.path.SubexpNames() {
		if group != "" {
			caps[p.captures[group].at] = m[i]
		}
	}
	return caps, nil
}
