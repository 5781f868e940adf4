package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A result is one job at one size.
type result struct {
	Job   string             `json:"job"`
	Rows  string             `json:"rows,omitempty"`
	NameA string             `json:"a_name"`
	NameB string             `json:"b_name,omitempty"`
	A     cost               `json:"a"`
	B     *cost              `json:"b,omitempty"`
	Ratio *cost              `json:"ratio,omitempty"` // medians of the ratios within pairs
	Table string             `json:"table_sha256,omitempty"`
	Extra map[string]float64 `json:"extra,omitempty"`
	Load  string             `json:"load,omitempty"`
	Why   string             `json:"why,omitempty"` // there is no ratio
	size  int64
}

// String is a result in a line.
func (r *result) String() string {
	line := fmt.Sprintf("%s %s s wall, %s s CPU, %s MiB", r.NameA, short(r.A.Wall), short(r.A.CPU), short(r.A.Peak))
	if r.B != nil {
		line += fmt.Sprintf("; %s %s s wall, %s s CPU, %s MiB; ratio %s wall, %s CPU", r.NameB,
			short(r.B.Wall), short(r.B.CPU), short(r.B.Peak), short(r.Ratio.Wall), short(r.Ratio.CPU))
	}
	return line
}

// A job is one race.
type job struct {
	name, doc string
	once      bool // the size is its own
	run       func(ctx context.Context, r *race, s *set, res *result) error
}

// jobs lists the races, in the order they are run.
var jobs = []job{
	{"headline", "score of constraint integrity against DuckDB's best SQL", false, duckdb("best.sql")},
	{"window", "the same against the SQL that people write", false, duckdb("window.sql")},
	{"polars", "the same against polars", false, polars},
	{"reader", "the same against parquet.GenericReader in Go", false, reader},
	{"metrics", "all metrics, intervals and rank sets against the headline alone", false, metricsJob},
	{"memory", "peak memory of the headline score", false, memory},
	{"workers", "two workers against one", false, workers},
	{"bytes", "what the headline score reads of the files", false, bytesRead},
	{"check", "check of the annotations against the headline score", false, checkJob},
	{"convert", "conversations to a dataset against DuckDB's read_json and COPY", true, convertJob},
	{"ranks", "intervals and rank sets of 40 systems over 500 scenarios", true, ranks},
}

// errDiffer: two engines give different tables.
var errDiffer = errors.New("the tables differ")

func (r *race) headline(dir, out string) program {
	return program{args: []string{r.righting, "score", dir, "--metrics", "constraint_integrity", "--format", "json", "-o", out}}
}

// duckdb races the headline score against a file of SQL.
func duckdb(sql string) func(context.Context, *race, *set, *result) error {
	return func(ctx context.Context, r *race, s *set, res *result) error {
		res.NameB = "DuckDB " + sql
		if r.noDuckDB != nil {
			return r.noDuckDB
		}
		return r.against(ctx, s, res, func(out string) program {
			return program{args: []string{r.node, filepath.Join(r.peers, "duckdb.mjs"), filepath.Join(r.peers, sql), "DS=" + s.dir, "OUT=" + out}}
		})
	}
}

func polars(ctx context.Context, r *race, s *set, res *result) error {
	res.NameB = "polars"
	if r.noPolars != nil {
		return r.noPolars
	}
	return r.against(ctx, s, res, func(out string) program {
		return program{args: []string{r.node, filepath.Join(r.peers, "polars.mjs"), s.dir, out}}
	})
}

func reader(ctx context.Context, r *race, s *set, res *result) error {
	res.NameB = "GenericReader"
	return r.against(ctx, s, res, func(out string) program {
		return program{args: []string{r.self, "peer", "reader", s.dir, out}}
	})
}

// against races the headline score against a peer that writes the table: first both
// tables have to be the same, byte for byte, and the board what they add up to.
func (r *race) against(ctx context.Context, s *set, res *result, peer func(out string) program) error {
	table, err := r.table(ctx, s)
	if err != nil {
		return err
	}
	board, theirs := filepath.Join(r.temp, "board.json"), filepath.Join(r.temp, "peer.tsv")
	a, b := r.headline(s.dir, board), peer(theirs)
	if _, err := run(ctx, b); err != nil {
		return err
	}
	if err := sameTables(table, theirs); err != nil {
		return err
	}
	if _, err := run(ctx, a); err != nil {
		return err
	}
	if err := sameBoard(board, table); err != nil {
		return fmt.Errorf("%w: %w", errDiffer, err)
	}
	if res.Table, err = sumOf(table); err != nil {
		return err
	}
	return r.pairs(ctx, res, a, b)
}

func sameTables(a, b string) error {
	sa, err := sumOf(a)
	if err != nil {
		return err
	}
	sb, err := sumOf(b)
	if err != nil {
		return err
	}
	if sa == sb {
		return nil
	}
	ta, err := os.ReadFile(a)
	if err != nil {
		return err
	}
	tb, err := os.ReadFile(b)
	if err != nil {
		return err
	}
	la, lb := strings.Split(string(ta), "\n"), strings.Split(string(tb), "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return fmt.Errorf("%w: line %d is %q and %q", errDiffer, i+1, la[i], lb[i])
		}
	}
	return fmt.Errorf("%w: %d and %d lines", errDiffer, len(la), len(lb))
}

// table is righting's own table of a set, made once.
func (r *race) table(ctx context.Context, s *set) (string, error) {
	if s.table != "" {
		return s.table, nil
	}
	counts := filepath.Join(r.temp, "counts.tsv")
	defer os.Remove(counts)
	_, err := run(ctx, program{args: []string{r.righting, "export", s.dir, "counts", "--metrics", "constraint_integrity", "--format", "tsv", "-o", counts}})
	if err != nil {
		return "", err
	}
	table := filepath.Join(r.temp, "righting-"+s.name+".tsv")
	if _, err := run(ctx, program{args: []string{r.self, "peer", "table", counts, table}}); err != nil {
		return "", err
	}
	s.table = table
	return table, nil
}

