package bench

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

const historyChange = "labels of contested units and of active targets, more turns under pressure, more scenarios; context that explains what history seems to"

var historyAudit = &Audit{
	Name:     "history",
	Question: "do the state and the target of one unit predict loss on the next beyond what the context says?",
	Doc: `Loss on unit t (neutralised) where unit t-1 was not lost: a lost state that persists would
make any history "predict", so units lost before are reported beside it and decide
nothing. Two logistic regressions with ridge 1 on every coefficient, fitted by Newton's
method. The null knows the context: the unit's number, the pressures seen on it and
designed, whether the unit before refused, path, condition, constraint, system, and how
often the other systems lose in the same scenario. The other knows the state of t-1
(governs, contested) and its active target too. Both are fitted on four fifths of the
scenarios and held against the fifth that they have not seen, in folds by a hash of seed
and scenario. history_gain is how much log loss per unit the history takes off, in nats,
with BCa over scenarios (fits held fixed: Bayle et al. 2020). Source: checklist rows 53,
60, 63.`,
	Words: []schema.Term{
		{Name: "adds", Doc: "the gain is at or above its margin, and its whole interval above 0: context alone does not explain the loss"},
		{Name: "does not add", Doc: "the whole interval of the gain lies below its margin: context alone explains it as well"},
		undeterminedTerm,
	},
	Margins: []Margin{{Name: "history_gain", Value: .01, Doc: "the least log loss per unit, in nats, that history must take off"}},
	Change:  historyChange,
	Shown:   []string{"history_gain", "log_loss", "units", "losses"},
	ask:     askHistory,
}

const (
	lastTurn       = 9  // the turn number that stands for itself and all above
	folds          = 5  // of scenarios
	foldsScenarios = 20 // below, a model that learns nothing says nothing
	lossesLeast    = 30 // as above; of losses, and of units held
	nats           = 1e-6
)

// walk counts each unit after another.
func (f *facts) walk(k metrics.Key, r *reading.Reading) {
	known := r.G.Or(r.C).Or(r.N)
	refuse, responded := r.Refused()
	j := r.Judged
	turn := 1
	for i, t := r.Sequence.First(), -1; i >= 0; i = r.Sequence.Next(i) {
		before := t
		t = i
		if before < 0 {
			continue
		}
		turn++
		if !known.Has(before) || !known.Has(i) {
			continue
		}
		s := step{key: k, turn: int8(min(turn, lastTurn)), looked: j.By[reading.Pressures].Judged.Has(i), refused: -1}
		for code, units := range j.By[reading.Pressures].Is {
			if units.Has(i) {
				s.pressed |= 1 << min(code, 63)
			}
		}
		switch {
		case refuse.Has(before):
			s.refused = 1
		case responded.Has(before):
			s.refused = 0
		}
		switch {
		case r.C.Has(before):
			s.before = schema.Contested
		case r.N.Has(before):
			s.before = schema.Neutralised
		}
		if code, ok := j.By[reading.ActiveTarget].At(before); ok && code < len(f.words.Targets.Terms) {
			s.target = f.words.Targets.Terms[code].Name
		}
		n := f.steps.at(s)
		n[both]++
		if r.N.Has(i) {
			n[onlyX]++
		}
	}
}

func (s step) compare(o step) int {
	b := func(v bool) int {
		if v {
			return 1
		}
		return 0
	}
	return cmp.Or(s.key.Compare(o.key), cmp.Compare(s.turn, o.turn), cmp.Compare(s.pressed, o.pressed), b(s.looked)-b(o.looked),
		cmp.Compare(s.refused, o.refused), cmp.Compare(s.before, o.before), cmp.Compare(s.target, o.target))
}

// A knowing is what a model knows of the unit before.
type knowing struct{ state, target bool }

// A walked is steps in order with what models may know of them.
type walked struct {
	steps   []step
	n       []*[slots]int64
	cluster []int
	hard    []float64 // log odds of loss of other systems in the scenario; nil = there are none
}

func (e *evidence) walked(keep func(s step) bool) (*walked, error) {
	w := new(walked)
	for s := range e.facts.steps {
		if keep(s) {
			w.steps = append(w.steps, s)
		}
	}
	slices.SortFunc(w.steps, step.compare)
	units, lost := map[[2]string]int64{}, map[[2]string]int64{} // by cluster, and by cluster and system
	var all, losses int64
	systems := map[string]bool{}
	for _, s := range w.steps {
		name := e.s.cluster(s.key)
		c, ok := slices.BinarySearch(e.s.clusters, name)
		if !ok {
			return nil, fmt.Errorf("scenario %q belongs to no cluster", s.key.Scenario)
		}
		n := e.facts.steps[s]
		w.n, w.cluster = append(w.n, n), append(w.cluster, c)
		for _, at := range [][2]string{{name, ""}, {name, s.key.System}} {
			units[at] += n[both]
			lost[at] += n[onlyX]
		}
		all, losses = all+n[both], losses+n[onlyX]
		systems[s.key.System] = true
	}
	if len(systems) < 2 || losses == 0 || losses == all {
		return w, nil
	}
	base := float64(losses) / float64(all)
	for i, s := range w.steps {
		name := e.s.clusters[w.cluster[i]]
		n := units[[2]string{name, ""}] - units[[2]string{name, s.key.System}]
		y := lost[[2]string{name, ""}] - lost[[2]string{name, s.key.System}]
		p := (float64(y) + float64(2*base)) / (float64(n) + 2) // two units of what is usual
		w.hard = append(w.hard, math.Log(p/(1-p)))
	}
	return w, nil
}

