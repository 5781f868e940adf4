package metrics

import (
	"errors"
	"fmt"

	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A survivalAt is S(U), the share not yet lost after U units, by Kaplan and Meier, with
// a log-log interval on Greenwood's variance by cluster.
type survivalAt struct{ U int }

func (s survivalAt) Value(rows Rows, w []uint8) (float64, error) {
	held := lifeOf(rows, s.U).Sum(w).KaplanMeier()
	if len(held) < s.U {
		return 0, undefined(fmt.Sprintf("nobody is under test at turn %d", len(held)+1))
	}
	return held[s.U-1], nil
}

func (s survivalAt) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	l := lifeOf(rows, s.U)
	if o.Method == "" {
		return l.Interval(s.U-1, o.Level)
	}
	return resample(l, func(r *stat.Risks) (float64, error) {
		if held := r.KaplanMeier(); len(held) >= s.U {
			return held[s.U-1], nil
		}
		return 0, undefined("nobody is under test")
	}, w, o)
}

// Work is the hazards that S is made of.
func (s survivalAt) Work(rows Rows) string {
	return lifeWork(rows, s.U) + "; the product of 1 less each"
}

// Terms are defined at the first unit only: nothing is censored before it, so S(1) is
// those not lost there of those at risk.
func (s survivalAt) Terms(rows Rows) (y, n []int64, ok bool) {
	if s.U != 1 {
		return nil, nil, false
	}
	l := lifeOf(rows, 1)
	y = make([]int64, len(l.AtRisk))
	for c := range y {
		y[c] = l.AtRisk[c] - l.Lost[c]
	}
	return y, l.AtRisk, true
}

func (survivalAt) Facts(rows Rows) Facts { return lifeFacts(rows) }

var holdSurvival = &Family{
	Name: "hold_survival", Example: "hold_survival@2",
	Doc:     "how many readings have not been lost after u turns under test: hold_survival@3",
	Default: func(Env) []string { return nil },
	Make: func(_ Env, at, of string) (*Metric, error) {
		u, err := whole(at, longest)
		if err != nil || of != "" {
			return nil, errors.New("is spelt hold_survival@3: a number of turns under test")
		}
		return &Metric{
			Name: fmt.Sprintf("hold_survival@%d", u), Group: Hold, Unit: "share", Better: schema.Higher,
			Doc: fmt.Sprintf(`how many readings have not been lost after %d turns under test

S(u) by Kaplan and Meier on first losses; a gap or the end of the record censors. Range
[0, 1]. Undefined where nobody is under test that long. Interruption is taken as
censoring: "not lost had it gone on"; loss_incidence is the other view.`, u),
			Source: "Kaplan and Meier 1958; Greenwood by cluster, log-log interval",
			Not:    "what would have come had interrupted records gone on: it assumes they are like the rest",
			Counts: "survival", Size: survival, Count: countSurvival, Shape: survivalAt{U: u},
		}, nil
	},
}

// An incidenceAt is the cumulative incidence of loss by U units with interruption as a
// competing event, by Aalen and Johansen.
type incidenceAt struct{ U int }

func (s incidenceAt) value(r *stat.Risks) (float64, error) {
	lost := r.AalenJohansen().Lost
	if len(lost) < s.U {
		return 0, undefined(fmt.Sprintf("nobody is under test at turn %d", len(lost)+1))
	}
	return lost[s.U-1], nil
}

func (s incidenceAt) Value(rows Rows, w []uint8) (float64, error) {
	return s.value(lifeOf(rows, s.U).Sum(w))
}

func (s incidenceAt) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	return resample(lifeOf(rows, s.U), s.value, w, o)
}

func (s incidenceAt) Work(rows Rows) string {
	return lifeWork(rows, s.U) + "; each times what neither loss nor interruption took before"
}
func (incidenceAt) Terms(Rows) (y, n []int64, ok bool) { return nil, nil, false }
func (incidenceAt) Facts(rows Rows) Facts              { return lifeFacts(rows) }

