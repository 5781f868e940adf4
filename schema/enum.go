package schema

import (
	"fmt"
	"slices"
	"strings"
)

// A Term is one documented value of an Enum.
type Term struct {
	Name    string
	Doc     string
	Aliases []string // the field's other words, accepted on import, written as Name
}

// An Enum is the vocabulary of one label: its values in order, with their meaning.
//
// The position of a term is its code, stable within one Enum. Ordinal enums list
// the best value first. Open enums may be extended by a dataset with documented names.
type Enum struct {
	Name    string
	Doc     string
	Ordinal bool
	Open    bool
	Terms   []Term
}

// Len is the number of terms.
func (e *Enum) Len() int { return len(e.Terms) }

// Names lists the terms in code order. The caller owns the slice.
func (e *Enum) Names() []string {
	out := make([]string, len(e.Terms))
	for i, t := range e.Terms {
		out[i] = t.Name
	}
	return out
}

// Code is the position of the term with that exact name; aliases do not count.
func (e *Enum) Code(name string) (int, bool) {
	for i := range e.Terms {
		if e.Terms[i].Name == name {
			return i, true
		}
	}
	return 0, false
}

// Canonical is the term's own name for a name or an alias, as importers write it.
func (e *Enum) Canonical(name string) (string, bool) {
	for _, t := range e.Terms {
		if t.Name == name || slices.Contains(t.Aliases, name) {
			return t.Name, true
		}
	}
	return "", false
}

// Check is nil for a term's exact name, else an error that names the nearest term
// and the way to extend an open vocabulary.
func (e *Enum) Check(name string) error {
	if _, ok := e.Code(name); ok {
		return nil
	}
	msg := fmt.Sprintf("unknown %s %q", e.Name, name)
	if c, ok := e.Canonical(name); ok {
		msg += fmt.Sprintf("; its name here is %s", c)
	} else if near := Nearest(name, e.Names()); near != "" {
		msg += fmt.Sprintf("; did you mean %s?", near)
	} else if !e.Open {
		msg += "; it is one of " + strings.Join(e.Names(), ", ")
	}
	if e.Open {
		msg += fmt.Sprintf(" (to use it, name and document it under vocabulary.%ss in dataset.yaml)", e.Name)
	}
	return vocabularyError(msg)
}

// With is the enum extended by a dataset's own documented terms, in name order
// after the core. A name of the core keeps its code and takes the new documentation
// only where it had none.
func (e *Enum) With(extra map[string]string) *Enum {
	if len(extra) == 0 {
		return e
	}
	out := *e
	out.Terms = slices.Clone(e.Terms)
	for _, name := range sortedKeys(extra) {
		if _, ok := e.Code(name); !ok {
			out.Terms = append(out.Terms, Term{Name: name, Doc: extra[name]})
		}
	}
	return &out
}

// A Vocabulary is every enum of the annotations table by the name its columns
// carry in their `enum` tag, with a dataset's targets and pressures added.
type Vocabulary struct {
	Targets, Pressures *Enum
}

// NewVocabulary extends the core targets and pressures; nil adds nothing.
func NewVocabulary(targets, pressures map[string]string) *Vocabulary {
	return &Vocabulary{Targets: Targets.With(targets), Pressures: Pressures.With(pressures)}
}

// Of is the enum with that name (a column's `enum` tag), nil if there is none.
func (v *Vocabulary) Of(name string) *Enum {
	switch name {
	case Targets.Name:
		return v.Targets
	case Pressures.Name:
		return v.Pressures
	}
	for _, e := range Enums {
		if e.Name == name {
			return e
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
