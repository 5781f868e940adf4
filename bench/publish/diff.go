package publish

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// A Step is how much of a semantic version a change asks for, by Croissant's rule.
type Step string

// The steps, from nothing to the most.
const (
	NoStep Step = "none"  // the same bytes
	Patch  Step = "patch" // the same data in other bytes, or other words about them
	Minor  Step = "minor" // something was added, and everything that was there is as it was
	Major  Step = "major" // something that was there is changed, gone, or in another split
)

// steps are in order.
var steps = []Step{NoStep, Patch, Minor, Major}

// A Change is what became of one row, or of one thing that dataset.yaml declares.
type Change struct {
	Table   string // or dataset.yaml, or schema
	Key     string // for people: what names the row
	Kind    ChangeKind
	Columns []ColumnChange // of a changed row
}

// A ChangeKind is what happened.
type ChangeKind string

// The kinds.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // to another split
)

// A ColumnChange is a column's value before and after, cut for people.
type ColumnChange struct{ Column, Old, New string }

// A Tally counts what happened to rows, or to labels.
type Tally struct {
	Name                           string // a table; a label column or measure
	Added, Removed, Changed, Moved int64
}

func (t *Tally) add(kind ChangeKind) {
	switch kind {
	case Added:
		t.Added++
	case Removed:
		t.Removed++
	case Changed:
		t.Changed++
	case Moved:
		t.Moved++
	}
}

func (t *Tally) some() bool { return t.Added+t.Removed+t.Changed+t.Moved > 0 }

// A Diff is what became of a dataset between two versions.
type Diff struct {
	Old, New               string // paths
	OldVersion, NewVersion string // "" = not declared
	Tables                 []Tally
	Labels                 []Tally  // of annotations
	Changes                []Change // of what is declared first, then rows by table; at most ChangesKept
	Left                   int64    // changes that are counted and not listed
	Step                   Step
	Why                    string
	Needs                  string // the least version for it; "" = the old one is not declared
	Fits                   bool   // the new version is at least that, or nothing is declared
	Moves                  []Move
	NoScores               string // why scores are not compared
}

// ChangesKept is how many changes are listed.
const ChangesKept = 10_000

// DiffOf says what became of a dataset: rows and labels, what is declared, the step of its
// version, and which scores move and by how much. Each is a dataset's folder or files,
// packed or not.
//
// Memory grows with the number of rows, some 100 bytes each. The errors are those of
// dataset.Open and dataset.Rows, or two rows with one key.
func DiffOf(ctx context.Context, older, newer string) (*Diff, error) {
	x := &differ{d: &Diff{Old: older, New: newer, Step: NoStep, Fits: true}, labels: map[string]*Tally{}}
	var err error
	if x.old, err = dataset.Open(older); err != nil {
		return nil, err
	}
	if x.new, err = dataset.Open(newer); err != nil {
		return nil, err
	}
	x.declared()
	if err := x.layouts(); err != nil {
		return nil, err
	}
	if err := diffTable(ctx, x, schema.Scenarios, x.old.ScenarioFiles, x.new.ScenarioFiles, scenarioKey); err != nil {
		return nil, err
	}
	if err := diffTable(ctx, x, schema.Trajectories, x.old.Trajectories, x.new.Trajectories, func(t *schema.Trajectory) string { return t.TrajectoryID }); err != nil {
		return nil, err
	}
	if err := diffTable(ctx, x, schema.Annotations, x.old.Annotations, x.new.Annotations, annotationKey); err != nil {
		return nil, err
	}
	for _, name := range sorted(x.labels) {
		x.d.Labels = append(x.d.Labels, *x.labels[name])
	}
	if err := x.bytes(); err != nil {
		return nil, err
	}
	x.versions()
	return x.d, x.scores(ctx)
}

// A differ is one call of DiffOf.
type differ struct {
	d        *Diff
	old, new *dataset.Dataset
	labels   map[string]*Tally
}

// step raises the step, and remembers why it is what it is.
func (x *differ) step(s Step, why string) {
	if slices.Index(steps, s) > slices.Index(steps, x.d.Step) {
		x.d.Step, x.d.Why = s, why
	}
}

