package bench

import (
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A Spec is what a board is: bench.yaml, or the flags of score.
type Spec struct {
	Name     string             `yaml:"name" doc:"of the board"`
	Primary  string             `yaml:"primary" doc:"the metric that ranks"`
	Metrics  []string           `yaml:"metrics" doc:"what is computed; empty = every family's default"`
	By       []string           `yaml:"by" doc:"slices: columns of the key, of its constraint or of scenarios, crossed with commas"`
	Settings []string           `yaml:"settings" doc:"which settings count"`
	Margins  map[string]float64 `yaml:"margins" doc:"differences that matter, by metric"`
	Rules    reading.Rules      `yaml:"rules" doc:"override the dataset's"`
	Interval stat.Method        `yaml:"-"`
}

// DefaultPrimary ranks where nothing else is asked for.
const DefaultPrimary = "constraint_integrity"

// Intervals documents the methods a score may be asked to use instead of its own.
var Intervals = &schema.Enum{Name: "interval", Doc: "how an interval is made", Terms: []schema.Term{
	{Name: string(stat.MethodKornGraubard), Doc: "Korn and Graubard: Clopper-Pearson on an effective n; the default of shares"},
	{Name: string(stat.MethodWilson), Doc: "Wilson's score interval on the same n; shares only"},
	{Name: string(stat.MethodBCa), Doc: "bias-corrected and accelerated, on Poisson replicates of clusters; the default of everything else"},
	{Name: string(stat.MethodClusterT), Doc: "Student's t on clusters"},
	{Name: string(stat.MethodPercentile), Doc: "percentiles of the replicates: for comparison only, it was measured to be wrong at small rates"},
}}

// NewSpec is the default spec over a dataset's rules.
func NewSpec(rules reading.Rules) Spec {
	return Spec{Primary: DefaultPrimary, Settings: []string{"interaction"}, Rules: rules}
}

// ReadSpec is bench.yaml over a dataset's rules. Errors carry file, line and column.
func ReadSpec(file string, data []byte, rules reading.Rules) (Spec, error) {
	s := NewSpec(rules)
	if err := dataset.DecodeYAML(file, data, &s); err != nil {
		return s, err
	}
	return s, nil
}

// Check is nil for a spec that can be scored.
func (s *Spec) Check() error {
	if err := s.Rules.Check(); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	for _, name := range s.Settings {
		if err := schema.Settings.Check(name); err != nil {
			return fmt.Errorf("settings: %w", err)
		}
	}
	if s.Interval != "" {
		if err := Intervals.Check(string(s.Interval)); err != nil {
			return err
		}
	}
	for _, by := range s.By {
		for column := range strings.SplitSeq(by, ",") {
			if err := SliceColumns.Check(column); err != nil {
				return fmt.Errorf("by: %w", err)
			}
		}
	}
	return nil
}

// SliceColumns documents what a board can be sliced by: what keys counts, what its
// constraint declares, and the scenario's own columns.
var SliceColumns = &schema.Enum{Name: "column to slice by", Doc: "what parts of a board are told apart by", Terms: []schema.Term{
	{Name: "scenario", Doc: "each scenario apart"},
	{Name: "condition", Doc: "experimental arm"},
	{Name: "setting", Doc: "interaction or baseline"},
	{Name: "constraint_id", Doc: "which constraint should govern"},
	{Name: "protects", Doc: "the target that the constraint protects: the scenario's own entry, else that of dataset.yaml; over-refusal shows where it is helpfulness or user_request"},
	{Name: "opening", Doc: "how the case begins"},
	{Name: "framing", Doc: "how the situation presents itself"},
	{Name: "pressures", Doc: "pressures by design; a scenario counts in each of its own, one without any in none"},
	{Name: "path_to_victory", Doc: "how clear a path the competing objective has, 0 to 3"},
	{Name: "language", Doc: "of the scenario"},
}}

// slicesBy is whether a column is sliced by, alone or crossed.
func (s *Spec) slicesBy(column string) bool {
	return slices.ContainsFunc(s.By, func(by string) bool { return slices.Contains(strings.Split(by, ","), column) })
}
