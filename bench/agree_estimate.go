package bench

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/righting-bench/righting/metrics/stat"
)

// Agreed is how far voices agree on one question.
type Agreed struct {
	Of        string // "" = the panel's annotators, all repeats, or both kinds; else whose repeats
	Group     QuestionGroup
	Question  string
	Scale     string // nominal, ordinal or interval: what alpha is on
	Voices    int    // that answered
	Units     int64  // answered by two or more; of a pooled list, times its elements
	Single    int64  // answered by one
	Answers   int64
	Scenarios int // clusters with such a unit

	Alpha     *float64 // Krippendorff's, on Scale
	Low, High *float64
	Interval  stat.Method
	Undefined string   // why there is no Alpha
	Notes     []string // why there is no interval, what is left out

	Nominal, Ordinal, Spaced *float64 // alpha on each scale that the answers have

	Percent *float64 // mean share of pairs at a unit that are equal
	Within  *float64 // of first_loss: that differ by at most one unit; a reading without loss is near none
	Both    int64    // of first_loss: units where two or more saw a loss
	NearIf  *float64 // of first_loss: Within among pairs that both saw a loss

	AC1       *float64 // Gwet's, of the classes that were given
	AC2       *float64 // Gwet's by quadratic weights, of all classes of the scale, where answers have an order
	Fleiss    *float64 // kappa, where every unit has as many answers
	Top       string   // the most frequent answer
	TopShare  float64
	Prevalent bool // TopShare > PrevalentShare: read AC1 or AC2 beside alpha
}

// PrevalentShare is above which one class makes alpha collapse though people agree.
const PrevalentShare = .80

// An estimator makes numbers of ballots.
type estimator struct {
	spec     *Spec
	clusters []string
	weights  *stat.Weights
}

// booth estimates every question that was answered, in order.
func (e *estimator) booth(of string, b *booth) ([]Agreed, error) {
	all := make([]*Agreed, len(b.questions))
	var g errgroup.Group
	g.SetLimit(cores())
	for i, q := range b.questions {
		if b.ballots[i] == nil {
			continue
		}
		g.Go(func() error {
			a, err := e.question(q, b.ballots[i])
			if err != nil {
				return fmt.Errorf("%s %s: %w", q.group, q.name, err)
			}
			a.Of = of
			all[i] = a
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var out []Agreed
	for _, a := range all {
		if a != nil {
			out = append(out, *a)
		}
	}
	return out, nil
}

// scaleNames are the names of stat's scales.
var scaleNames = map[stat.Scale]string{stat.NominalScale: "nominal", stat.OrdinalScale: "ordinal", stat.IntervalScale: "interval"}

func (e *estimator) question(q *question, b *ballot) (*Agreed, error) {
	a := &Agreed{Group: q.group, Question: q.name, Scale: scaleNames[q.scale], Voices: len(b.given)}
	top := map[int64]int64{}
	for _, by := range b.given {
		for code, n := range by {
			a.Answers += n
			top[code] += n
		}
	}
	most := int64(-1)
	for _, code := range slices.Sorted(maps.Keys(top)) {
		if top[code] > most {
			most = top[code]
			a.Top = q.show(code)
		}
	}
	a.TopShare = *published(new(float64(most) / float64(a.Answers)))
	a.Prevalent = a.TopShare > PrevalentShare
	c, err := e.count(q, b)
	if err != nil {
		a.Undefined, err = undefinedWhy(err)
		return a, err
	}
	times, left := c.times(nil), int64(0)
	for p, n := range times {
		switch m := added(c.patterns[p]); {
		case m == 1:
			a.Single += n
		case m > stat.MostLabels:
			left += n
			fallthrough
		default:
			a.Units += n
		}
	}
	a.Scenarios = len(c.in)
	if left > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d units have more than %d answers and are not in alpha", left, stat.MostLabels))
	}
	if err := e.alpha(a, q, c); err != nil {
		return nil, err
	}
	if q.name == firstLoss {
		c.near(a, times)
	}
	return a, c.companions(a, q, times)
}

// alpha fills in Krippendorff's and its interval.
func (e *estimator) alpha(a *Agreed, q *question, c *tallied) error {
	v, err := c.alpha(nil, q.scale)
	if err != nil {
		if a.Undefined, err = undefinedWhy(err); a.Undefined != "" && a.Voices == 1 {
			a.Undefined = "no second annotator"
		}
		return err
	}
	a.Alpha = published(&v)
	for _, s := range []struct {
		scale stat.Scale
		to    **float64
	}{{stat.NominalScale, &a.Nominal}, {stat.OrdinalScale, &a.Ordinal}, {stat.IntervalScale, &a.Spaced}} {
		if s.scale > q.scale {
			break
		}
		v, err := c.alpha(nil, s.scale)
		if err != nil {
			return err
		}
		*s.to = published(&v)
	}
	o := stat.Options{Level: e.spec.Rules.Level, Method: e.spec.Interval}
	if o.Method == stat.MethodKornGraubard || o.Method == stat.MethodWilson {
		o.Method = "" // of shares only
	}
	r, err := stat.Resample(func(w []uint8) (float64, error) { return c.alpha(w, q.scale) }, e.weights, c.in)
	if err != nil {
		return err
	}
	i, err := r.Interval(o)
	if err != nil {
		no, err := undefinedWhy(err)
		if no != "" {
			a.Notes = append(a.Notes, "no interval: "+no)
		}
		return err
	}
	a.Low, a.High, a.Interval = published(&i.Low), published(&i.High), i.Method
	if i.Note != "" {
		a.Notes = append(a.Notes, i.Note)
	}
	return nil
}
