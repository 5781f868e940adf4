package check

import (
	"fmt"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// Severity is what a finding means for a score.
type Severity uint8

// Severities.
const (
	Error   Severity = iota // a number computed from the data would be wrong
	Warning                 // slower, or less than it could be
)

// String is error or warning.
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// A Rule is one thing that can be wrong.
type Rule struct {
	Code     string // one letter and three digits, never reused
	Name     string // kebab-case
	Severity Severity
	Doc      string // what is wrong, an empty line, why it matters
	Fix      string // the way out
	Start    func(*Data) Visitor
}

// Data is what rules look at.
type Data struct {
	*dataset.Dataset

	index   *dataset.Index
	place   place
	grouped bool
	asks    bool // whether grouped
}

// Grouped is whether the annotations of a trajectory stand together, in them those of a
// constraint, of an annotator and of a pass: whoever is shown a Row that has less in
// common with the row before it has seen all of what was before. It is asked in Start.
func (d *Data) Grouped() bool {
	d.asks = true
	return d.grouped
}

// Index is what the trajectories lend to annotations, the first of each id. Whoever
// asks for it in Start finds it filled when the first annotation comes; it is empty in
// labels-only data.
func (d *Data) Index() *dataset.Index {
	if d.index == nil {
		d.index = new(dataset.Index)
	}
	return d.index
}

// A Visitor is a rule at work on one dataset. It is shown the rows of the tables for
// which it has a func: all scenarios, then all trajectories with their turns, then all
// annotations, in file order. After the last row come all cases, in the order of their
// first rows, and then End: they tell what only the whole shows.
//
// A row must not be changed. One of annotations holds until the next one was shown, its
// texts for good; at and a case hold until the func returns.
type Visitor struct {
	// Skip is whether all is well with a block of annotations, none of which is shown
	// then; nil is no. What the rule remembers must not hang on them.
	Skip func(b *dataset.Block[schema.Annotation]) bool

	Scenario   func(at *Row, s *schema.Scenario)
	Trajectory func(at *Row, t *schema.Trajectory)
	Annotation func(at *Row, a *schema.Annotation)
	Case       func(report Report, c *Case)
	End        func(report Report)
}

// A Report says what is wrong at a place. Text from the data goes into why as %q.
type Report func(at schema.Place, why string, args ...any)

// A Row is where the row stands that a Visitor is shown.
type Row struct {
	schema.Place // without a field

	// Of an annotation.
	Same   int  // what of its key it has in common with the row before it
	Copied bool // it says the same of its trajectory as the row before it, in copiedNames
	Begins bool // a row group

	rule *Rule
	run  *run
}

// What a row of annotations has in common with the row before it in its file.
const (
	sameTrajectory = 1 + iota
	sameConstraint // and trajectory
	sameAnnotator  // and both
	samePass       // and all
)

// Report says what is wrong in a field of the row, "" being the row as a whole. Text
// from the data goes into why as %q.
func (r *Row) Report(field, why string, args ...any) {
	at := r.Place
	at.Field = field
	r.run.report(r.rule, at, why, args...)
}

// A Finding is one thing that is wrong at one place. The file is relative to the
// dataset's folder, or as it was named; scenarios stand for their table, whose rows are
// numbered through.
type Finding struct {
	Rule  *Rule
	Place schema.Place
	Path  string // of the file, from where the dataset's path starts
	Why   string // one printable line of at most 400 bytes
}

// String is `file:row: field: why (A001)`, on one printable line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s (%s)", plain.Terminal(f.Place.String()), f.Why, f.Rule.Code)
}
