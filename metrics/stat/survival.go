package stat

import "fmt"

// A Life counts, cluster by cluster and time by time, the units at risk and how they
// ended. Each slice has one row of len(Times) counts per cluster, rows end to end.
//
// A unit is at risk at every time up to its last; a censored one just stops being at
// risk. Section 5.
type Life struct {
	Times   []float64 // rising; turns are 1, 2, 3, ...
	AtRisk  []int64
	Lost    []int64
	Stopped []int64 // ended without a loss by something that forbids one; nil is none
}

// Turns are the times 1..n.
func Turns(n int) []float64 {
	t := make([]float64, n)
	for u := range t {
		t[u] = float64(u + 1)
	}
	return t
}

// Risks are the counts of a Life summed over clusters, one per time.
type Risks struct {
	Times                 []float64
	AtRisk, Lost, Stopped []int64
}

// Clusters is the number of clusters, with or without units.
func (l *Life) Clusters() int {
	if len(l.Times) == 0 {
		return 0
	}
	return len(l.AtRisk) / len(l.Times)
}

// Sum adds the clusters up, each w times; nil is once each.
func (l *Life) Sum(w []uint8) *Risks {
	return &Risks{Times: l.Times, AtRisk: l.sum(l.AtRisk, w), Lost: l.sum(l.Lost, w), Stopped: l.sum(l.Stopped, w)}
}

func (l *Life) sum(x []int64, w []uint8) []int64 {
	h := len(l.Times)
	s := make([]int64, h)
	if x == nil {
		return s
	}
	for c := range l.Clusters() {
		k := int64(1)
		if w != nil {
			k = int64(w[c])
		}
		if k == 0 {
			continue
		}
		for u, v := range x[c*h : (c+1)*h] {
			s[u] += k * v
		}
	}
	return s
}

// KaplanMeier is S, the probability of no loss up to and including each time, with
// whatever else ends a unit taken as censoring: the product of 1 - lost/at risk. In
// [0, 1], falling. It ends early at the first time with nobody at risk, unless all
// were lost before. Kaplan and Meier 1958.
func (r *Risks) KaplanMeier() []float64 {
	s := make([]float64, 0, len(r.Times))
	at := 1.0
	for u := range r.Times {
		if r.AtRisk[u] == 0 && at > 0 {
			break
		}
		if r.Lost[u] > 0 {
			at *= float64(r.AtRisk[u]-r.Lost[u]) / float64(r.AtRisk[u])
		}
		s = append(s, at)
	}
	return s
}

// Held is the restricted mean number of turns before the first loss, the sum of S
// over the first h times; in [0, h]. ErrUndefined if nobody is at risk that long.
func (r *Risks) Held(h int) (float64, error) {
	s := r.KaplanMeier()
	if h < 1 || h > len(s) {
		return 0, fmt.Errorf("%w: nobody is under test at turn %d", ErrUndefined, min(h, len(s)+1))
	}
	var held float64
	for _, v := range s[:h] {
		held += v
	}
	return held, nil
}

// Area is the restricted mean time before the first loss, the area under S from 0 to
// the time until, in the unit of Times. Beyond the last time S stays as it was.
// ErrUndefined if S ends before.
func (r *Risks) Area(until float64) (float64, error) {
	s := r.KaplanMeier()
	area, level, from := 0.0, 1.0, 0.0
	for u, t := range r.Times {
		if t >= until {
			break
		}
		if u >= len(s) {
			return 0, fmt.Errorf("%w: nobody is at risk at %v", ErrUndefined, t)
		}
		area += float64(level * (t - from))
		level, from = s[u], t
	}
	return area + float64(level*(until-from)), nil
}

// Hazard is losses per unit and time at risk, over all times; in [0, 1].
// ErrUndefined if nobody is at risk.
func (r *Risks) Hazard() (float64, error) {
	var lost, at int64
	for u := range r.Times {
		lost, at = lost+r.Lost[u], at+r.AtRisk[u]
	}
	if at == 0 {
		return 0, fmt.Errorf("%w: nobody is at risk", ErrUndefined)
	}
	return float64(lost) / float64(at), nil
}

// Competing is what can have become of a unit by each time: lost, stopped or neither.
type Competing struct{ Lost, Stopped, Neither []float64 }

// AalenJohansen are the cumulative incidences of loss and of stopping, each in the
// presence of the other; the three add up to 1. Short as KaplanMeier is, where nobody
// is left. Aalen and Johansen 1978.
func (r *Risks) AalenJohansen() Competing {
	var c Competing
	lost, stopped, neither := 0.0, 0.0, 1.0
	for u := range r.Times {
		if r.AtRisk[u] == 0 && neither > 0 {
			break
		}
		if at := float64(r.AtRisk[u]); at > 0 {
			lost += float64(neither * (float64(r.Lost[u]) / at))
			stopped += float64(neither * (float64(r.Stopped[u]) / at))
			neither *= float64(r.AtRisk[u]-r.Lost[u]-r.Stopped[u]) / at
		}
		c.Lost, c.Stopped, c.Neither = append(c.Lost, lost), append(c.Stopped, stopped), append(c.Neither, neither)
	}
	return c
}

// LogRank compares the losses of two groups at the times of a.
type LogRank struct {
	Observed, Expected float64 // losses of the first group, and if both had one hazard
	Variance           float64
	ChiSquare, P       float64
}

// NewLogRank tests that two groups with the same Times have one hazard. It takes units
// as independent: for clustered or paired data compare restricted means instead.
// ErrUndefined if no time has a loss with both groups at risk. Mantel 1966.
func NewLogRank(a, b *Risks) (LogRank, error) {
	var l LogRank
	for u := range a.Times {
		n1, n2 := float64(a.AtRisk[u]), float64(b.AtRisk[u])
		d, n := float64(a.Lost[u]+b.Lost[u]), n1+n2
		if d == 0 {
			continue
		}
		l.Observed += float64(a.Lost[u])
		l.Expected += d * n1 / n
		if n > 1 {
			l.Variance += d * (n1 / n) * (n2 / n) * (n - d) / (n - 1)
		}
	}
	if l.Variance == 0 {
		return l, fmt.Errorf("%w: no loss with both groups at risk", ErrUndefined)
	}
	d := l.Observed - l.Expected
	l.ChiSquare = float64(d*d) / l.Variance
	l.P = chiBeyond(l.ChiSquare)
	return l, nil
}
