package annotate

import (
	"fmt"
	"strconv"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// number notes the number by which l names a turn, and by the column in which it
// stands what it is.
func (l *label) number() {
	for _, c := range []struct {
		by string
		at *int32
	}{{Message0, l.Turn}, {Assistant1, l.AssistantTurn}, {Exchange1, l.Exchange}} {
		if c.at != nil {
			l.by, l.named = c.by, *c.at
			return
		}
	}
}

// turn reads the number of l by the convention that was asked for, if one was.
func (j *join) turn(l *label) error {
	a := &l.Annotation
	switch j.o.Turn {
	case "":
		return nil
	case SourceID:
		source := l.turn
		if source == "" && l.by != "" {
			source = strconv.Itoa(int(l.named))
		}
		if source == "" {
			return nil
		}
		if n, err := strconv.ParseInt(source, 10, 32); err == nil {
			l.by, l.named = SourceID, int32(n)
		}
		at, err := j.x.Turn(a.TrajectoryID, source)
		if err != nil {
			return err
		}
		a.Turn, a.AssistantTurn, a.Exchange = &at, nil, nil
		return nil
	}
	if l.by != "" {
		l.by = j.o.Turn
		name(a, l.by, l.named)
	}
	return nil
}

// name makes a's place what the number is by a convention.
func name(a *schema.Annotation, by string, number int32) {
	a.Turn, a.AssistantTurn, a.Exchange = nil, nil, nil
	switch by {
	case Message0:
		a.Turn = &number
	case Assistant1:
		a.AssistantTurn = &number
	case Exchange1:
		a.Exchange = &number
	}
}

// others are the ways in which numbers may have been meant, and how to say so.
var others = []struct {
	by  string
	add int32
	try string
}{
	{Assistant1, 0, "--turn assistant1"},
	{Message0, 0, "--turn message0"},
	{Exchange1, 0, "--turn exchange1"},
	{Assistant1, 1, "a recipe with assistant_turn: {from: …, add: 1}, as for assistant turns counted from 0"},
	{Message0, -1, "a recipe with turn: {from: …, add: -1}, as for messages counted from 1"},
}

// explain proposes what would take labels that were not matched: the convention by
// which most of all numbers are turns, and another key.
func (j *join) explain() {
	best, try := len(j.fit), ""
	for _, c := range others {
		if len(j.lost) == 0 {
			break
		}
		fits := 0
		count := func(trajectory string, number int32) {
			a := schema.Annotation{TrajectoryID: trajectory}
			name(&a, c.by, number+c.add)
			if j.x.Fill(&a) == nil {
				fits++
			}
		}
		for _, s := range j.fit {
			count(s.trajectory, s.number)
		}
		for _, s := range j.lost {
			count(s.trajectory, s.number)
		}
		if fits > best {
			best, try = fits, c.try
		}
	}
	switch all := len(j.fit) + len(j.lost); {
	case try == "":
	case best == all:
		try += fmt.Sprintf(" (all %s that name a turn would fit)", grouped(all))
	default:
		try += fmt.Sprintf(" (%s of the %s that name a turn would fit)", grouped(best), grouped(all))
	}
	for i := range j.report.Unmatched {
		switch x := &j.report.Unmatched[i]; x.Kind {
		case dataset.ErrNotAssistant, dataset.ErrNoTurn:
			x.Try = try
		case dataset.ErrUnknownTrajectory:
			switch {
			case j.rewritten*2 > j.strangers:
				x.Try = unrewrite
			case j.bySource*2 > j.strangers:
				x.Try = fmt.Sprintf("--key %s (%s of them are the source's ids)", BySource, grouped(j.bySource))
			}
		}
	}
}
