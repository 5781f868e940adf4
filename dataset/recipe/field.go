package recipe

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/righting-bench/righting/schema"
)

// A field is one column of a table of ours, and the struct field that holds it.
type field struct {
	schema.Column
	at   int
	list int          // of the row: the list of structs that it is a part of, -1 = none
	elem int          // which element of it
	enum *schema.Enum // nil = free
}

// fieldsOf lists the fields of a table by column name.
func fieldsOf(columns []schema.Column, v *schema.Vocabulary) map[string]*field {
	out := map[string]*field{}
	for i, c := range columns {
		out[c.Name] = &field{Column: c, at: i, list: -1, enum: v.Of(c.Enum)}
	}
	return out
}

func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// texts is whether the column holds a list of texts.
func (f *field) texts() bool { return f.Type == "LIST STRING" }

// json is whether the column holds JSON as text.
func (f *field) json() bool { return strings.HasSuffix(f.Name, "_json") }

// in is the column's place in a row.
func (f *field) in(row reflect.Value) reflect.Value {
	if f.list >= 0 {
		row = row.Field(f.list).Index(f.elem)
	}
	return row.Field(f.at)
}

// set parses texts and stores them in the row, as copies from the pool. An error says
// what is wrong with the texts, and leaves the row as it was.
func (f *field) set(row reflect.Value, of []string, p pool) error {
	dst := f.in(row)
	if f.texts() {
		all := make([]string, 0, len(of))
		for _, s := range of {
			word, err := f.word(s)
			if err != nil {
				return err
			}
			all = append(all, *p.share(word))
		}
		dst.Set(reflect.ValueOf(all))
		return nil
	}
	if len(of) != 1 {
		return fmt.Errorf("a list of %d, and %s holds one value", len(of), f.Name)
	}
	v, err := f.parse(of[0])
	if err != nil {
		return err
	}
	if f.Type == "STRING" {
		v = reflect.ValueOf(p.share(v.String()))
	} else if dst.Kind() == reflect.Pointer {
		to := reflect.New(v.Type())
		to.Elem().Set(v)
		v = to
	}
	if dst.Kind() != reflect.Pointer {
		v = reflect.Indirect(v)
	}
	dst.Set(v)
	return nil
}

// parse is the value of one text, as the column's type.
func (f *field) parse(s string) (reflect.Value, error) {
	fail := func(what string) (reflect.Value, error) {
		return reflect.Value{}, fmt.Errorf("%s is not %s, which %s needs; map it, or list it under missing", excerpt(s), what, f.Name)
	}
	if s == "" {
		return reflect.Value{}, fmt.Errorf("empty, and %s is wanted; list \"\" under missing if it means no judgement", f.Name)
	}
	if f.json() {
		if err := checkText(s, f.Name == "metadata_json"); err != nil {
			return reflect.Value{}, fmt.Errorf("%s %w, which %s needs", excerpt(s), err, f.Name)
		}
	}
	switch f.Type {
	case "STRING":
		word, err := f.word(s)
		if err != nil {
			return reflect.Value{}, err
		}
		return reflect.ValueOf(word), nil
	case "BOOLEAN":
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fail("true or false")
		}
		return reflect.ValueOf(b), nil
	case "INT32":
		n, err := whole(s)
		if err != nil {
			return fail("a whole number")
		}
		if least, words := f.least(); n < least {
			return fail(words)
		}
		if f.Name == "path_to_victory" && n > 3 {
			return fail("0 to 3")
		}
		if f.enum != nil {
			if err := f.enum.Check(strconv.Itoa(int(n))); err != nil {
				return reflect.Value{}, err
			}
		}
		return reflect.ValueOf(n), nil
	case "DOUBLE":
		v, err := number(s)
		if err != nil {
			return fail("a number")
		}
		if f.Name == "confidence" && (v < 0 || v > 1) {
			return fail("between 0 and 1")
		}
		return reflect.ValueOf(v), nil
	case "TIMESTAMP":
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return fail("a time such as 2026-05-11T09:30:00Z")
		}
		return reflect.ValueOf(t.UnixMicro()), nil
	}
	return fail(f.Type)
}

// word is s, or the vocabulary's own name for it.
func (f *field) word(s string) (string, error) {
	if f.enum == nil {
		return s, nil
	}
	if name, ok := f.enum.Canonical(s); ok {
		return name, nil
	}
	return "", f.enum.Check(s)
}

// least is the smallest number the column can hold, in words too.
func (f *field) least() (int32, string) {
	switch f.Name {
	case "assistant_turn", "exchange":
		return 1, "1 or more (add: 1 makes numbers from 0 so)"
	}
	if f.list >= 0 { // a rank
		return 1, "1 or more"
	}
	return 0, "0 or more"
}

// A pool is texts used lately, for rows to share: apart from the records they were cut
// from, and once.
type pool map[string]*string

// Bounds of a pool.
const (
	maxPool   = 1 << 14
	maxPooled = 64 // bytes of a text
)

func (p pool) share(s string) *string {
	if old, ok := p[s]; ok {
		return old
	}
	s = strings.Clone(s)
	if len(s) <= maxPooled {
		if len(p) >= maxPool {
			clear(p)
		}
		p[s] = &s
	}
	return &s
}

// whole reads 3, and 3.0 as some programs write it.
func whole(s string) (int32, error) {
	digits, zeros, point := strings.Cut(s, ".")
	if point && (zeros == "" || strings.Trim(zeros, "0") != "") {
		return 0, strconv.ErrSyntax
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	return int32(n), err
}

// number reads a decimal number: no NaN, infinity, hexadecimal or underscores.
func number(s string) (float64, error) {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(s, 64)
}