// context is what the null knows of a step: names of features that it has.
func (e *evidence) context(s step) []string {
	out := []string{
		"any", "turn=" + strconv.Itoa(int(s.turn)), "system=" + s.key.System, "constraint=" + s.key.Constraint,
		"refused=" + strconv.Itoa(int(s.refused)), "condition=" + s.key.Condition, "setting=" + s.key.Setting,
	}
	if !s.looked {
		out = append(out, "pressed=?")
	}
	for code := range 64 {
		if s.pressed>>code&1 == 1 {
			out = append(out, "pressed="+strconv.Itoa(code))
		}
	}
	for _, v := range e.s.values(s.key, "pressures") {
		out = append(out, "designed="+text(v))
	}
	return append(out, "path="+text(e.s.values(s.key, "path_to_victory")[0]))
}

// groups codes steps for a regression, and says how many columns that makes.
func (e *evidence) groups(w *walked, k knowing) ([]stat.Group, int) {
	features := make([][]string, len(w.steps))
	column := map[string]int{}
	for i, s := range w.steps {
		features[i] = e.context(s)
		if k.state {
			features[i] = append(features[i], "state="+strconv.Itoa(int(s.before)))
		}
		if k.target {
			features[i] = append(features[i], "target="+s.target)
		}
		for _, name := range features[i] {
			column[name] = 0
		}
	}
	for at, name := range slices.Sorted(maps.Keys(column)) {
		column[name] = at
	}
	out := make([]stat.Group, len(w.steps))
	for i, n := range w.n {
		g := &out[i]
		g.N, g.Y = n[both], n[onlyX]
		for _, name := range features[i] {
			g.At, g.X = append(g.At, column[name]), append(g.X, 1)
		}
		if w.hard != nil {
			g.At, g.X = append(g.At, len(column)), append(g.X, w.hard[i])
		}
	}
	return out, len(column) + 1
}

// fold is the fold of each cluster that has steps: in order of a hash, one after another.
func (e *evidence) fold(w *walked) map[int]int {
	hash := map[int]uint64{}
	for _, c := range w.cluster {
		if _, done := hash[c]; !done {
			h := fnv.New64a()
			_ = binary.Write(h, binary.BigEndian, e.spec.Rules.Seed) // a hash takes everything
			_, _ = h.Write([]byte(e.s.clusters[c]))
			hash[c] = h.Sum64()
		}
	}
	order := slices.Sorted(maps.Keys(hash))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(hash[a], hash[b]) })
	out := map[int]int{}
	for i, c := range order {
		out[c] = i % folds
	}
	return out
}

// heldOut is the log loss of each step under models that have not seen its scenario.
func (e *evidence) heldOut(w *walked, k knowing) ([]float64, error) {
	groups, p := e.groups(w, k)
	fold := e.fold(w)
	loss := make([]float64, len(groups))
	var g errgroup.Group
	g.SetLimit(cores())
	for at := range folds {
		g.Go(func() error {
			var train []stat.Group
			for i, c := range w.cluster {
				if fold[c] != at {
					train = append(train, groups[i])
				}
			}
			model, err := stat.FitLogistic(train, p, 1)
			if err != nil {
				return err
			}
			for i, c := range w.cluster {
				if fold[c] == at {
					loss[i] = model.Loss(&groups[i])
				}
			}
			return nil
		})
	}
	return loss, g.Wait()
}

// perUnit is a loss per unit, or what one takes off another, with its interval over
// scenarios: sums of each scenario in millionths of a nat, which add up exactly.
func (e *evidence) perUnit(name, about string, w *walked, loss, less []float64) (Number, error) {
	sums, n := make([]float64, len(e.s.clusters)), make([]int64, len(e.s.clusters))
	units := int64(0)
	for i, c := range w.cluster {
		sums[c] += loss[i]
		if less != nil {
			sums[c] -= less[i]
		}
		n[c] += w.n[i][both]
		units += w.n[i][both]
	}
	y := make([]int64, len(sums))
	for c := range sums {
		y[c] = int64(math.Round(sums[c] / nats))
	}
	r, err := stat.ResampleRatio(y, n, nats, e.weights)
	if err != nil {
		return lacks(Number{Name: name, About: about}, err)
	}
	i, err := r.Interval(e.options(stat.MethodBCa))
	if err != nil && !errors.Is(err, stat.ErrUndefined) {
		return Number{}, err
	}
	out := numberOf(name, r.Value, units)
	out.About = about
	return out.within(i, err), nil
}