func (x *differ) change(c Change) {
	if len(x.d.Changes) < ChangesKept {
		x.d.Changes = append(x.d.Changes, c)
		return
	}
	x.d.Left++
}

// differs notes a difference of what is declared.
func (x *differ) differs(where, key string, kind ChangeKind, older, newer string, s Step) {
	c := Change{Table: where, Key: key, Kind: kind}
	if kind == Changed {
		c.Columns = []ColumnChange{{Old: plain.Excerpt(older, 200), New: plain.Excerpt(newer, 200)}}
	}
	x.change(c)
	x.step(s, fmt.Sprintf("%s: %s %s", where, key, kind))
}

// declared compares what the two say of themselves: what a score rests on is data, other
// words are not.
func (x *differ) declared() {
	a, b := &x.old.Manifest, &x.new.Manifest
	x.d.OldVersion, x.d.NewVersion = a.Version, b.Version
	words := func(key, older, newer string) {
		if older != newer {
			x.differs(manifestFile, key, Changed, older, newer, Patch)
		}
	}
	words("name", a.Name, b.Name)
	words("license", a.License, b.License)
	words("authors", strings.Join(a.Authors, "; "), strings.Join(b.Authors, "; "))
	words("description", a.Description, b.Description)
	for _, key := range union(a.Card, b.Card) {
		words("card."+key, a.Card[key], b.Card[key])
	}
	constraints := func(list []schema.Constraint) map[string]schema.Constraint {
		m := map[string]schema.Constraint{}
		for _, c := range list {
			m[c.ID] = c
		}
		return m
	}
	named(x, "constraints", constraints(a.Constraints), constraints(b.Constraints))
	named(x, "vocabulary.targets", a.Vocabulary.Targets, b.Vocabulary.Targets)
	named(x, "vocabulary.pressures", a.Vocabulary.Pressures, b.Vocabulary.Pressures)
	named(x, "measures", a.Measures, b.Measures)
	named(x, "annotators", a.Annotators, b.Annotators)
	older, newer := reflect.ValueOf(a.Rules), reflect.ValueOf(b.Rules)
	for i := range older.NumField() {
		key := older.Type().Field(i).Tag.Get("yaml")
		if key == "panel" { // without what stands elsewhere in the file
			continue
		}
		if p, q := text1(older.Field(i)), text1(newer.Field(i)); p != q {
			x.differs(manifestFile, "rules."+key, Changed, p, q, Major)
		}
	}
	p, q := a.Rules.Panel, b.Rules.Panel
	if s, t := fmt.Sprint(p.Rule, p.Of, p.ExcludeSelf), fmt.Sprint(q.Rule, q.Of, q.ExcludeSelf); s != t {
		x.differs(manifestFile, "rules.panel", Changed, s, t, Major)
	}
}

func union[V any](a, b map[string]V) []string {
	keys := append(sorted(a), sorted(b)...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// named compares things that have names.
func named[V any](x *differ, where string, a, b map[string]V) {
	for _, key := range union(a, b) {
		older, had := a[key]
		newer, has := b[key]
		at := where + "." + key
		switch {
		case !had:
			x.differs(manifestFile, at, Added, "", "", Minor)
		case !has:
			x.differs(manifestFile, at, Removed, "", "", Major)
		case !reflect.DeepEqual(older, newer):
			x.differs(manifestFile, at, Changed, text1(reflect.ValueOf(older)), text1(reflect.ValueOf(newer)), Major)
		}
	}
}

// text1 is a declared value on one line, what pointers point to included.
func text1(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "none"
		}
		return text1(v.Elem())
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				name := f.Tag.Get("yaml")
				if name == "" || name == "-" {
					name = strings.ToLower(f.Name)
				}
				parts = append(parts, name+": "+text1(v.Field(i)))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v.Interface())
}

