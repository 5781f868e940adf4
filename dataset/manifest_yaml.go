package dataset

import (
	"encoding"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
	"github.com/righting-bench/righting/schema/reading"
)

const manifestName = "dataset.yaml"

// WriteManifest writes m's YAML to path, whole or not at all.
func WriteManifest(path string, m Manifest) error {
	return WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(m.YAML())
		return err
	})
}

// YAML is dataset.yaml: each key with a comment on what it is, in the order of the
// fields, maps by name. The same manifest gives the same bytes.
//
// Keys with nothing in them are left out, but for those that a dataset should not be
// without; of the rules, those that differ from DefaultRules (all, if there are none).
// Every text is read back as it is, but for bytes that are not UTF-8.
func (m Manifest) YAML() []byte {
	m.Righting = schemaMajor()
	var b strings.Builder
	v := reflect.ValueOf(m)
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		key := f.Tag.Get("yaml")
		filled := ""
		switch key {
		case "rules":
			filled = yamlRules(m.Rules)
		default:
			filled = yamlValue(value, 0)
		}
		doc := f.Tag.Get("doc")
		if filled == "" {
			if key != "name" && key != "license" && key != "constraints" {
				continue
			}
			doc += ": please fill in"
			filled = ` ""`
			if value.Kind() == reflect.Slice {
				filled = " []"
			}
		} else if key == "constraints" && slices.ContainsFunc(m.Constraints, func(c schema.Constraint) bool { return c.Text == nil }) {
			doc += ": please fill in the text of each"
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "# %s\n%s:%s\n", doc, key, filled)
	}
	return []byte(b.String())
}

// yamlRules is what of the rules is not the default.
func yamlRules(r reading.Rules) string {
	if r.Unit == "" { // no rules at all: Check refuses such
		return ""
	}
	var b strings.Builder
	v, ordinary := reflect.ValueOf(r), reflect.ValueOf(reading.DefaultRules())
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		if reflect.DeepEqual(v.Field(i).Interface(), ordinary.Field(i).Interface()) {
			continue
		}
		filled := yamlValue(v.Field(i), 1)
		switch kind := v.Field(i).Kind(); {
		case filled == "" && kind == reflect.Struct: // only what stands elsewhere in the file
		case filled == "" && kind == reflect.String:
			fmt.Fprintf(&b, "\n  %s: \"\"", key)
		case filled == "":
			fmt.Fprintf(&b, "\n  %s: 0", key)
		default:
			fmt.Fprintf(&b, "\n  %s:%s", key, filled)
		}
	}
	return b.String()
}

// yamlValue is what stands after the colon of a key at the given depth: a scalar with
// a space before it, or lines with a line break before each; "" for nothing.
func yamlValue(v reflect.Value, depth int) string {
	if t, ok := v.Interface().(encoding.TextMarshaler); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
		text, err := t.MarshalText()
		if err != nil {
			panic(err) // a Condition always has a text
		}
		return " " + plain.YAML(string(text))
	}
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString("\n" + strings.Repeat("  ", depth+1))
		fmt.Fprintf(&b, format, args...)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		if s := yamlValue(v.Elem(), depth); s != "" || v.Elem().Kind() == reflect.Struct {
			return s
		}
		return yamlScalar(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			key := v.Type().Field(i).Tag.Get("yaml")
			if key == "" || key == "-" {
				continue
			}
			if s := yamlValue(v.Field(i), depth+1); s != "" {
				line("%s:%s", key, s)
			}
		}
	case reflect.Map:
		var names []string
		for _, k := range v.MapKeys() {
			names = append(names, k.String())
		}
		slices.Sort(names)
		for _, name := range names {
			s := yamlValue(v.MapIndex(reflect.ValueOf(name)), depth+1)
			if s == "" {
				s = yamlScalar(v.MapIndex(reflect.ValueOf(name)))
			}
			line("%s:%s", plain.YAML(name), s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			s := yamlValue(v.Index(i), depth+1)
			if s == "" {
				s = yamlScalar(v.Index(i))
			}
			line("-%s", strings.Replace(s, "\n"+strings.Repeat("  ", depth+2), " ", 1))
		}
	default:
		if !v.IsZero() {
			return yamlScalar(v)
		}
	}
	return b.String()
}

// yamlScalar is a scalar, zero or not, or an empty mapping, after a space.
func yamlScalar(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return " " + plain.YAML(v.String())
	case reflect.Bool:
		return " " + strconv.FormatBool(v.Bool())
	case reflect.Float64:
		return " " + strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Uint64:
		return " " + strconv.FormatUint(v.Uint(), 10)
	case reflect.Struct, reflect.Map:
		return " {}"
	default:
		return " " + strconv.FormatInt(v.Int(), 10)
	}
}
