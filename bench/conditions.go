package bench

import (
	"maps"
	"slices"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
)

// Conditions are what the numbers of a board were taken under, beside its spec: nothing
// is scored outside stated ones. Readings are those of the counted settings.
type Conditions struct {
	Readings  int64
	Tested    [3]int64   // readings, by the codes of schema.Testeds
	Pressures []Pressure // by design, in order of their names; a reading counts under each
	Calm      Pressure   // none by design
	Unknown   Pressure   // not recorded
	Silence   []Silence  // of each annotator that gave control, in order of their names
}

// A Pressure is how much there is under one.
type Pressure struct {
	Name      string
	Scenarios int64
	Readings  int64
}

// A Silence is what an annotator's silence means; Means is "" where it is not declared
// and unknown is used.
type Silence struct{ Annotator, Means string }

// conditions counts what the keys of the board were taken under.
func (b *Board) conditions(s *slicer) error {
	c := &b.Conditions
	c.Readings = b.total("labelled")
	for code := range schema.Testeds.Len() {
		c.Tested[code] = b.total("tested_" + schema.Tested(code).String())
	}
	for _, name := range b.Annotators {
		c.Silence = append(c.Silence, Silence{name, b.Spec.Rules.Panel.Annotators[name].Silence})
	}
	readings, scenarios := map[GridValue]int64{}, map[GridValue]map[string]bool{}
	labelled := b.labelled()
	for _, k := range s.keys {
		n := labelled[k]
		if n == 0 {
			continue
		}
		for _, v := range s.held(k, "pressures") {
			if scenarios[v] == nil {
				scenarios[v] = map[string]bool{}
			}
			readings[v] += n
			scenarios[v][k.Scenario] = true
		}
	}
	count := func(v GridValue) Pressure {
		return Pressure{Name: v.Text, Scenarios: int64(len(scenarios[v])), Readings: readings[v]}
	}
	for _, v := range slices.SortedFunc(maps.Keys(readings), GridValue.compare) {
		if v.Absent == Present {
			c.Pressures = append(c.Pressures, count(v))
		}
	}
	c.Calm, c.Unknown = count(GridValue{Absent: ByDesign}), count(GridValue{Absent: Unrecorded})
	return nil
}

// labelled counts the readings with a judgement by key.
func (b *Board) labelled() map[metrics.Key]int64 {
	out := map[metrics.Key]int64{}
	for k, n := range b.Counts.Each(b.find("readings[labelled]")) {
		out[k] = n[0]
	}
	return out
}

// total is a count of readings over all systems.
func (b *Board) total(of string) (n int64) {
	at := b.find("readings[" + of + "]")
	for yi := range b.Systems {
		n += b.At(0, yi, at).N
	}
	return n
}
