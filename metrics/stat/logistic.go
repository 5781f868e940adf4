package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Group is units that look the same: Y of N were so. Their features are X[i] in
// column At[i], 1 each where X is nil, and 0 in every other column.
type Group struct {
	At   []int
	X    []float64
	N, Y int64
}

func (g *Group) x(i int) float64 {
	if g.X == nil {
		return 1
	}
	return g.X[i]
}

// A Logistic is a regression of log odds: P = 1/(1+exp(-x·Coefficients)).
type Logistic struct{ Coefficients []float64 }

// newtonSteps bounds the iterations of FitLogistic; it mostly ends after six.
const newtonSteps = 50

// FitLogistic maximises the log likelihood of groups over the coefficients of p columns
// less ridge/2 times the sum of their squares, by Newton's method with halved steps from
// 0 (Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992). With ridge above 0 the
// maximum exists and is one, however the groups lie. Groups are added in their order, so
// that one order gives one result.
//
// ErrUndefined without units. Any other error is a caller's: no ridge, a column that is
// not there.
func FitLogistic(groups []Group, p int, ridge float64) (*Logistic, error) {
	if ridge <= 0 || p < 1 {
		return nil, fmt.Errorf("ridge %v over %d columns", ridge, p)
	}
	n := int64(0)
	for i := range groups {
		n += groups[i].N
		for _, c := range groups[i].At {
			if c < 0 || c >= p {
				return nil, fmt.Errorf("column %d of %d", c, p)
			}
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("%w: no units", ErrUndefined)
	}
	l := &Logistic{make([]float64, p)}
	value := l.penalised(groups, ridge)
	hessian, gradient := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
	h, g := hessian.RawSymmetric().Data, gradient.RawVector().Data
	for range newtonSteps {
		l.slope(groups, ridge, h, g)
		var cholesky mat.Cholesky
		if !cholesky.Factorize(hessian) {
			return nil, fmt.Errorf("%w: the information matrix is not positive", ErrUndefined)
		}
		var step mat.VecDense
		if err := cholesky.SolveVecTo(&step, gradient); err != nil {
			if _, ill := err.(mat.Condition); !ill { // solved, if badly conditioned
				return nil, err
			}
		}
		next := &Logistic{make([]float64, p)}
		better, largest := value, 0.0
		for scale := 1.0; scale > 1e-6; scale /= 2 {
			largest = 0
			for c := range next.Coefficients {
				d := float64(scale * step.AtVec(c))
				next.Coefficients[c] = l.Coefficients[c] + d
				largest = max(largest, math.Abs(d))
			}
			if better = next.penalised(groups, ridge); better >= value {
				break
			}
		}
		if better < value { // nothing is gained but rounding
			break
		}
		l, value = next, better
		if largest < 1e-9 {
			break
		}
	}
	return l, nil
}

// penalised is the log likelihood less the penalty.
func (l *Logistic) penalised(groups []Group, ridge float64) float64 {
	var s float64
	for i := range groups {
		s -= l.Loss(&groups[i])
	}
	for _, b := range l.Coefficients {
		s -= float64(ridge / 2 * float64(b*b))
	}
	return s
}

// slope fills the upper half of the information matrix, p rows of p, and the gradient.
func (l *Logistic) slope(groups []Group, ridge float64, h, gradient []float64) {
	p := len(gradient)
	clear(h)
	for c, b := range l.Coefficients {
		h[c*p+c] = ridge
		gradient[c] = -float64(ridge * b)
	}
	for i := range groups {
		g := &groups[i]
		q := l.P(g)
		n := float64(g.N)
		miss, weight := float64(g.Y)-float64(n*q), float64(n*float64(q*(1-q)))
		for a, ca := range g.At {
			gradient[ca] += float64(g.x(a) * miss)
			wx := float64(weight * g.x(a))
			for b, cb := range g.At {
				if cb >= ca {
					h[ca*p+cb] += float64(wx * g.x(b))
				}
			}
		}
	}
}

// logOdds is x·Coefficients.
func (l *Logistic) logOdds(g *Group) float64 {
	var s float64
	for i, c := range g.At {
		s += float64(g.x(i) * l.Coefficients[c])
	}
	return s
}

// P is the probability of a unit of the group, in (0, 1).
func (l *Logistic) P(g *Group) float64 { return 1 / (1 + math.Exp(-l.logOdds(g))) }

// Loss is the log loss of the group's units together, in nats, 0 or above: -Y ln P -
// (N-Y) ln(1-P).
func (l *Logistic) Loss(g *Group) float64 {
	z := l.logOdds(g)
	// -ln P = ln(1+exp(-z)), in the form that does not overflow
	softplus := func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
	return float64(float64(g.Y)*softplus(-z)) + float64(float64(g.N-g.Y)*softplus(z))
}
