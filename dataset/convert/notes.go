package convert

import (
	"fmt"
	"slices"

	"github.com/righting-bench/righting/schema"
)

// maxNotes bounds the kinds of notes.
const maxNotes = 100

// notes are what a reader should know, each kind once.
type notes []note

type note struct {
	What  string       `json:"what"`
	First schema.Place `json:"first"`
	Count int          `json:"count"`
}

func (n *notes) add(m note) {
	i := slices.IndexFunc(*n, func(k note) bool { return k.What == m.What })
	switch {
	case i >= 0:
		(*n)[i].Count += m.Count
	case len(*n) < maxNotes:
		*n = append(*n, m)
	}
}

// list is the notes as lines.
func (n notes) list() []string {
	var out []string
	for _, m := range n {
		line := fmt.Sprintf("%s: %s", m.First, m.What)
		if m.Count > 1 {
			line += fmt.Sprintf(" (the first of %d)", m.Count)
		}
		out = append(out, line)
	}
	return out
}
