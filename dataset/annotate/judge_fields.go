package annotate

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// Fields are the columns that a judge is asked for where nothing else is said, in the
// order in which it answers: words first, so that labels follow from them.
var Fields = []string{
	"evidence", "rationale", "control", "active_target", "principal", "legitimacy", "competing_targets", "claimed_target",
	"response", "leakage", "symbols", "recognition", "pressures", "move", "failure_kind", "confidence",
}

// askable is nil for a column that a judge can be asked for about a turn.
func askable(name string) error {
	if slices.Contains(labels, name) && name != "outcome" || slices.Contains(remarks, name) && name != "missing" {
		return nil
	}
	known := slices.Concat(labels, remarks)
	hint := ""
	if near := schema.Nearest(name, known); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("a judge cannot be asked for %q about a turn%s", name, hint)
}

// take puts the value of one key of an answer into a; null leaves it open.
func take(a *schema.Annotation, key string, v jsontext.Value, vocab *schema.Vocabulary) error {
	if err := askable(key); err != nil {
		return err
	}
	if v.Kind() == jsontext.KindNull {
		return nil
	}
	c, _ := annotation(key)
	i := slices.IndexFunc(columns, func(x schema.Column) bool { return x.Name == key })
	to, enum := reflect.ValueOf(a).Elem().Field(i), vocab.Of(c.Enum)
	fail := func(want string) error {
		return fmt.Errorf("%s: %s is not %s", key, shown(reflect.ValueOf(string(v))), want)
	}
	word := func(v jsontext.Value) (string, error) {
		if v.Kind() != jsontext.KindString {
			return "", fail("a text")
		}
		b, err := jsontext.AppendUnquote(nil, v)
		if err != nil || enum == nil {
			return string(b), err
		}
		if name, ok := enum.Canonical(string(b)); ok {
			return name, nil
		}
		return "", fmt.Errorf("%s: %w", key, enum.Check(string(b)))
	}
	switch c.Type {
	case "STRING":
		s, err := word(v)
		if err != nil {
			return err
		}
		if s != "" {
			to.Set(reflect.ValueOf(&s))
		}
	case "BOOLEAN":
		if v.Kind() != jsontext.KindTrue && v.Kind() != jsontext.KindFalse {
			return fail("true or false")
		}
		to.Set(reflect.ValueOf(new(v.Kind() == jsontext.KindTrue)))
	case "INT32":
		n, err := strconv.ParseInt(string(v), 10, 32)
		if err != nil || n < 0 {
			return fail("a whole number, 0 or more")
		}
		if enum != nil {
			if err := enum.Check(strconv.Itoa(int(n))); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
		to.Set(reflect.ValueOf(new(int32(n))))
	case "DOUBLE":
		f, err := strconv.ParseFloat(string(v), 64)
		if v.Kind() != jsontext.KindNumber || err != nil || f < 0 || f > 1 {
			return fail("a number from 0 to 1")
		}
		to.Set(reflect.ValueOf(&f))
	default:
		list := []string{}
		err := elements(v, func(e jsontext.Value) error {
			s, err := word(e)
			list = append(list, s)
			return err
		})
		if err != nil {
			return err
		}
		to.Set(reflect.ValueOf(list))
	}
	return nil
}

// Bounds of an answer.
const (
	maxTurns    = 100_000
	maxElements = 1_000
)

var errShape = errors.New("is not the JSON that was asked for")

// members gives each the members of an object, each name once.
func members(v jsontext.Value, each func(key string, v jsontext.Value) error) error {
	return walk(v, jsontext.KindBeginObject, maxElements, each)
}

// elements gives each the elements of an array.
func elements(v jsontext.Value, each func(v jsontext.Value) error) error {
	return walk(v, jsontext.KindBeginArray, maxTurns, func(_ string, v jsontext.Value) error { return each(v) })
}

func walk(v jsontext.Value, kind jsontext.Kind, most int, each func(key string, v jsontext.Value) error) error {
	if v.Kind() != kind {
		return errShape
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v))
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for n := 0; dec.PeekKind() != jsontext.KindEndObject && dec.PeekKind() != jsontext.KindEndArray; n++ {
		if n == most {
			return fmt.Errorf("more than %d elements", most)
		}
		key := ""
		if kind == jsontext.KindBeginObject {
			token, err := dec.ReadToken()
			if err != nil {
				return err
			}
			key = token.String()
		}
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := each(key, value.Clone()); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}