// layouts compares how the rows of the tables lie.
func (x *differ) layouts() error {
	for _, t := range []struct {
		name       string
		older, new []string
	}{
		{schema.Scenarios, x.old.ScenarioFiles, x.new.ScenarioFiles},
		{schema.Trajectories, x.old.Trajectories, x.new.Trajectories},
		{schema.Annotations, x.old.Annotations, x.new.Annotations},
	} {
		if len(t.older) == 0 || len(t.new) == 0 {
			continue
		}
		a, err := dataset.SchemaOf(t.older[0])
		if err != nil {
			return err
		}
		b, err := dataset.SchemaOf(t.new[0])
		if err != nil {
			return err
		}
		as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
		for _, line := range as {
			if !slices.Contains(bs, line) {
				x.differs("schema", t.name+": "+strings.TrimSpace(line), Removed, "", "", Major)
			}
		}
		for _, line := range bs {
			if !slices.Contains(as, line) {
				x.differs("schema", t.name+": "+strings.TrimSpace(line), Added, "", "", Minor)
			}
		}
	}
	return nil
}

func scenarioKey(s *schema.Scenario) string {
	if s.Condition == nil {
		return s.Scenario
	}
	return s.Scenario + ", condition " + *s.Condition
}

// annotationKey names a judgement: whose, of what, where. Parts are quoted where they could
// run together.
func annotationKey(a *schema.Annotation) string {
	key := fmt.Sprintf("%s, %s, %s", apart(a.TrajectoryID), apart(a.ConstraintID), apart(a.Annotator))
	if a.Pass != 0 {
		key += fmt.Sprintf(", pass %d", a.Pass)
	}
	for _, p := range []struct {
		name string
		n    *int32
	}{{"turn", a.Turn}, {"assistant_turn", a.AssistantTurn}, {"exchange", a.Exchange}} {
		if p.n != nil {
			key += fmt.Sprintf(", %s %d", p.name, *p.n)
		}
	}
	if a.Measure != nil {
		key += ", measure " + apart(*a.Measure)
	}
	return key
}

func apart(s string) string {
	if strings.ContainsAny(s, ", \"") {
		return fmt.Sprintf("%q", s)
	}
	return s
}

// A stood is a row as it was: its hash and its split.
type stood struct {
	sum   [16]byte
	split string
	seen  bool
}

// diffTable compares the rows of one table by their keys.
func diffTable[T any](ctx context.Context, x *differ, table string, older, newer []string, key func(*T) string) error {
	tally := Tally{Name: table}
	was := map[string]*stood{}
	for _, file := range older {
		split := dataset.SplitOf(file)
		for row, err := range dataset.Rows[T](ctx, file) {
			if err != nil {
				return err
			}
			k := key(&row)
			if was[k] != nil {
				return fmt.Errorf("%s: two rows of %s: righting check says more", file, plain.Excerpt(k, 200))
			}
			was[k] = &stood{sum: rowSum(&row), split: split}
		}
	}
	note := func(kind ChangeKind, k string, s Step, columns []ColumnChange) {
		tally.add(kind)
		x.change(Change{Table: table, Key: plain.Excerpt(k, 200), Kind: kind, Columns: columns})
		x.step(s, fmt.Sprintf("%s: a row was %s", table, kind))
	}
	changed := map[string]*T{}
	met := map[string]bool{}
	for _, file := range newer {
		split := dataset.SplitOf(file)
		for row, err := range dataset.Rows[T](ctx, file) {
			if err != nil {
				return err
			}
			k := key(&row)
			switch w := was[k]; {
			case w == nil && met[k], w != nil && w.seen:
				return fmt.Errorf("%s: two rows of %s: righting check says more", file, plain.Excerpt(k, 200))
			case w == nil:
				met[k] = true
				note(Added, k, Minor, nil)
				x.labelsOf(nil, &row)
			default:
				w.seen = true
				if w.sum != rowSum(&row) {
					changed[k] = &row
				} else if w.split != split {
					note(Moved, k, Major, []ColumnChange{{"split", w.split, split}})
				}
			}
		}
	}
	for _, file := range older {
		for row, err := range dataset.Rows[T](ctx, file) {
			if err != nil {
				return err
			}
			k := key(&row)
			if !was[k].seen {
				note(Removed, k, Major, nil)
				x.labelsOf(&row, nil)
			} else if now := changed[k]; now != nil {
				var columns []ColumnChange
				for _, c := range changedColumns(&row, now) {
					columns = append(columns, ColumnChange{c.name, c.old, c.new})
				}
				note(Changed, k, Major, columns)
				x.labelsOf(&row, now)
			}
		}
	}
	x.d.Tables = append(x.d.Tables, tally)
	return nil
}

