package main

import "fmt"

// A gate is a promise about one number of a race.
type gate struct {
	job   string // the job that sees the number
	rows  string // the size at which it is promised; "" = the job has one size
	what  string
	value func(r *result) (float64, bool) // not ok: not seen
	goal  float64                         // at most
	least float64                         // at most, or the job is not done
	unit  string
}

// gates is the table of what is promised of whole processes, medians of pairs.
var gates = []gate{
	{"headline", "20M", "headline score with panel ÷ DuckDB's best SQL, wall", wallRatio, .10, .25, ""},
	{"window", "5M", "headline score ÷ DuckDB window SQL, wall", wallRatio, .03, .08, ""},
	{"polars", "5M", "headline score ÷ polars, wall", wallRatio, .03, .08, ""},
	{"reader", "5M", "headline score ÷ GenericReader, wall", wallRatio, .03, .08, ""},
	{"metrics", "20M", "all metrics with intervals and rank sets ÷ headline, wall", wallRatio, 2.0, 4.0, ""},
	{"memory", "20M", "peak memory of the headline score", peakA, 128, 256, " MiB"},
	{"memory", "60M", "peak memory at 60M ÷ at 20M", growth, 1.3, 1.5, ""},
	{"workers", "20M", "2 workers ÷ 1, wall", wallRatio, .60, .75, ""},
	{"bytes", "20M", "bytes read ÷ annotations file", share("annotations"), .25, .35, ""},
	{"bytes", "20M", "kilobytes read of trajectories", extra("trajectories_kb"), noise, noise, " kB"},
	{"convert", "", "convert JSONL ÷ DuckDB read_json → COPY, wall", wallRatio, .50, .70, ""},
	{"convert", "", "peak memory of convert", peakA, 512, 768, " MiB"},
	{"check", "20M", "check of the annotations ÷ headline score, wall", wallRatio, 3, 6, ""},
	{"ranks", "", "40 systems × 500 scenarios, 1,999 weights, rank sets", cpuA, .3, 1, " CPU s"},
}

// noise is what of a difference of bytes read no table explains: the runtime looks at
// its control group now and then.
const noise = 4

func wallRatio(r *result) (float64, bool) {
	if r.Ratio == nil {
		return 0, false
	}
	return r.Ratio.Wall, true
}

func peakA(r *result) (float64, bool) { return r.A.Peak, r.A.Peak > 0 }
func cpuA(r *result) (float64, bool)  { return r.A.CPU, r.A.CPU > 0 }

func growth(r *result) (float64, bool) { v, ok := r.Extra["growth_from_20M"]; return v, ok }

func share(name string) func(*result) (float64, bool) { return extra(name + "_share") }

func extra(name string) func(*result) (float64, bool) {
	return func(r *result) (float64, bool) { v, ok := r.Extra[name]; return v, ok }
}

// A verdict is a gate and what was seen.
type verdict struct {
	What  string   `json:"what"`
	Goal  float64  `json:"goal"`
	Least float64  `json:"least"`
	Unit  string   `json:"unit,omitempty"`
	At    string   `json:"at,omitempty"`   // the size at which it was seen
	Seen  *float64 `json:"seen,omitempty"` // absent: Why
	Why   string   `json:"why,omitempty"`
}

// says is how a verdict ends: goal, least, missed, or why nothing was seen.
func (v *verdict) says() string {
	switch {
	case v.Seen == nil:
		return v.Why
	case *v.Seen <= v.Goal:
		return "goal"
	case *v.Seen <= v.Least:
		return "least"
	}
	return "missed"
}

// holdAgainst holds the results against the gates: each at the size it names, else at the
// largest that was raced, but for growth from one size to another. A gate whose job was
// not asked for is left out.
func holdAgainst(results []*result) []verdict {
	var out []verdict
	for _, g := range gates {
		var at *result
		raced := false
		for _, r := range results {
			if r.Job != g.job {
				continue
			}
			raced = true
			if r.Rows == g.rows || at == nil || at.Rows != g.rows && r.size > at.size {
				at = r
			}
		}
		if !raced {
			continue
		}
		v := verdict{What: g.what, Goal: g.goal, Least: g.least, Unit: g.unit, At: at.Rows}
		if seen, ok := g.value(at); ok {
			v.Seen = &seen
		} else if v.Why = at.Why; v.Why == "" {
			v.Why = fmt.Sprintf("not seen: needs %s rows", g.rows)
		}
		out = append(out, v)
	}
	return out
}
