package recipe

import (
	"reflect"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// A Key is one key of the language.
type Key struct {
	Name string   // dotted, COLUMN standing for a column of ours: columns.COLUMN.map
	Of   []string // the tables in whose sections it may stand; nil = it stands alone
	Doc  string
}

// Language lists every key that a recipe may have, in the order in which they are best
// read: the document's, then those of a section.
func Language() []Key {
	var out []Key
	keysOf(reflect.TypeFor[document](), "", nil, &out)
	keysOf(reflect.TypeFor[section](), "", tables(), &out)
	return out
}

// tables lists what a recipe can fill, in the order in which it is read.
func tables() []string {
	return []string{schema.Trajectories, schema.Scenarios, schema.Annotations}
}

// keysOf adds the keys of a struct, as the decoder knows them.
func keysOf(t reflect.Type, prefix string, of []string, out *[]Key) {
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("yaml")
		if name == "" {
			continue
		}
		k := Key{Name: prefix + name, Of: of, Doc: f.Tag.Get("doc")}
		if only := f.Tag.Get("of"); only != "" {
			k.Of = strings.Fields(only)
		}
		*out = append(*out, k)
		inner, below := f.Type, k.Name+"."
		if inner.Kind() == reflect.Map {
			inner, below = inner.Elem(), below+"COLUMN."
		}
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner.PkgPath() == t.PkgPath() {
			keysOf(inner, below, k.Of, out)
		}
	}
}

// misplaced adds a problem for each key that a section of that table cannot have.
func (s *section) misplaced(table string, at []string, out *problems) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		of := f.Tag.Get("of")
		if of == "" || strings.Contains(of, table) || v.Field(i).IsZero() {
			continue
		}
		key := f.Tag.Get("yaml")
		hint := ""
		if table == schema.Trajectories && (key == "unpivot" || key == "pivot") {
			hint = "; for turns in several columns write turns: {unpivot: …}, for turns in several rows turns: {group: …}"
		}
		out.add(under(at, key), "is a key of %s, not of %s%s", strings.Join(strings.Fields(of), " and "), table, hint)
	}
}