func askHistory(e *evidence) ([]Answer, error) {
	a := Answer{Notes: []string{"the state of t-1 and the loss at t are often one annotator's, who may have seen the whole: labels made turn by turn (context prefix) do not leak what comes"}}
	hazard, err := e.walked(func(s step) bool { return s.before != schema.Neutralised })
	if err != nil {
		return nil, err
	}
	gain, why, err := e.history(&a, hazard)
	if err != nil {
		return nil, err
	}
	if err := e.persistence(&a); err != nil {
		return nil, err
	}
	if why != "" {
		return []Answer{a.lacking(why, historyChange)}, nil
	}
	m := e.margin("history_gain")
	switch {
	case gain.Low == nil:
		a = a.lacking("the gain has "+gain.Note, "more scenarios")
	case *gain.Low > 0 && *gain.Value >= m:
		a.Verdict, a.Why = "adds", fmt.Sprintf("it takes %s nats a unit off, not below history_gain %s, and surely more than 0", gain, short(m))
		a.Change = "context that says as much: a covariate that tells these units apart beforehand"
	case *gain.High < m:
		a.Verdict, a.Why = "does not add", fmt.Sprintf("it takes at most %s nats a unit off, below history_gain %s", short(*gain.High), short(m))
		a.Change = "losses that follow contested units, or certain targets, more often than others in the same context"
	default:
		a = a.lacking(fmt.Sprintf("it takes %s nats a unit off, with history_gain %s", gain, short(m)), "more scenarios, until the interval lies below the margin or above 0")
	}
	return []Answer{a}, nil
}

// history adds what history takes off a null, or says why nothing can be asked.
func (e *evidence) history(a *Answer, w *walked) (gain Number, why string, err error) {
	var units, losses int64
	states, targets, clusters := map[schema.Control]bool{}, map[string]bool{}, map[int]bool{}
	for i, s := range w.steps {
		units, losses = units+w.n[i][both], losses+w.n[i][onlyX]
		states[s.before], targets[s.target], clusters[w.cluster[i]] = true, true, true
	}
	a.Numbers = append(a.Numbers, countOf("units", units), countOf("losses", losses))
	switch {
	case units == 0:
		return gain, "no tested reading has two judged units one after another of which the first is not lost", nil
	case len(states) < 2 && len(targets) < 2:
		return gain, "there is no history to learn from: every unit before is in the same state, and none has another active target", nil
	case losses < lossesLeast || units-losses < lossesLeast:
		return gain, fmt.Sprintf("%d of %d units are lost: a model needs %d that are and %d that are not", losses, units, lossesLeast, lossesLeast), nil
	case len(clusters) < foldsScenarios:
		return gain, fmt.Sprintf("%d scenarios, models that are held against scenarios they have not seen need %d", len(clusters), foldsScenarios), nil
	}
	null, err := e.heldOut(w, knowing{})
	if err != nil {
		return gain, "", err
	}
	for _, m := range []struct {
		about string
		knows knowing
		can   bool
	}{{"", knowing{true, true}, true}, {"state", knowing{state: true}, len(states) > 1}, {"target", knowing{target: true}, len(targets) > 1}} {
		if !m.can {
			a.Numbers = append(a.Numbers, Number{Name: "history_gain", About: m.about, Undefined: "every unit before has the same"})
			continue
		}
		full, err := e.heldOut(w, m.knows)
		if err != nil {
			return gain, "", err
		}
		n, err := e.perUnit("history_gain", m.about, w, null, full)
		if err != nil {
			return gain, "", err
		}
		a.Numbers = append(a.Numbers, n)
		if m.about != "" {
			continue
		}
		gain = n
		for _, l := range []struct {
			about string
			loss  []float64
		}{{"context", null}, {"context and history", full}} {
			n, err := e.perUnit("log_loss", l.about, w, l.loss, nil)
			if err != nil {
				return gain, "", err
			}
			a.Numbers = append(a.Numbers, n)
		}
	}
	return gain, "", nil
}

// persistence adds the gain with units lost before too.
func (e *evidence) persistence(a *Answer) error {
	const about = "units lost before too"
	all, err := e.walked(func(step) bool { return true })
	if err != nil {
		return err
	}
	var b Answer
	gain, why, err := e.history(&b, all)
	if err != nil {
		return err
	}
	if why != "" {
		gain = Number{Name: "history_gain", Undefined: why}
	}
	gain.About = about
	a.Numbers = append(a.Numbers, gain)
	if gain.Value != nil {
		a.Notes = append(a.Notes, fmt.Sprintf("with %s history_gain is %s: that a lost state persists is in it, so it decides nothing", about, gain))
	}
	return nil
}
