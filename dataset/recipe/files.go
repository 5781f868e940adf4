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

// find lists the files that a plan takes from folders and files, sorted by name.
func (p *plan) find(inputs []string) ([]input, error) {
	found := map[string]input{}
	for _, in := range inputs {
		info, err := os.Stat(in)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			one, err := p.given(in)
			if err != nil {
				return nil, err
			}
			found[one.name] = one
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
	if len(out) == 0 {
		return nil, p.problems.at(under(p.at, "files"), "no file below %s matches %s", quoted(inputs), quoted(p.take))
	}
	return out, nil
}

// below adds the files of one folder.
func (p *plan) below(folder string, found map[string]input) error {
	fsys := os.DirFS(folder)
	for _, glob := range p.take {
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
// of its path that the recipe takes.
func (p *plan) given(name string) (input, error) {
	name = filepath.ToSlash(filepath.Clean(name))
	whole, err := filepath.Abs(name)
	if err != nil {
		return input{}, err
	}
	parts := strings.Split(strings.Trim(filepath.ToSlash(whole), "/"), "/")
	for i := range parts {
		rel := path.Join(parts[i:]...)
		if matchesAny(p.take, rel) && !p.excluded(rel) {
			return input{name, rel}, nil
		}
	}
	return input{}, p.problems.at(under(p.at, "files"), "%s does not match %s; name the folder that these are below, or a file that matches", name, quoted(p.section.Files))
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
