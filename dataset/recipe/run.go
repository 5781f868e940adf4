package recipe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A run makes rows of type T of the files of one section.
type run[T any] struct {
	plan    *plan
	options Options
	report  *Report
	blank   T // with the defaults
	// assign gives a row its turns; nil where the plan has none.
	assign func(*T, []schema.Turn)
	// judge tells what becomes of a row that stands there; with an error, it is rejected
	// for what is in that column.
	judge func(*T, schema.Place) (_ ending, column string, _ error)
	emit  func(T) error

	met    met
	below  met // of the elements that turns are made of
	pool   pool
	passes passes[T]
}

// ready is the run before its first file.
func (r run[T]) ready() *run[T] {
	r.report.in(r.plan.unit())
	r.met, r.pool = met{missed: maps.Clone(r.plan.sources)}, pool{}
	if r.plan.turns != nil {
		r.below = met{missed: maps.Clone(r.plan.turns.sources)}
	}
	return &r
}

// files reads the files.
func (r *run[T]) files(ctx context.Context, files []input) error {
	for _, in := range files {
		r.report.Files = append(r.report.Files, in.name)
		caps, err := r.plan.groups(in)
		if err != nil {
			return err
		}
		f, err := open(ctx, in.name, r.plan.way())
		if err != nil {
			return err
		}
		if err := errors.Join(r.source(ctx, in.name, f, caps), f.close()); err != nil {
			return err
		}
	}
	return r.end()
}

// end checks that what the recipe names was met, and passes on what is held.
func (r *run[T]) end() error {
	if r.met.records {
		if err := r.plan.complete(r.met, "the input"); err != nil {
			return err
		}
	}
	if r.below.records { // a list without optional keys is none the worse for it
		for _, name := range names(r.below.missed) {
			r.report.Notices = append(r.report.Notices, fmt.Sprintf("%s: no turn has it, and the recipe takes it over", excerpt(r.plan.turns.prefix+name)))
		}
	}
	return r.passes.emit(r.plan, r.emit)
}

// source reads one source.
func (r *run[T]) source(ctx context.Context, name string, src source, caps []string) error {
	p := &reader[T]{run: r, name: name, src: src, env: env{
		plan: r.plan, caps: caps, wide: -1, rec: new(record),
		values: make([]texts, len(r.plan.fills)), pool: r.pool,
	}}
	read := r.report.Read
	if err := p.start(ctx); err != nil {
		return err
	}
	for rec := p.env.rec; ; p.env.rec = rec {
		if err := ctx.Err(); err != nil {
			return err
		}
		var bad *schema.RowError
		err := src.next(rec)
		switch {
		case err == io.EOF:
			if r.report.Read == read {
				r.report.Notices = append(r.report.Notices, name+": no rows")
			}
			r.report.Notices = append(r.report.Notices, src.notices()...)
			return p.finish()
		case errors.As(err, &bad):
			n := p.units(rec)
			r.report.Read += n
			err = r.report.Reject(r.options.Rejecting, dataset.Reject{RowError: *bad, Units: n, Offset: rec.offset, Raw: bytes.Clone(rec.raw)})
			if p.group != nil {
				p.group.unread(name, rec)
			}
		case err == nil:
			r.met.records = true
			err = p.record(rec)
		}
		if err != nil {
			return err
		}
	}
}

// unit is what the plan's counts are of.
func (p *plan) unit() string {
	if p.wide != nil && p.section.Pivot == nil {
		return "cells"
	}
	return "records"
}