func metricsJob(ctx context.Context, r *race, s *set, res *result) error {
	res.NameA, res.NameB = "all metrics", "headline"
	all, head := filepath.Join(r.temp, "all.json"), filepath.Join(r.temp, "board.json")
	return r.pairs(ctx, res,
		program{args: []string{r.righting, "score", s.dir, "--format", "json", "-o", all}},
		r.headline(s.dir, head))
}

// memory is the headline's peak, and how it grew from 20M.
func memory(ctx context.Context, r *race, s *set, res *result) error {
	if err := r.alone(ctx, res, r.headline(s.dir, filepath.Join(r.temp, "board.json"))); err != nil {
		return err
	}
	if s.name == "20M" {
		r.peak20 = res.A.Peak
	} else if r.peak20 > 0 && s.rows > 20e6 {
		res.Extra = map[string]float64{"growth_from_20M": res.A.Peak / r.peak20}
	}
	return nil
}

func workers(ctx context.Context, r *race, s *set, res *result) error {
	res.NameA, res.NameB = "2 workers", "1 worker"
	one, two := filepath.Join(r.temp, "one.json"), filepath.Join(r.temp, "two.json")
	a, b := r.headline(s.dir, two), r.headline(s.dir, one)
	a.env, b.env = []string{"GOMAXPROCS=2"}, []string{"GOMAXPROCS=1"}
	for _, p := range []program{a, b} {
		if _, err := run(ctx, p); err != nil {
			return err
		}
	}
	if err := sameTables(one, two); err != nil {
		return err
	}
	return r.pairs(ctx, res, a, b)
}

// bytesRead is what the score reads in a folder without the trajectories, against the size
// of the annotations; and what it reads more with them.
func bytesRead(ctx context.Context, r *race, s *set, res *result) error {
	labels, err := r.labelsOnly(s)
	if err != nil {
		return err
	}
	with := new(result)
	if err := r.alone(ctx, with, r.headline(s.dir, filepath.Join(r.temp, "board.json"))); err != nil {
		return err
	}
	if err := r.alone(ctx, res, r.headline(labels, filepath.Join(r.temp, "labels.json"))); err != nil {
		return err
	}
	if res.A.Read == 0 {
		return errors.New("this system does not tell what a process reads")
	}
	size, err := sizeOf(filepath.Join(s.dir, "annotations"))
	if err != nil {
		return err
	}
	res.NameA = "headline, labels only"
	res.Extra = map[string]float64{
		"annotations_mb": float64(size) / 1e6, "annotations_share": res.A.Read * 1e6 / float64(size),
		"trajectories_kb": max(0, (with.A.Read-res.A.Read)*1e3),
	}
	return nil
}

func checkJob(ctx context.Context, r *race, s *set, res *result) error {
	res.NameA, res.NameB = "check", "headline"
	labels, err := r.labelsOnly(s)
	if err != nil {
		return err
	}
	return r.pairs(ctx, res,
		program{args: []string{r.righting, "check", labels, "-o", filepath.Join(r.temp, "findings.txt")}, ok: []int{1}},
		r.headline(s.dir, filepath.Join(r.temp, "board.json")))
}

// convertJob makes a dataset of conversations, and a Parquet file of the same with
// DuckDB; both have to have kept the same.
func convertJob(ctx context.Context, r *race, s *set, res *result) error {
	res.NameA, res.NameB = "convert", "DuckDB convert.sql"
	chats := filepath.Join(r.data, "chats-"+r.chats+".jsonl")
	if _, err := os.Stat(chats); err != nil {
		if _, err := run(ctx, program{args: []string{r.self, "generate", "--chats", r.chats, "-o", chats}}); err != nil {
			return err
		}
	}
	res.Rows = r.chats
	ours, theirs := filepath.Join(r.temp, "converted"), filepath.Join(r.temp, "converted.parquet")
	defer os.RemoveAll(ours)
	defer os.Remove(theirs)
	script := func(sql, in, out string) program {
		return program{args: []string{r.node, filepath.Join(r.peers, "duckdb.mjs"), filepath.Join(r.peers, sql), "IN=" + in, "OUT=" + out}}
	}
	a := program{args: []string{r.righting, "convert", chats, "--force", "-o", ours}}
	b := script("convert.sql", chats, theirs)
	if r.noDuckDB != nil {
		return errors.Join(r.alone(ctx, res, a), r.noDuckDB)
	}
	kept, keptB := filepath.Join(r.temp, "kept.tsv"), filepath.Join(r.temp, "kept-b.tsv")
	for _, p := range []program{a, b, {args: []string{r.self, "peer", "converted", ours, kept}}, script("converted.sql", theirs, keptB)} {
		if _, err := run(ctx, p); err != nil {
			return err
		}
	}
	if err := sameTables(kept, keptB); err != nil {
		return err
	}
	var err error
	if res.Table, err = sumOf(kept); err != nil {
		return err
	}
	return r.pairs(ctx, res, a, b)
}

// ranks scores 20,000 judgements, of which the reading costs next to nothing.
func ranks(ctx context.Context, r *race, s *set, res *result) error {
	dir := filepath.Join(r.data, "ranks")
	if _, err := os.Stat(dir); err != nil {
		if _, err := run(ctx, program{args: []string{r.self, "generate", "--ranks", "-o", dir}}); err != nil {
			return err
		}
	}
	return r.alone(ctx, res, r.headline(dir, filepath.Join(r.temp, "board.json")))
}
