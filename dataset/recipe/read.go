package recipe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Tables take rows, each as it is made; a nil one is not asked for.
type Tables struct {
	Trajectory func(schema.Trajectory) error
	Scenario   func(schema.Scenario) error
	Annotation func(schema.Annotation) error
}

// Read reads all that the recipe takes from the inputs, in the order trajectories,
// scenarios, annotations, as the methods of these names do; annotations are joined to
// the trajectories, if there are any. There is a report for each table of the recipe
// that is asked for.
//
// A section none of whose files are there is left out, with a notice in the report of
// its table, unless no section has any: labels are read without their transcripts, and
// the other way round.
func (r *Recipe) Read(ctx context.Context, inputs []string, o Options, to Tables) ([]Report, error) {
	if err := r.some(inputs); err != nil {
		return nil, err
	}
	var reports []Report
	read := func(table string, asked bool, read func() (Report, error)) error {
		if !asked || !r.Has(table) {
			return nil
		}
		report, err := read()
		if errors.As(err, new(none)) { // its notices say so
			err = nil
		}
		reports = append(reports, report)
		return err
	}
	given := o.Index
	if o.Index == nil {
		o.Index = new(dataset.Index)
	}
	err := read(schema.Trajectories, to.Trajectory != nil, func() (Report, error) { return r.Trajectories(ctx, inputs, o, to.Trajectory) })
	if err == nil {
		err = read(schema.Scenarios, to.Scenario != nil, func() (Report, error) { return r.Scenarios(ctx, inputs, o, to.Scenario) })
	}
	if o.Index.Len() == 0 {
		o.Index = given
	}
	if err == nil {
		err = read(schema.Annotations, to.Annotation != nil, func() (Report, error) { return r.Annotations(ctx, inputs, o, to.Annotation) })
	}
	return reports, err
}

// some is an error if no section has files.
func (r *Recipe) some(inputs []string) error {
	all := r.plans()
	if err := r.strangers(inputs, all[0]); err != nil {
		return err
	}
	for _, p := range all {
		if files, err := p.find(inputs); err != nil || len(files) > 0 {
			return err
		}
	}
	return all[0].noFiles(inputs)
}

// none is an error that a table has no files.
type none struct{ error }

// begin is a report of a table, and the files of each of its sections, of which at
// least one has some.
func (r *Recipe) begin(table string, plans []*plan, inputs []string) (Report, [][]input, error) {
	report := Report{Table: table, Annotators: map[string]schema.Annotator{}}
	if len(plans) == 0 {
		return report, nil, fmt.Errorf("%s: has no %s", r.Name, table)
	}
	if err := r.strangers(inputs, plans[0]); err != nil {
		return report, nil, err
	}
	files := make([][]input, len(plans))
	some := false
	for i, p := range plans {
		if p.section.From != "" {
			some = true
			continue
		}
		var err error
		if files[i], err = p.find(inputs); err != nil {
			return report, nil, err
		}
		some = some || len(files[i]) > 0
	}
	for i, p := range plans {
		if len(files[i]) == 0 && p.section.From == "" {
			report.Notices = append(report.Notices, p.absent(inputs))
		}
	}
	if !some {
		return report, nil, none{plans[0].noFiles(inputs)}
	}
	return report, files, nil
}

// strangers is an error, of the plan, if a file was named itself and no section takes it.
func (r *Recipe) strangers(inputs []string, blamed *plan) error {
	for _, in := range inputs {
		info, err := os.Stat(in)
		if err != nil {
			return err
		}
		known := info.IsDir()
		for _, p := range r.plans() {
			_, ok, err := p.given(in)
			if err != nil {
				return err
			}
			known = known || ok
		}
		if !known {
			return blamed.stranger(in)
		}
	}
	return nil
}

// plans lists those of all tables, in the order in which they are read.
func (r *Recipe) plans() []*plan { return slices.Concat(r.trajectories, r.scenarios, r.annotations) }

// ended is the report when all is read.
func (r *Report) ended() {
	slices.Sort(r.Files)
	r.Files = slices.Compact(r.Files)
}
