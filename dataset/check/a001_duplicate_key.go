package check

import (
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var duplicateKey = &Rule{
	Code: "A001", Name: "duplicate-key", Severity: Error,
	Doc: `two judgements stand at one place

Two rows of annotations share trajectory_id, constraint_id, annotator, pass, turn,
assistant_turn, exchange and measure, so it is not known which of them holds.
Delete one. If the annotator judged twice, number the second: pass 1.`,
	Start: func(*dataset.Dataset) Visitor {
		k := &keys{first: map[key]spot{}}
		return Visitor{Annotation: k.see}
	},
}

// keys remembers where each key first stood, some 100 bytes a row: rows need not be in
// order.
type keys struct {
	texts codes[string]
	files codes[string]
	first map[key]spot
}

// A key is the full key of a row, texts as codes.
type key struct {
	trajectory, constraint, annotator, pass int32

	turn, assistantTurn, exchange, measure nullable
}

type nullable struct {
	n  int32
	ok bool
}

func nullableOf(n *int32) nullable {
	if n == nil {
		return nullable{}
	}
	return nullable{*n, true}
}

// A spot is a Place in few bytes.
type spot struct{ file, row int32 }

func (k *keys) see(at *Row, a *schema.Annotation) {
	now := key{
		k.texts.code(a.TrajectoryID), k.texts.code(a.ConstraintID), k.texts.code(a.Annotator), a.Pass,
		nullableOf(a.Turn), nullableOf(a.AssistantTurn), nullableOf(a.Exchange),
		nullable{},
	}
	if a.Measure != nil {
		now.measure = nullable{k.texts.code(*a.Measure), true}
	}
	if s, again := k.first[now]; again {
		at.Report("", "the same key as %s", schema.Place{File: k.files.values[s.file], Row: int(s.row)})
		return
	}
	k.first[now] = spot{k.files.code(at.File), int32(at.Row)}
}
