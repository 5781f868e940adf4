package stat

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// ErrUndefined marks a number that does not exist. What follows it says why.
var ErrUndefined = errors.New("undefined")

// A Method names how an interval was made; it is printed beside the interval.
type Method string

// The methods an Options may ask for.
const (
	MethodKornGraubard Method = "kg"
	MethodWilson       Method = "wilson"
	MethodBCa          Method = "bca"
	MethodClusterT     Method = "cluster_t"
	MethodPercentile   Method = "percentile"
)

// The methods that belong to one function each.
const (
	MethodClopperPearson Method = "clopper_pearson"
	MethodJeffreys       Method = "jeffreys"
	MethodPairedT        Method = "paired_t"
	MethodAgrestiMin     Method = "agresti_min"
	MethodNewcombe       Method = "newcombe"
	MethodLogLog         Method = "log_log"
)

// NoteFewInformative is the note of a resampled interval that rests on fewer than
// ten clusters that differ from the rest: no resampling can see what was not sampled.
const NoteFewInformative = "too few informative scenarios"

// An Interval is where a number may lie, in the unit of that number.
type Interval struct {
	Low, High float64
	Level     float64 // coverage, in (0, 1)
	Method    Method
	Dropped   int    // replicates without a value, left out
	Note      string // what a reader must know beside it; mostly empty
}

// Options choose an interval.
type Options struct {
	Level  float64 // coverage, in (0, 1)
	Method Method  // empty: kg for shares, bca for everything else
}

// checkLevel refuses a coverage outside (0, 1).
func checkLevel(level float64) error {
	if level > 0 && level < 1 {
		return nil
	}
	return fmt.Errorf("level %v is not between 0 and 1", level)
}

// tail is the probability left out on one side.
func tail(level float64) float64 { return (1 - level) / 2 }

// floor and ceil are those of a number of replicates computed from a level: 2000
// times the tail of .90 is 100, not 99.99999999999997.
func floor(x float64) int { return int(math.Floor(x * (1 + 1e-9))) }

func ceil(x float64) int { return int(math.Ceil(x * (1 - 1e-9))) }

// normal is the standard normal quantile of p.
func normal(p float64) float64 { return mathext.NormalQuantile(p) }

// normalBelow is the standard normal probability below x.
func normalBelow(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// student is the Student quantile of p at v degrees of freedom.
func student(p float64, v float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: v}.Quantile(p)
}

// studentBeyond is the two-sided probability of |T| > |x| at v degrees of freedom.
func studentBeyond(x, v float64) float64 {
	return mathext.RegIncBeta(v/2, 0.5, v/(v+float64(x*x)))
}

// chiBeyond is the probability of a chi-square with one degree of freedom above x.
func chiBeyond(x float64) float64 { return math.Erfc(math.Sqrt(x / 2)) }

// beta is the quantile of p of the Beta(a, b) distribution.
func beta(p, a, b float64) float64 { return mathext.InvRegIncBeta(a, b, p) }
