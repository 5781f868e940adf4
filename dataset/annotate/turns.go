package annotate

import (
	"fmt"
	"strconv"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// turn reads the number of l by the convention that was asked for, else by the column
// in which it stands.
func (j *join) turn(l *label) error {
	a := &l.Annotation
	for _, c := range []struct {
		by string
		at *int32
	}{{Message0, a.Turn}, {Assistant1, a.AssistantTurn}, {Exchange1, a.Exchange}} {
		if c.at != nil {
			l.by, l.number = c.by, *c.at
			break
		}
	}
	switch j.o.Turn {
	case "":
		return nil
	case SourceID:
		source := l.turn
		if source == "" && l.by != "" {
			source = strconv.Itoa(int(l.number))
		}
		if source == "" {
			return nil
		}
		if n, err := strconv.ParseInt(source, 10, 32); err == nil {
			l.by, l.number = SourceID, int32(n)
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
		name(a, l.by, l.number)
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
	best, try := j.named, ""
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
		for _, l := range j.labels {
			if l.by != "" {
				count(l.TrajectoryID, l.number)
			}
		}
		for _, s := range j.lost {
			count(s.trajectory, s.number)
		}
		if fits > best {
			best, try = fits, c.try
		}
	}
	switch all := j.named + len(j.lost); {
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
			if j.bySource*2 > j.strangers {
				x.Try = fmt.Sprintf("--key %s (%s of them are the source's ids)", BySource, grouped(j.bySource))
			}
		}
	}
}
