package recipe

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A Report is what became of what was read: the tally is in units of Unit. Missing says
// that there is nothing; Skipped is no data by the recipe's word, or was said before.
type Report struct {
	dataset.Tally
	Table string
	Files []string // that were read, sorted
	Unit  string   // cells where columns are unpivoted, else records

	Rows       int                         // of ours
	Annotators map[string]schema.Annotator // who judged, by name; only the kind is known
}

// String is `4032 cells = 3800 written + 40 missing + 0 rejected + 192 skipped; 3800 rows`.
func (r *Report) String() string {
	return fmt.Sprintf("%d %s = %d written + %d missing + %d rejected + %d skipped; %d rows",
		r.Read, r.Unit, r.Written, r.Missing, r.Rejected, r.Skipped, r.Rows)
}

// Options say what the trajectories are and what is done with rejects.
type Options struct {
	// Index is the trajectories: Trajectories adds to it, Scenarios and Annotations read
	// it. nil = none.
	Index *dataset.Index

	dataset.Rejecting
}

// in says what a section's counts are of.
func (r *Report) in(unit string) {
	switch {
	case r.Unit == "":
		r.Unit = unit
	case !strings.Contains(r.Unit, unit):
		r.Unit += " and " + unit
	}
}
