package check

import (
	"github.com/righting-bench/righting/schema"
)

var duplicateKey = &Rule{
	Code: "A001", Name: "duplicate-key", Severity: Error,
	Doc: `two judgements stand at one place

Two rows of annotations share trajectory_id, constraint_id, annotator, pass, measure
and place, so it is not known which of them holds. The place is assistant_turn; where
that is null, turn and exchange, or exchange alone with unit: exchange.`,
	Fix: `Delete one. If the annotator judged twice, number the second: pass 1.`,
	Start: func(d *Data) Visitor {
		k := &keys{exchanges: d.Manifest.Rules.Unit == "exchange", first: map[key]spot{}}
		return Visitor{Annotation: k.see}
	},
}

// keys remembers where each key first stood, some 100 bytes a row: rows need not be in
// order.
type keys struct {
	exchanges bool // are units
	texts     codes[string]
	files     codes[string]
	first     map[key]spot
}

// A key is what may be there once, texts as codes: of the place, turn and exchange are
// null where assistant_turn says which it is.
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
		nullable{},
		nullableOf(a.AssistantTurn),
		nullable{},
		nullable{},
	}
	if a.AssistantTurn == nil {
		now.exchange = nullableOf(a.Exchange)
		if !k.exchanges {
			now.turn = nullableOf(a.Turn)
		}
	}
	if a.Measure != nil {
		now.measure = nullable{k.texts.code(*a.Measure), true}
	}
	if s, again := k.first[now]; again {
		at.Report("", "the same place as %s", schema.Place{File: k.files.values[s.file], Row: int(s.row)})
		return
	}
	k.first[now] = spot{k.files.code(at.File), int32(at.Row)}
}
