package check

import (
	"cmp"

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
		k := &keys{exchanges: d.Manifest.Rules.Unit == "exchange", grouped: d.Grouped(), first: map[key]spot{}}
		return Visitor{Annotation: k.see}
	},
}

// keys remembers where each key first stood: of grouped rows, those of one pass of an
// annotator; else of all, some 100 bytes a row.
type keys struct {
	exchanges bool // are units
	grouped   bool
	texts     codes[string]
	files     codes[string]
	first     map[key]spot

	// Of grouped rows whose keys have ascended so far, which are not in first.
	ascending []ascended
	last      string // the measure of the last of them
}

type ascended struct {
	key
	row int32
}

// A key is what may be there once, texts as codes: of the place, turn and exchange are
// null where assistant_turn says which it is.
type key struct {
	trajectory, constraint, annotator, pass int32

	turn, assistantTurn, exchange, measure nullable
}

// ascends is whether the place of l is after that of k; measures are compared as texts.
func (k *key) ascends(l *key, kMeasure, lMeasure string) bool {
	c := cmp.Or(k.turn.compare(l.turn), k.assistantTurn.compare(l.assistantTurn), k.exchange.compare(l.exchange))
	return c < 0 || c == 0 && (!k.measure.ok && l.measure.ok || k.measure.ok && l.measure.ok && kMeasure < lMeasure)
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

// compare is below 0 where n comes before m, null first.
func (n nullable) compare(m nullable) int {
	switch {
	case n.ok != m.ok && m.ok:
		return -1
	case n.ok != m.ok:
		return 1
	}
	return cmp.Compare(n.n, m.n)
}

// A spot is a Place in few bytes.
type spot struct{ file, row int32 }

func (k *keys) see(at *Row, a *schema.Annotation) {
	now := key{assistantTurn: nullableOf(a.AssistantTurn)}
	if a.AssistantTurn == nil {
		now.exchange = nullableOf(a.Exchange)
		if !k.exchanges {
			now.turn = nullableOf(a.Turn)
		}
	}
	measure := ""
	if a.Measure != nil {
		measure = *a.Measure
		now.measure = nullable{k.texts.code(measure), true}
	}
	if !k.grouped {
		now.trajectory, now.constraint = k.texts.code(a.TrajectoryID), k.texts.code(a.ConstraintID)
		now.annotator, now.pass = k.texts.code(a.Annotator), a.Pass
	} else if k.ascend(at, &now, measure) {
		return
	}
	if s, again := k.first[now]; again {
		at.Report("", "the same place as %s", schema.Place{File: k.files.values[s.file], Row: int(s.row)})
		return
	}
	k.first[now] = spot{k.files.code(at.File), int32(at.Row)}
}

// ascend takes a key that cannot have been there: the keys before it in its pass ascend,
// and it is after the last of them. Where one is not, all go into first.
func (k *keys) ascend(at *Row, now *key, measure string) bool {
	if at.Same < samePass {
		k.ascending = k.ascending[:0]
		clear(k.first)
	}
	n := len(k.ascending)
	if len(k.first) == 0 && (n == 0 || k.ascending[n-1].ascends(now, k.last, measure)) {
		k.ascending, k.last = append(k.ascending, ascended{*now, int32(at.Row)}), measure
		return true
	}
	for _, was := range k.ascending {
		k.first[was.key] = spot{k.files.code(at.File), was.row}
	}
	k.ascending = k.ascending[:0]
	return false
}
