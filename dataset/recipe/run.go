package recipe

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"

	"github.com/righting-bench/righting/schema"
)

// A run makes rows of type T of the files of one section.
type run[T any] struct {
	plan    *plan
	options Options
	report  *Report
	blank   T // with the defaults
	// judge tells whether a row says anything, and which column is wrong.
	judge func(*T) (said bool, column string, _ error)
	emit  func(T) error

	met    met
	pool   pool
	passes passes[T]
}

// all reads the files that the plan takes from the inputs.
func (r *run[T]) all(ctx context.Context, inputs []string) error {
	files, err := r.plan.find(inputs)
	if err != nil {
		return err
	}
	r.report.in(r.plan.unit())
	r.met, r.pool = met{missed: maps.Clone(r.plan.sources)}, pool{}
	for _, in := range files {
		r.report.Files = append(r.report.Files, in.name)
		if err := r.file(ctx, in); err != nil {
			return err
		}
	}
	if r.met.records {
		if err := r.plan.complete(r.met, "the input"); err != nil {
			return err
		}
	}
	return r.passes.emit(r.plan, r.emit)
}

// file reads one file.
func (r *run[T]) file(ctx context.Context, in input) (err error) {
	caps, err := r.plan.groups(in)
	if err != nil {
		return err
	}
	f, err := open(in.name, r.plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	p := &reader[T]{run: r, name: in.name, src: f, env: env{
		plan: r.plan, caps: caps, wide: -1, rec: new(record),
		values: make([]texts, len(r.plan.fills)), pool: r.pool,
	}}
	read := r.report.Read
	if err := p.start(); err != nil {
		return err
	}
	for rec := p.env.rec; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var bad *schema.RowError
		err := f.next(rec)
		switch {
		case err == io.EOF:
			if r.report.Read == read {
				r.report.Notices = append(r.report.Notices, in.name+": no rows")
			}
			r.report.Notices = append(r.report.Notices, f.notices()...)
			return p.finish()
		case errors.As(err, &bad):
			n := p.units(rec)
			r.report.Read += n
			err = r.report.reject(r.options, Reject{*bad, n, rec.offset, bytes.Clone(rec.raw)})
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
