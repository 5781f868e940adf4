package dataset

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// maxOpen is how many files stay open.
const maxOpen = 32

// annotationShards is the row groups of the files of annotations, in file order.
type annotationShards struct {
	files  []*annotationShard
	groups []rowGroup
	sorted bool // every group declares the order of keys
}

// An annotationShard is one file; use opens it if need be.
type annotationShard struct {
	path   string
	wanted func(column string) bool
	file   *parquetFile
	left   int // groups that are not done
	groups int
	from   string // first and last trajectory of those done
	to     string
	any    bool
}

// A rowGroup is one task.
type rowGroup struct {
	shard    *annotationShard
	n, index int // among all, in its file
	first    int // rows before it in the file
	rows     int
	err      error  // why it cannot be read
	from, to string // its first and last trajectory
}

func openShards(paths []string, wanted func(column string) bool) (*annotationShards, error) {
	s := &annotationShards{sorted: true}
	for i, path := range paths {
		f := &annotationShard{path: path, wanted: wanted}
		if err := f.use(); err != nil {
			s.close()
			return nil, err
		}
		s.files = append(s.files, f)
		first := 0
		for k, g := range f.file.RowGroups() {
			rows := int(g.NumRows())
			s.groups = append(s.groups, rowGroup{shard: f, n: len(s.groups), index: k, first: first, rows: rows})
			s.sorted = s.sorted && (rows == 0 || declaresOrder(f.file, k))
			first += rows
			f.groups++
		}
		if f.left = f.groups; i >= maxOpen || f.left == 0 {
			f.close()
		}
	}
	return s, nil
}

// declaresOrder is whether a row group says that its rows are in the order of keys.
// A column that is absent cannot be named.
func declaresOrder(p *parquetFile, group int) bool {
	declared := p.RowGroups()[group].SortingColumns()
	for i := range keyColumns {
		name := columnName(i)
		column := p.Root().Column(name)
		if column == nil {
			continue
		}
		if len(declared) == 0 {
			return false
		}
		d := declared[0]
		if path := d.Path(); len(path) != 1 || path[0] != name || d.Descending() || column.Optional() && !d.NullsFirst() {
			return false
		}
		declared = declared[1:]
	}
	return true
}

// use opens the file for a group that is to be read.
func (f *annotationShard) use() (err error) {
	if f.file != nil {
		return nil
	}
	if f.file, err = openParquet(f.path, f.wanted); err != nil {
		return err
	}
	if f.groups > 0 && len(f.file.RowGroups()) != f.groups {
		return f.file.corrupt(errChanged)
	}
	return nil
}

var errChanged = fmt.Errorf("changed while it was read")

func (f *annotationShard) close() {
	if f.file != nil {
		_ = f.file.Close()
		f.file = nil
	}
}

func (s *annotationShards) close() {
	for _, f := range s.files {
		f.close()
	}
}

// follow takes a group that is done, in file order: its trajectories come after those
// before it in the file.
func (s *annotationShards) follow(g *rowGroup) error {
	f := g.shard
	if f.left--; f.left == 0 {
		defer f.close()
	}
	if g.rows == 0 {
		return nil
	}
	at := schema.Place{File: f.path, Row: g.first + 1, Field: columnName(colTrajectory)}
	switch {
	case !f.any:
		f.from, f.any = g.from, true
	case f.to == g.from:
		return &schema.RowError{Place: at, Err: fmt.Errorf("%q lies in two row groups; write the file anew with righting", g.from)}
	case f.to > g.from:
		return &schema.RowError{Place: at, Err: errUnsorted}
	}
	f.to = g.to
	return nil
}

// apart is nil if no trajectory lies in two files. Files whose first and last ids are
// apart need no look; of the others the ids are read once more.
func (s *annotationShards) apart(ctx context.Context) error {
	var files []*annotationShard
	for _, f := range s.files {
		if f.any {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b *annotationShard) int { return cmp.Compare(a.from, b.from) })
	meet := false
	for i := 1; i < len(files); i++ {
		meet = meet || files[i].from <= files[i-1].to
	}
	if !meet {
		return nil
	}
	seen := make(map[string]*annotationShard)
	f := newFiller(new(Dataset), reading.Columns{}, nil)
	defer f.close()
	for i := range f.cols {
		f.cols[i].need = i == colTrajectory
	}
	for i := range s.groups {
		g := &s.groups[i]
		if err := g.shard.use(); err != nil {
			return err
		}
		if err := f.trajectories(ctx, g, seen); err != nil {
			return err
		}
		if g.index == g.shard.groups-1 {
			g.shard.close()
		}
	}
	return nil
}

// trajectories adds a group's ids to those seen, each with the file it lies in.
func (f *filler) trajectories(ctx context.Context, g *rowGroup, seen map[string]*annotationShard) error {
	leaves, err := columnsOf(g.shard.file, f.cols)
	if err != nil {
		return err
	}
	defer f.close()
	ids := &f.cols[colTrajectory]
	ids.open(g.shard.file.RowGroups()[g.index].ColumnChunks()[leaves[colTrajectory].Index()], leaves[colTrajectory])
	for row := 0; row < g.rows; row += batchRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(batchRows, g.rows-row)
		f.place = g.place(row)
		if err := f.fill(n); err != nil {
			return err
		}
		last := none
		for i, code := range ids.code[:n] {
			if code == last {
				continue
			}
			last = code
			id := ids.text.bytes(code)
			switch in := seen[string(id)]; in {
			case g.shard:
			case nil:
				seen[string(id)] = g.shard
			default:
				return f.at(i, colTrajectory, fmt.Errorf("%q has annotations in %s too; a trajectory's must lie in one file: write the dataset anew with righting", id, in.path))
			}
		}
	}
	return nil
}

// place says where rows of the batch from row on stand.
func (g *rowGroup) place(row int) func(i int, field string) schema.Place {
	path := g.shard.path
	return func(i int, field string) schema.Place {
		return schema.Place{File: path, Row: g.first + row + i + 1, Field: field}
	}
}