// labelsOf counts labels that came, went or changed. Rows of other tables have none; nil is
// no row.
func (x *differ) labelsOf(older, newer any) {
	a, _ := older.(*schema.Annotation)
	b, _ := newer.(*schema.Annotation)
	if a == nil && b == nil {
		return
	}
	one := a
	if one == nil {
		one = b
	}
	v := reflect.ValueOf(one).Elem()
	columns := schema.ColumnsOf[schema.Annotation]()
	for i := range v.NumField() {
		k := &columns[i]
		if !label(k) {
			continue
		}
		name := k.Name
		if (name == "value" || name == "value_text") && one.Measure != nil {
			name = "measure " + *one.Measure
		}
		var p, q reflect.Value
		if a != nil {
			p = reflect.ValueOf(a).Elem().Field(i)
		}
		if b != nil {
			q = reflect.ValueOf(b).Elem().Field(i)
		}
		had, has := p.IsValid() && !p.IsNil(), q.IsValid() && !q.IsNil()
		var kind ChangeKind
		switch {
		case !had && has:
			kind = Added
		case had && !has:
			kind = Removed
		case had && !reflect.DeepEqual(p.Interface(), q.Interface()):
			kind = Changed
		default:
			continue
		}
		if x.labels[name] == nil {
			x.labels[name] = &Tally{Name: name}
		}
		x.labels[name].add(kind)
	}
}

// rowSum is the hash of a row's values.
func rowSum(row any) (out [16]byte) {
	h := sha256.Sum256(appendValue(nil, reflect.ValueOf(row).Elem()))
	copy(out[:], h[:])
	return out
}

// appendValue writes a value so that different values give different bytes.
func appendValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return append(b, v.String()...)
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int())
	case reflect.Float64:
		return binary.BigEndian.AppendUint64(b, math.Float64bits(v.Float()))
	case reflect.Slice:
		if v.IsNil() {
			return append(b, 0)
		}
		b = binary.AppendUvarint(append(b, 1), uint64(v.Len()))
		for i := range v.Len() {
			b = appendValue(b, v.Index(i))
		}
		return b
	case reflect.Struct:
		for i := range v.NumField() {
			b = appendValue(b, v.Field(i))
		}
		return b
	}
	panic("publish: a row holds a " + v.Kind().String())
}

// bytes raises the step to a patch where only the files' bytes differ.
func (x *differ) bytes() error {
	sumsOf := func(d *dataset.Dataset) (out []string, err error) {
		for _, file := range slices.Concat(d.ScenarioFiles, d.Trajectories, d.Annotations) {
			sum, err := sumOf(file)
			if err != nil {
				return nil, err
			}
			out = append(out, filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)+" "+sum)
		}
		return out, nil
	}
	a, err := sumsOf(x.old)
	if err != nil {
		return err
	}
	b, err := sumsOf(x.new)
	if err != nil {
		return err
	}
	if !slices.Equal(a, b) {
		x.step(Patch, "the same data in other bytes")
	}
	return nil
}

// versions holds the declared versions to the step.
func (x *differ) versions() {
	d := x.d
	if x.d.Why == "" {
		x.d.Why = "the same bytes"
	}
	older, err := parseVersion(d.OldVersion)
	if err != nil {
		return
	}
	needs := older
	switch d.Step {
	case Major:
		needs = Version{older.Major + 1, 0, 0}
	case Minor:
		needs = Version{older.Major, older.Minor + 1, 0}
	case Patch:
		needs.Patch++
	}
	d.Needs = needs.String()
	newer, err := parseVersion(d.NewVersion)
	d.Fits = err == nil && slices.Compare([]int{newer.Major, newer.Minor, newer.Patch}, []int{needs.Major, needs.Minor, needs.Patch}) >= 0
}
