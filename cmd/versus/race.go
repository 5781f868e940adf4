package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// racing is the flags of race.
type racing struct {
	pairs                 int
	sizes                 []string
	data, peers, righting string
	chats, format, gates  string
	missing               bool
}

// A race is what all jobs share.
type race struct {
	self, righting, node string
	peers, data, temp    string
	chats                string
	repeat               int
	versions             map[string]string
	noDuckDB, noPolars   error // why the peer cannot run
	peak20               float64
	talk                 func(string, ...any)
}

// A set is one generated dataset.
type set struct {
	name   string
	rows   int64
	dir    string
	table  string // righting's; "" = not made yet
	labels string // the same without trajectories; "" = not made yet
}

func (a *app) race() *cobra.Command {
	var o racing
	var names []string
	help := "race runs jobs, each two whole processes in turn, A B A B, and prints medians of wall,\n" +
		"CPU and peak memory, and of the ratios within pairs.\n\n"
	for _, j := range jobs {
		names = append(names, j.name)
		help += fmt.Sprintf("  %-9s %s\n", j.name, j.doc)
	}
	c := &cobra.Command{
		Use: "race [JOB…]", Short: "time righting and its peers in pairs", Long: help, ValidArgs: names,
		Args: cobra.OnlyValidArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = names
			}
			return a.runRace(c.Context(), o, args)
		},
	}
	f := c.Flags()
	f.StringSliceVar(&o.sizes, "rows", []string{"5M"}, "sizes: 1M,5M,20M,60M")
	f.IntVar(&o.pairs, "pairs", 5, "how often each pair is run")
	f.StringVar(&o.data, "data", "", "keep generated data in this folder, and take them from there (default: a temporary one)")
	f.StringVar(&o.peers, "peers", "cmd/versus/peers", "the folder of the peers' scripts, where npm installed them")
	f.StringVar(&o.righting, "righting", "", "the program to race (default: build ./cmd/righting)")
	f.StringVar(&o.chats, "chats", "1G", "bytes of conversations that convert reads")
	f.StringVar(&o.format, "format", "markdown", "markdown or json")
	f.StringVar(&o.gates, "gates", "", "goal or least: exit 1 where that column is missed")
	f.BoolVar(&o.missing, "missing-ok", false, "with --gates: a peer that cannot run is no miss")
	return c
}

func (a *app) runRace(ctx context.Context, o racing, names []string) error {
	if o.pairs < 1 || o.format != "markdown" && o.format != "json" || !slices.Contains([]string{"", "goal", "least"}, o.gates) {
		return errors.New("--pairs is at least 1, --format markdown or json, --gates goal or least")
	}
	r, done, err := a.prepare(ctx, o)
	if err != nil {
		return err
	}
	defer done()
	var results []*result
	for _, name := range o.sizes {
		rows, err := count(name)
		if err != nil {
			return err
		}
		s := &set{name: name, rows: rows, dir: filepath.Join(r.data, name)}
		for _, j := range jobs {
			if j.once || !slices.Contains(names, j.name) {
				continue
			}
			if err := r.generate(ctx, s); err != nil {
				return err
			}
			res, err := r.job(ctx, &j, s)
			if err != nil {
				return err
			}
			results = append(results, res)
		}
	}
	for _, j := range jobs {
		if !j.once || !slices.Contains(names, j.name) {
			continue
		}
		res, err := r.job(ctx, &j, nil)
		if err != nil {
			return err
		}
		results = append(results, res)
	}
	rep := report{Machine: here(), Versions: r.versions, Pairs: o.pairs, Results: results, Gates: holdAgainst(results)}
	if o.format == "json" {
		enc := json.NewEncoder(a.out)
		enc.SetIndent("", "  ")
		err = enc.Encode(rep)
	} else {
		err = rep.markdown(a.out)
	}
	if err != nil {
		return err
	}
	return rep.missed(o.gates, o.missing)
}