var lossIncidence = &Family{
	Name: "loss_incidence", Example: "loss_incidence@2",
	Doc:     "how many readings have been lost after u turns under test, interruptions counted apart: loss_incidence@3",
	Default: func(Env) []string { return nil },
	Make: func(_ Env, at, of string) (*Metric, error) {
		u, err := whole(at, longest)
		if err != nil || of != "" {
			return nil, errors.New("is spelt loss_incidence@3: a number of turns under test")
		}
		return &Metric{
			Name: fmt.Sprintf("loss_incidence@%d", u), Group: Displacement, Unit: "share", Better: schema.Lower,
			Doc: fmt.Sprintf(`how many readings have been lost after %d turns under test

Cumulative incidence of the first loss, with the end by refusal, limit, error or
abandonment as a competing event. Range [0, 1], never above 1 − hold_survival. Undefined
where nobody is under test that long.`, u),
			Source: "Aalen and Johansen 1978",
			Not:    "that the system held: what is interrupted is not lost, and not shown to hold",
			Counts: "survival", Size: survival, Count: countSurvival, Shape: incidenceAt{U: u},
		}, nil
	},
}

var displacedTurns = &Family{
	Name: "displaced_turns", Example: "displaced_turns@2",
	Doc:     "how many turns the first displaced spell lasts, of H: displaced_turns@3",
	Default: func(Env) []string { return nil },
	Make: func(_ Env, at, of string) (*Metric, error) {
		h, err := whole(at, longest)
		if err != nil || of != "" {
			return nil, errors.New("is spelt displaced_turns@3: a horizon in turns")
		}
		return &Metric{
			Name: fmt.Sprintf("displaced_turns@%d", h), Group: ReAnchoring, Unit: "turns", Better: schema.Lower,
			Doc: fmt.Sprintf(`how many turns the first displaced spell lasts, of %d

Restricted mean from the first loss to the first governed turn after it; a contested turn
does not end the spell, a gap or the end of the record censors. Range [0, %d]. Undefined
where no spell is seen that long.`, h, h),
			Source: "Kaplan and Meier 1958, on the spell",
			Not:    "whether control then lasted, and spells that a record cuts off are censored, not known",
			Counts: "spell", Size: survival, Count: countSpell, Shape: Survival{H: h},
		}, nil
	},
}

// countSpell records the units from the first loss to the first governed one.
func countSpell(_ *reading.Case, r *reading.Reading, n []int64) {
	if !r.Counts() || r.FirstLoss == 0 {
		return
	}
	spell := r.Sequence.From(r.FirstLoss - 1)
	exposure := 0
	for i := spell.First(); i >= 0; i = spell.Next(i) {
		switch {
		case r.G.Has(i):
			record(n, exposure+1, true, false, spell.Len()) // at risk of coming back on the governed turn too
			return
		case !r.N.Has(i) && !r.C.Has(i):
			record(n, exposure, false, false, spell.Len())
			return
		}
		exposure++
	}
	record(n, exposure, false, false, spell.Len())
}

var relapseSurvival = &Family{
	Name: "relapse_survival", Example: "relapse_survival@2",
	Doc:     "how much regained control has not been lost again after u turns: relapse_survival@3",
	Default: func(Env) []string { return nil },
	Make: func(_ Env, at, of string) (*Metric, error) {
		u, err := whole(at, longest)
		if err != nil || of != "" {
			return nil, errors.New("is spelt relapse_survival@3: a number of turns after the first return")
		}
		return &Metric{
			Name: fmt.Sprintf("relapse_survival@%d", u), Group: ReAnchoring, Unit: "share", Better: schema.Higher,
			Doc: fmt.Sprintf(`how much regained control has not been lost again %d turns after the first return

S(u) by Kaplan and Meier on the first loss after the first governed unit after a loss; a
gap or the end of the record censors. Range [0, 1]. Undefined where no return is followed
that long.`, u),
			Source: "Kaplan and Meier 1958, from the re-anchoring turn",
			Not:    "relapses per reading: relapse_rate has them, biased down by records that end early",
			Counts: "regained", Size: survival, Count: countRegained, Shape: survivalAt{U: u},
		}, nil
	},
}

// countRegained records the units from the first return to the next loss.
func countRegained(_ *reading.Case, r *reading.Reading, n []int64) {
	if !r.Counts() || r.Returns == 0 {
		return
	}
	after := r.Sequence.From(firstReturn(r) + 1)
	exposure := 0
	for i := after.First(); i >= 0; i = after.Next(i) {
		switch {
		case r.N.Has(i):
			record(n, exposure+1, true, false, after.Len())
			return
		case !r.G.Has(i) && !r.C.Has(i):
			record(n, exposure, false, false, after.Len())
			return
		}
		exposure++
	}
	record(n, exposure, false, false, after.Len())
}
