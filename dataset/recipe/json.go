package recipe

import (
	"errors"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// checkText is nil for one strict JSON value, an object where it has to be one.
func checkText(s string, object bool) error {
	v := jsontext.Value(s)
	switch {
	case checkJSON(v) != nil || !v.IsValid():
		return errors.New("is not JSON")
	case object && v.Kind() != jsontext.KindBeginObject:
		return errors.New("is not a JSON object")
	}
	return nil
}

// json is what x gives for a column of JSON: the text of a subtree, or an object of
// the columns that it names, in their order.
func (x *fill) json(e *env) (texts, error) {
	if x.From.all == nil {
		if len(x.refs) == 1 && len(x.from) <= 1 {
			s, ok, err := e.raw(x.refs[0], false)
			if !ok || err != nil || x.skips(e, s) {
				return nil, err
			}
			return texts{s}, nil
		}
		of, err := x.join(e)
		if len(of) == 0 || len(of) == 1 && x.skips(e, of[0]) {
			return nil, err
		}
		return of, err
	}
	b := []byte{'{'}
	for i, r := range x.refs {
		s, ok, err := e.raw(r, true)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, quoteJSON(x.From.all[i])...), ':'), s...)
	}
	return texts{string(append(b, '}'))}, nil
}

// skips is whether a text means that there is nothing.
func (x *fill) skips(e *env, s string) bool { return s == "" || x.missing(e, s) }

// raw is the JSON text of what a name leads to. A text is quoted, or else is JSON
// itself; ok is false where there is nothing.
func (e *env) raw(r ref, quoted bool) (s string, ok bool, _ error) {
	c := cell{}
	switch r.to {
	case toSource:
		c = e.rec.cell(e.head.at(r.name))
	case toWide:
		c = e.rec.cell(e.wide)
	default:
		of, err := e.get(r)
		if err != nil || of == nil {
			return "", false, err
		}
		c = cell{kind: text, text: of[0]}
		if len(of) > 1 {
			c = cell{kind: list, text: quoteList(of)}
		}
	}
	switch {
	case c.kind == null && quoted:
		return "null", true, nil
	case c.kind == absent, c.kind == null, c.kind == text && slices.Contains(e.plan.missing, c.text):
		return "", false, nil
	case c.kind == text && !c.bare && quoted:
		return quoteJSON(c.text), true, nil
	}
	return c.text, true, nil
}

// quoteJSON is s as a JSON string.
func quoteJSON(s string) string {
	b, err := jsontext.AppendQuote(nil, s)
	if err != nil { // texts are checked when they are read
		return strconv.Quote("")
	}
	return string(b)
}

func quoteList(of []string) string {
	b := []byte{'['}
	for i, s := range of {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, quoteJSON(s)...)
	}
	return string(append(b, ']'))
}