// prepare finds the programs and makes the folders.
func (a *app) prepare(ctx context.Context, o racing) (*race, func(), error) {
	r := &race{peers: o.peers, data: o.data, righting: o.righting, chats: o.chats, repeat: o.pairs, versions: map[string]string{}, talk: a.talk}
	var err error
	if r.self, err = os.Executable(); err != nil {
		return nil, nil, err
	}
	if r.temp, err = os.MkdirTemp(o.data, "versus-"); err != nil {
		return nil, nil, err
	}
	done := func() { _ = os.RemoveAll(r.temp) }
	if r.data == "" {
		r.data = r.temp
	}
	if r.righting == "" {
		r.righting = filepath.Join(r.temp, "righting")
		if _, err = run(ctx, program{args: []string{"go", "build", "-o", r.righting, "./cmd/righting"}}); err != nil {
			done()
			return nil, nil, fmt.Errorf("%w (run versus in the module's folder, or name a program with --righting)", err)
		}
	}
	if r.versions["righting"], err = said(ctx, r.righting, "version"); err != nil {
		done()
		return nil, nil, err
	}
	const install = "; run npm install in " // how a peer comes to be there
	if r.node, err = exec.LookPath("node"); err != nil {
		r.noDuckDB, r.noPolars = fmt.Errorf("DuckDB is missing: %w", err), fmt.Errorf("polars is missing: %w", err)
		return r, done, nil
	}
	if r.versions["node"], err = said(ctx, r.node, "--version"); err != nil {
		done()
		return nil, nil, err
	}
	if r.versions["DuckDB"], err = said(ctx, r.node, filepath.Join(r.peers, "duckdb.mjs")); err != nil {
		r.noDuckDB = fmt.Errorf("DuckDB is missing: %w%s%s", err, install, r.peers)
	}
	if r.versions["polars"], err = said(ctx, r.node, filepath.Join(r.peers, "polars.mjs")); err != nil {
		r.noPolars = fmt.Errorf("polars is missing: %w%s%s (before Node 22 also npm run old-node)", err, install, r.peers)
	}
	return r, done, nil
}

// generate makes a set unless it is there, in a process of its own: see run.
func (r *race) generate(ctx context.Context, s *set) error {
	if _, err := os.Stat(filepath.Join(s.dir, "dataset.yaml")); err == nil {
		return nil
	}
	r.talk("versus: generating %s", s.name)
	_, err := run(ctx, program{args: []string{r.self, "generate", "--rows", s.name, "-o", s.dir}})
	return err
}

// job runs one job. What keeps it from a ratio is told in the result; an error ends the race.
func (r *race) job(ctx context.Context, j *job, s *set) (*result, error) {
	res := &result{Job: j.name, NameA: "righting"}
	at := ""
	if s != nil {
		res.Rows, res.size, at = s.name, s.rows, " at "+s.name
	}
	r.talk("versus: %s%s", j.name, at)
	if err := j.run(ctx, r, s, res); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		res.Why, res.Ratio = err.Error(), nil
		r.talk("versus: %s%s: %v", j.name, at, err)
		return res, nil
	}
	r.talk("versus: %s%s: %s", j.name, at, res)
	return res, nil
}

// pairs runs A B A B and fills in the medians.
func (r *race) pairs(ctx context.Context, res *result, a, b program) error {
	var as, bs, ratios []cost
	for range r.repeat {
		ca, err := run(ctx, a)
		if err != nil {
			return err
		}
		cb, err := run(ctx, b)
		if err != nil {
			return err
		}
		as, bs = append(as, ca), append(bs, cb)
		ratios = append(ratios, cost{Wall: ca.Wall / cb.Wall, CPU: ca.CPU / cb.CPU, Peak: ca.Peak / cb.Peak})
	}
	res.Load = load()
	mb, mr := median(bs), median(ratios)
	res.A, res.B, res.Ratio = median(as), &mb, &mr
	return nil
}

// alone runs one program as often as a pair.
func (r *race) alone(ctx context.Context, res *result, p program) error {
	var costs []cost
	for range r.repeat {
		c, err := run(ctx, p)
		if err != nil {
			return err
		}
		costs = append(costs, c)
	}
	res.A, res.Load = median(costs), load()
	return nil
}

// labelsOnly is a set's folder without its trajectories: links to the same files.
func (r *race) labelsOnly(s *set) (string, error) {
	if s.labels != "" {
		return s.labels, nil
	}
	to := filepath.Join(r.temp, "labels-"+s.name)
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(s.dir, path)
		if err != nil {
			return err
		}
		switch {
		case rel == "trajectories":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		case strings.HasPrefix(d.Name(), "."):
			return nil
		}
		whole, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		return os.Symlink(whole, filepath.Join(to, rel))
	})
	s.labels = to
	return to, err
}

// sizeOf is the bytes of the files in a folder.
func sizeOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}
