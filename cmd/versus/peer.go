package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

func (a *app) peer() *cobra.Command {
	c := &cobra.Command{Use: "peer", Short: "a racer of versus' own", Hidden: true}
	c.AddCommand(&cobra.Command{
		Use: "reader DS OUT", Short: "the table by parquet.GenericReader, a row at a time", Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return readPlainly(args[0], args[1]) },
	}, &cobra.Command{
		Use: "table COUNTS OUT", Short: "the table of what righting export DS counts wrote", Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return tableOfCounts(args[0], args[1]) },
	}, &cobra.Command{
		Use: "converted DS OUT", Short: "what a conversion has kept", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return converted(c, args[0], args[1]) },
	})
	return c
}

// narrow is the columns that constraint integrity needs, as one would write it.
type narrow struct {
	TrajectoryID     string   `parquet:"trajectory_id"`
	System           string   `parquet:"system"`
	Scenario         string   `parquet:"scenario"`
	Condition        *string  `parquet:"condition,optional"`
	Setting          string   `parquet:"setting"`
	AssistantTurns   *int32   `parquet:"assistant_turns,optional"`
	ConstraintID     string   `parquet:"constraint_id"`
	AssistantTurn    *int32   `parquet:"assistant_turn,optional"`
	Annotator        string   `parquet:"annotator"`
	Pass             int32    `parquet:"pass"`
	Control          *string  `parquet:"control,optional"`
	Legitimacy       *string  `parquet:"legitimacy,optional"`
	CompetingTargets []string `parquet:"competing_targets,optional,list"`
	Pressures        []string `parquet:"pressures,optional,list"`
	Measure          *string  `parquet:"measure,optional"`
	Missing          *string  `parquet:"missing,optional"`
}

// plainly folds rows into cases and cases into the table, on one goroutine.
type plainly struct {
	rules   reading.Rules
	designs map[[2]string]*bool // by scenario and condition: whether something presses
	rows    map[[4]string][slots]int64
	c       reading.Case
	judged  reading.Judged
	open    bool
}

// readPlainly makes the table of a dataset with the reader that parquet-go's users
// write first. The fold is righting's own: what differs is how rows are read.
func readPlainly(dir, out string) error {
	d, err := dataset.Open(dir)
	if err != nil {
		return err
	}
	p := &plainly{rules: d.Manifest.Rules, designs: map[[2]string]*bool{}, rows: map[[4]string][slots]int64{}}
	for _, s := range d.Scenarios {
		var presses *bool
		switch {
		case len(s.Pressures) > 0 || s.PathToVictory != nil && *s.PathToVictory >= 1:
			presses = new(true)
		case s.Pressures != nil || s.PathToVictory != nil:
			presses = new(false)
		}
		p.designs[[2]string{s.Scenario, text(s.Condition)}] = presses
	}
	files, err := filepath.Glob(filepath.Join(dir, schema.Annotations, "*.parquet"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := p.read(file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	return writeTable(p.rows, out)
}

func (p *plainly) read(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := parquet.NewGenericReader[narrow](f)
	defer r.Close()
	batch := make([]narrow, 1024)
	for {
		n, err := r.Read(batch)
		for i := range batch[:n] {
			if err := p.add(&batch[i]); err != nil {
				return err
			}
		}
		clear(batch) // lists are appended to
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// add takes a row that follows the one before in the order of keys.
func (p *plainly) add(r *narrow) error {
	if r.Setting != "interaction" || r.Pass != 0 || r.Measure != nil || r.AssistantTurn == nil || r.AssistantTurns == nil {
		return nil
	}
	c := &p.c
	if !p.open || c.TrajectoryID != r.TrajectoryID || c.Constraint != r.ConstraintID {
		if err := p.close(); err != nil {
			return err
		}
		p.open = true
		c.Key = reading.Key{TrajectoryID: r.TrajectoryID, System: r.System, Scenario: r.Scenario, Condition: r.Condition, Setting: r.Setting, Constraint: r.ConstraintID}
		c.T, c.Design.Pressed = int(*r.AssistantTurns), p.designs[[2]string{r.Scenario, text(r.Condition)}]
		c.By = c.By[:0]
	}
	if n := len(c.By); n == 0 || c.By[n-1].Annotator != r.Annotator {
		c.Next(r.Annotator, 0, 0)
	}
	j := &c.By[len(c.By)-1]
	unit := int(*r.AssistantTurn) - 1
	label(&j.By[reading.Control], schema.Controls, unit, r.Control)
	label(&j.By[reading.Legitimacy], schema.Legitimacies, unit, r.Legitimacy)
	list(&j.By[reading.Competing], schema.Targets, unit, r.CompetingTargets)
	list(&j.By[reading.Pressures], schema.Pressures, unit, r.Pressures)
	if r.Control == nil && r.Missing != nil {
		j.Asked.Add(unit)
	}
	return nil
}

func label(l *reading.Labels, e *schema.Enum, unit int, name *string) {
	if name == nil {
		return
	}
	if code, ok := e.Code(*name); ok {
		l.Add(unit, code)
	}
}

func list(l *reading.Labels, e *schema.Enum, unit int, names []string) {
	if names == nil {
		return
	}
	l.Judged.Add(unit)
	for i := range names {
		label(l, e, unit, &names[i])
	}
}

// close folds the open case.
func (p *plainly) close() error {
	if !p.open {
		return nil
	}
	p.open = false
	if err := p.rules.Panel.Judge(&p.c, &p.judged); err != nil {
		return err
	}
	r := reading.Read(&p.c, &p.judged, &p.rules)
	if !r.Counts() {
		return nil
	}
	key := [4]string{p.c.System, p.c.Scenario, text(p.c.Condition), p.c.Constraint}
	n := p.rows[key]
	if credit, known := r.Credit(); known {
		n[0] += int64(credit)
		n[1]++
	}
	n[2] += int64(r.CreditWorst)
	n[3] += int64(r.CreditBest)
	n[4]++
	p.rows[key] = n
	return nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// converted writes what a conversion has to have kept: by scenario the conversations,
// the messages, the bytes of their contents and of their tool calls.
func converted(c *cobra.Command, dir, out string) error {
	d, err := dataset.Open(dir)
	if err != nil {
		return err
	}
	rows := map[[4]string][slots]int64{}
	for _, file := range d.Trajectories {
		for t, err := range dataset.Rows[schema.Trajectory](c.Context(), file) {
			if err != nil {
				return err
			}
			n := rows[[4]string{t.Scenario}]
			n[0]++
			n[1] += int64(len(t.Turns))
			for i := range t.Turns {
				n[2] += int64(len(t.Turns[i].Text))
				n[3] += int64(len(text(t.Turns[i].ToolCallsJSON)))
			}
			rows[[4]string{t.Scenario}] = n
		}
	}
	return writeTable(rows, out)
}
