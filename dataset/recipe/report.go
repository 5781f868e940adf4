package recipe

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A Report is what became of what was read: Read = Written + Missing + Rejected +
// Skipped, in units of Unit.
type Report struct {
	Table string
	Files []string // that were read, sorted
	Unit  string   // cells where columns are unpivoted, else records
	Read  int
	// Written made a row of ours, or a part of one; Missing says that there is nothing;
	// Rejected is wrong; Skipped is no data by the recipe's word, or was said before.
	Written, Missing, Rejected, Skipped int

	Rows       int                         // of ours
	Rejects    []Reject                    // the first ones; Options.Reject sees all
	Notices    []string                    // what a reader should know
	Annotators map[string]schema.Annotator // who judged, by name; only the kind is known
}

// String is `4032 cells = 3800 written + 40 missing + 0 rejected + 192 skipped; 3800 rows`.
func (r *Report) String() string {
	return fmt.Sprintf("%d %s = %d written + %d missing + %d rejected + %d skipped; %d rows",
		r.Read, r.Unit, r.Written, r.Missing, r.Rejected, r.Skipped, r.Rows)
}

// A Reject is a record, or a cell of one, that gave no row, and why.
type Reject struct {
	schema.RowError
	Units  int    // how many of the report's units it stands for
	Offset int64  // of the record's first byte in the file, after decompression
	Raw    []byte // the record as it stands, cut if it is longer than can be read
}

// Options say what is done with rejects. The zero value keeps the first 100.
type Options struct {
	// Index is the trajectories: Trajectories adds to it, Scenarios and Annotations read
	// it. nil = none.
	Index *dataset.Index

	Keep   int                // rejects in the report; 0 = 100, below 0 = none
	Reject func(Reject) error // sees every one as it happens; an error ends the reading
}

// defaultKeep bounds the rejects that are held in memory.
const defaultKeep = 100

// reject counts and passes on.
func (r *Report) reject(o Options, e Reject) error {
	r.Rejected += e.Units
	keep := o.Keep
	if keep == 0 {
		keep = defaultKeep
	}
	if len(r.Rejects) < keep {
		r.Rejects = append(r.Rejects, e)
	}
	if o.Reject == nil {
		return nil
	}
	return o.Reject(e)
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
