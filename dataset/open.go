package dataset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// stateName is what an interrupted run leaves in a dataset.
const stateName = ".righting-state.json"

// ErrInterrupted: a run that wrote this dataset did not come to its end.
var ErrInterrupted = errors.New("an interrupted run left " + stateName + "; run the same command again to go on")

// Open opens one dataset: a folder with dataset.yaml and its tables, or Parquet files
// of tables, each named or matched by a glob such as runs/**/*.parquet. Either may lack
// any table; annotations alone are a dataset.
//
// Only the manifest and the scenarios are read. The errors are fs.ErrNotExist,
// ErrInterrupted, a YAMLError for each problem of dataset.yaml, schema.ErrVersion, and
// those of Rows.
func Open(paths ...string) (*Dataset, error) {
	d := &Dataset{Path: strings.Join(paths, " "), Manifest: NewManifest()}
	files := map[string][]string{}
	var err error
	if len(paths) == 1 && isFolder(paths[0]) {
		err = d.folder(paths[0], files)
	} else {
		err = d.files(paths, files)
	}
	if err != nil {
		return nil, err
	}
	d.Trajectories, d.Annotations = files[schema.Trajectories], files[schema.Annotations]
	d.ScenarioFiles = files[schema.Scenarios]
	for _, file := range d.ScenarioFiles {
		for row, err := range Rows[schema.Scenario](context.Background(), file) {
			if err != nil {
				return nil, err
			}
			d.Scenarios = append(d.Scenarios, row)
		}
	}
	return d, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// folder finds the manifest and the files of a dataset's folder.
func (d *Dataset) folder(dir string, files map[string][]string) error {
	if _, err := os.Lstat(filepath.Join(dir, stateName)); err == nil {
		return fmt.Errorf("%s: %w", dir, ErrInterrupted)
	}
	m, err := readManifest(filepath.Join(dir, manifestName))
	there := err == nil
	switch {
	case there:
		d.Manifest = m
	case errors.Is(err, fs.ErrNotExist):
		d.Notices = append(d.Notices, dir+": no "+manifestName+", so the default rules hold and nothing is declared")
	default:
		return err
	}
	found := 0
	for _, table := range []string{schema.Scenarios, schema.Trajectories, schema.Annotations} {
		if files[table], err = shardFiles(filepath.Join(dir, table)); err != nil {
			return err
		}
		found += len(files[table])
	}
	switch {
	case found == 0 && !there:
		return fmt.Errorf("%s: is not a dataset: it has neither %s nor Parquet files in %s, %s or %s",
			dir, manifestName, schema.Scenarios, schema.Trajectories, schema.Annotations)
	case found == 0:
		d.Notices = append(d.Notices, dir+": holds no rows")
	}
	return nil
}

var shardName = regexp.MustCompile(`^(.+)-(\d{5})-of-(\d{5})\.parquet$`)

// shardFiles is a table's files by name; nil without any. Shards that count themselves
// must be complete.
func shardFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	var files []string
	names := map[string]bool{}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".parquet") && !strings.HasPrefix(name, ".") {
			files = append(files, filepath.Join(dir, name))
			names[name] = true
		}
	}
	counts := map[string]int{} // by what all shards of one set share
	for name := range names {
		if part := shardName.FindStringSubmatch(name); part != nil {
			counts[part[1]+"-%05d-of-"+part[3]+".parquet"]++
		}
	}
	for _, set := range sortedKeys(counts) {
		n, _ := strconv.Atoi(set[len(set)-len("00000.parquet") : len(set)-len(".parquet")])
		for i := 0; i < n && counts[set] != n; i++ {
			if want := strings.Replace(set, "%05d", fmt.Sprintf("%05d", i), 1); !names[want] {
				return nil, fmt.Errorf("%s: is missing, though others of its set of %d are there: %w", filepath.Join(dir, want), n, fs.ErrNotExist)
			}
		}
	}
	return files, nil
}

// files finds the files that are named or matched, by the table they hold.
func (d *Dataset) files(paths []string, files map[string][]string) error {
	var all []string
	for _, path := range paths {
		matches, err := matched(path)
		if err != nil {
			return err
		}
		all = append(all, matches...)
	}
	slices.Sort(all)
	for _, file := range slices.Compact(all) {
		table, err := tableOf(file)
		if err != nil {
			return err
		}
		files[table] = append(files[table], file)
	}
	if len(all) == 0 {
		return errors.New("no dataset is named")
	}
	d.Notices = append(d.Notices, "Parquet files without "+manifestName+", so the default rules hold and nothing is declared")
	return nil
}

// matched is the file of that name, or the files that a glob matches, hidden ones left
// out.
func matched(path string) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s: is a folder; open one folder, or files", path)
	case err == nil:
		return []string{path}, nil
	case !strings.ContainsAny(path, "*?[{"):
		return nil, err
	}
	files, err := doublestar.FilepathGlob(path, doublestar.WithFilesOnly(), doublestar.WithNoHidden(), doublestar.WithFailOnIOErrors())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no file matches: %w", path, fs.ErrNotExist)
	}
	return files, nil
}

// tableOf is the stored table that a file holds: what it says itself, else the one
// whose required columns it has.
func tableOf(file string) (string, error) {
	f, err := openParquet(file, noColumn)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if table, ok := f.Lookup(schema.MetaTable); ok {
		switch table {
		case schema.Scenarios, schema.Trajectories, schema.Annotations:
			return table, nil
		}
		return "", fmt.Errorf("%s: %w: holds the table %s; wanted scenarios, trajectories or annotations", file, ErrCorrupt, quoteYAML(table))
	}
	var misses []string
	for _, t := range []struct {
		name string
		want *parquet.Schema
	}{
		{schema.Annotations, parquet.SchemaOf(new(schema.Annotation))},
		{schema.Trajectories, parquet.SchemaOf(new(schema.Trajectory))},
		{schema.Scenarios, parquet.SchemaOf(new(schema.Scenario))},
	} {
		var lacks []string
		for _, column := range t.want.Fields() {
			if !column.Optional() && f.Root().Column(column.Name()) == nil {
				lacks = append(lacks, column.Name())
			}
		}
		if lacks == nil {
			return t.name, nil
		}
		misses = append(misses, fmt.Sprintf("for %s it lacks %s", t.name, strings.Join(lacks, ", ")))
	}
	return "", fmt.Errorf("%s: %w: is no table of ours: %s", file, ErrCorrupt, strings.Join(misses, "; "))
}
