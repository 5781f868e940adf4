package dataset

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/schema"
)

// A yamlDecoder fills Go values from vetted nodes; see DecodeYAML.
type yamlDecoder struct{ file string }

// decode fills what into points to.
func (d *yamlDecoder) decode(n *yaml.Node, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(fmt.Sprintf("dataset: DecodeYAML into %T, not a pointer", into))
	}
	return d.value(n, v.Elem(), "")
}

var (
	typeNode        = reflect.TypeFor[yaml.Node]()
	typeNodeDecoder = reflect.TypeFor[NodeDecoder]()
	typeText        = reflect.TypeFor[encoding.TextUnmarshaler]()
	typeAny         = reflect.TypeFor[any]()
)

func (d *yamlDecoder) value(n *yaml.Node, v reflect.Value, path string) error {
	null := n.Kind == yaml.ScalarNode && n.Tag == "!!null"
	pointer := v.Addr()
	switch {
	case n.Kind == yaml.AliasNode: // refused by vet
		return nil
	case v.Type() == typeNode:
		v.Set(reflect.ValueOf(*n))
		return nil
	case pointer.Type().Implements(typeNodeDecoder) && !null:
		return d.own(n, pointer.Interface().(NodeDecoder), path)
	case v.Kind() == reflect.Struct && null && !pointer.Type().Implements(typeText):
		return nil
	case null:
		v.SetZero()
		return nil
	case pointer.Type().Implements(typeText):
		if n.Kind != yaml.ScalarNode {
			return d.wants(n, path, "text")
		}
		if err := pointer.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Value)); err != nil {
			return d.at(n.Line, n.Column, path, err)
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.fields(n, v, path)
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		if !v.IsNil() {
			to.Elem().Set(v.Elem())
		}
		v.Set(to)
		return d.value(n, to.Elem(), path)
	case reflect.Slice:
		return d.list(n, v, path)
	case reflect.Map:
		return d.entries(n, v, path)
	case reflect.Interface:
		if v.Type() == typeAny {
			return d.any(n, v, path)
		}
	default:
		if n.Kind == yaml.ScalarNode {
			return d.scalar(n, v, path)
		}
		return d.wants(n, path, wanted(v.Kind()))
	}
	panic(fmt.Sprintf("dataset: DecodeYAML cannot fill a %s", v.Type()))
}

// own lets a NodeDecoder read itself; an error of its own is put at the node.
func (d *yamlDecoder) own(n *yaml.Node, v NodeDecoder, path string) error {
	err := v.UnmarshalYAMLNode(n, func(at *yaml.Node, into any) error {
		p := path
		for i, c := range n.Content {
			switch {
			case c != at:
			case n.Kind == yaml.SequenceNode:
				p = fmt.Sprintf("%s[%d]", path, i)
			case i%2 == 1:
				p = join(path, n.Content[i-1].Value)
			}
		}
		return d.value(at, reflect.ValueOf(into).Elem(), p)
	})
	var placed *YAMLError
	if err == nil || errors.As(err, &placed) {
		return err
	}
	return d.at(n.Line, n.Column, path, err)
}

func (d *yamlDecoder) fields(n *yaml.Node, v reflect.Value, path string) error {
	if n.Kind != yaml.MappingNode {
		return d.wants(n, path, "a mapping")
	}
	index := map[string][]int{}
	var names []string
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name != "" && name != "-" && f.IsExported() {
			index[name] = f.Index
			names = append(names, name)
		}
	}
	var errs []error
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" { // refused by vet
			continue
		}
		at, ok := index[key.Value]
		if ok {
			errs = append(errs, d.value(n.Content[i+1], v.FieldByIndex(at), join(path, key.Value)))
			continue
		}
		why := "unknown key " + quoteYAML(key.Value)
		if near := schema.Nearest(key.Value[:min(len(key.Value), 100)], names); near != "" {
			why += "; did you mean " + near + "?"
		} else {
			why += "; known here: " + strings.Join(names, ", ")
		}
		errs = append(errs, d.at(key.Line, key.Column, path, errors.New(why)))
	}
	return errors.Join(errs...)
}

func (d *yamlDecoder) list(n *yaml.Node, v reflect.Value, path string) error {
	if n.Kind != yaml.SequenceNode {
		return d.wants(n, path, "a list")
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	var errs []error
	for i, c := range n.Content {
		errs = append(errs, d.value(c, out.Index(i), fmt.Sprintf("%s[%d]", path, i)))
	}
	v.Set(out)
	return errors.Join(errs...)
}

func (d *yamlDecoder) entries(n *yaml.Node, v reflect.Value, path string) error {
	if n.Kind != yaml.MappingNode {
		return d.wants(n, path, "a mapping")
	}
	out := reflect.MakeMap(v.Type())
	for it := v.MapRange(); it.Next(); {
		out.SetMapIndex(it.Key(), it.Value())
	}
	var errs []error
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Kind != yaml.ScalarNode { // refused by vet
			continue
		}
		key := reflect.ValueOf(n.Content[i].Value).Convert(v.Type().Key())
		entry := reflect.New(v.Type().Elem()).Elem()
		if old := out.MapIndex(key); old.IsValid() {
			entry.Set(old)
		}
		errs = append(errs, d.value(n.Content[i+1], entry, join(path, n.Content[i].Value)))
		out.SetMapIndex(key, entry)
	}
	v.Set(out)
	return errors.Join(errs...)
}

func (d *yamlDecoder) any(n *yaml.Node, v reflect.Value, path string) error {
	var to reflect.Value
	switch n.Kind {
	case yaml.MappingNode:
		to = reflect.New(reflect.TypeFor[map[string]any]()).Elem()
	case yaml.SequenceNode:
		to = reflect.New(reflect.TypeFor[[]any]()).Elem()
	default:
		to = reflect.New(reflect.TypeFor[string]()).Elem()
	}
	err := d.value(n, to, path)
	v.Set(to)
	return err
}

var (
	yamlInt   = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)
	yamlFloat = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
)

func (d *yamlDecoder) scalar(n *yaml.Node, v reflect.Value, path string) error {
	ok := false
	switch s := n.Value; v.Kind() {
	case reflect.String:
		v.SetString(s)
		return nil
	case reflect.Bool:
		v.SetBool(s == "true")
		ok = s == "true" || s == "false"
	case reflect.Int, reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(s, 10, v.Type().Bits())
		v.SetInt(i)
		ok = err == nil && yamlInt.MatchString(s)
	case reflect.Uint, reflect.Uint32, reflect.Uint64:
		i, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 10, v.Type().Bits())
		v.SetUint(i)
		ok = err == nil && yamlInt.MatchString(s)
	case reflect.Float64:
		f, err := strconv.ParseFloat(s, 64)
		v.SetFloat(f)
		ok = err == nil && yamlFloat.MatchString(s) && !math.IsInf(f, 0)
	default:
		panic(fmt.Sprintf("dataset: DecodeYAML cannot fill a %s", v.Type()))
	}
	if !ok {
		return d.wants(n, path, wanted(v.Kind()))
	}
	return nil
}

// wanted is a scalar kind in words.
func wanted(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	}
	return "a whole number, 0 or more"
}

func (d *yamlDecoder) wants(n *yaml.Node, path, what string) error {
	found := "a list"
	switch n.Kind {
	case yaml.MappingNode:
		found = "a mapping"
	case yaml.ScalarNode:
		found = quoteYAML(n.Value)
	}
	return d.at(n.Line, n.Column, path, fmt.Errorf("wants %s, found %s", what, found))
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
