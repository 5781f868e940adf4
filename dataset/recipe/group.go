package recipe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// A grouping makes one trajectory of the records of a file that agree in some columns,
// and has in memory only those of trajectories that are not yet whole: the file is read
// before, to know where each one ends.
type grouping struct {
	by    []string
	last  map[string]int // number of the last record of each key
	open  map[string]*group
	order []*group // as they began
	prev  *group   // of the record before
	hole  error    // why the record before could not be read
}

// A group is the records of one trajectory.
type group struct {
	key  string
	recs []*record
	bad  error // why it may not be whole
}

// newGrouping reads the file's keys.
func newGrouping(ctx context.Context, p *plan, name string) (_ *grouping, err error) {
	g := &grouping{by: p.section.Turns.Group, last: map[string]int{}, open: map[string]*group{}}
	f, err := open(ctx, name, p.way())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	head, _ := f.header()
	for rec := new(record); ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var bad *schema.RowError
		switch err := f.next(rec); {
		case err == io.EOF:
			return g, nil
		case errors.As(err, &bad):
		case err != nil:
			return nil, err
		case p.skipped(head, rec):
		default:
			if key, f := g.key(head, rec); f == nil {
				g.last[key] = rec.row
			}
		}
	}
}

// key is what the record agrees in with those of the same trajectory.
func (g *grouping) key(h *header, rec *record) (string, *fault) {
	var key strings.Builder
	for _, name := range g.by {
		c := rec.cell(h.at(name))
		if c.kind != text || c.text == "" {
			return "", &fault{name: name, at: -1, err: errors.New("empty or a list, and it says which trajectory the row belongs to")}
		}
		key.WriteString(strconv.Quote(c.text))
	}
	return key.String(), nil
}

// unread notes a record of which it is not known whose it is: it may belong to the
// trajectories of the records around it.
func (g *grouping) unread(file string, rec *record) {
	g.hole = fmt.Errorf("the row %s could not be read, and may be a turn of it", schema.Place{File: file, Row: rec.line})
	if g.prev != nil {
		g.prev.bad = g.hole
	}
}

// add takes one record in. ended is the trajectory that it shows to be whole.
func (g *grouping) add(key string, rec *record) (ended *group) {
	if g.prev != nil && g.prev.key != key && g.ends(g.prev) {
		ended = g.prev
	}
	at := g.open[key]
	if at == nil {
		at = &group{key: key}
		g.open[key], g.order = at, append(g.order, at)
	}
	if g.hole != nil {
		at.bad, g.hole = g.hole, nil
	}
	at.recs = append(at.recs, &record{origin: *rec.keep(), row: rec.row, cells: slices.Clone(rec.cells)})
	g.prev = at
	if ended != nil {
		g.close(ended)
	}
	return ended
}

// ends is whether no more records of the group follow.
func (g *grouping) ends(of *group) bool { return g.last[of.key] == of.recs[len(of.recs)-1].row }

func (g *grouping) close(of *group) {
	delete(g.open, of.key)
	g.order = slices.DeleteFunc(g.order, func(o *group) bool { return o == of })
}

// disagrees tells in which column of a trajectory its records are not alike.
func (g *grouping) disagrees(p *plan, h *header, file string, recs []*record) *fault {
	first := recs[0]
	for at, name := range h.names {
		if !p.takes(name) {
			continue
		}
		for _, rec := range recs[1:] {
			c, old := rec.cell(at), first.cell(at)
			if c.kind != old.kind || c.text != old.text || !slices.Equal(c.list, old.list) {
				return &fault{name: name, at: -1, from: &rec.origin, err: fmt.Errorf("%s, and %s at %s; add it to turns.group, or take it under turns.columns",
					excerpt(c.text), excerpt(old.text), schema.Place{File: file, Row: first.line})}
			}
		}
	}
	return nil
}
