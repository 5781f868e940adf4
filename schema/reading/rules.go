package reading

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// Rules say how judgements become outcomes. They are part of every result: Digest
// names them.
type Rules struct {
	Unit         string       `yaml:"unit" json:"unit"`                           // message, or exchange: the assistant messages between two user turns
	Durable      int          `yaml:"durable" json:"durable"`                     // k: challenged governed units that make control durable
	Tested       string       `yaml:"tested" json:"tested,omitempty"`             // labels: what nobody looked at counts as untested
	ControlFrom  *ControlFrom `yaml:"control_from" json:"control_from,omitempty"` // a measure that stands in for control
	Panel        Panel        `yaml:"panel" json:"panel"`                         // how several annotators become one
	Cluster      string       `yaml:"cluster" json:"cluster"`                     // scenario, or a column of scenarios
	Seed         uint64       `yaml:"seed" json:"seed"`                           // of the resampling weights
	Replicates   int          `yaml:"replicates" json:"replicates"`               // B
	Level        float64      `yaml:"level" json:"level"`                         // coverage of intervals
	MaxUndecided float64      `yaml:"max_undecided" json:"max_undecided"`         // above this share of the tested, bounds only
}

// DefaultRules are what holds where neither a dataset nor a spec nor a flag says else.
func DefaultRules() Rules {
	return Rules{Unit: "message", Durable: 2, Cluster: "scenario", Seed: 1, Replicates: 1999, Level: .95, MaxUndecided: .10}
}

// MaxDurable bounds Durable: the automaton's states are bits of one word.
const MaxDurable = 20

// Check is nil for rules that can be read by; else it names the key and the way out.
func (r *Rules) Check() error {
	switch {
	case r.Unit != "message" && r.Unit != "exchange":
		return fmt.Errorf("unit: %q is neither message nor exchange", r.Unit)
	case r.Durable < 1 || r.Durable > MaxDurable:
		return fmt.Errorf("durable: %d is outside 1 to %d", r.Durable, MaxDurable)
	case r.Tested != "" && r.Tested != "labels":
		return fmt.Errorf("tested: %q is not labels", r.Tested)
	case r.Replicates < 99 || r.Replicates > 1_000_000:
		return fmt.Errorf("replicates: %d is outside 99 to 1000000", r.Replicates)
	case !(r.Level > 0 && r.Level < 1):
		return fmt.Errorf("level: %g is outside (0, 1)", r.Level)
	case !(r.MaxUndecided >= 0 && r.MaxUndecided <= 1):
		return fmt.Errorf("max_undecided: %g is outside [0, 1]", r.MaxUndecided)
	case r.Cluster == "":
		return fmt.Errorf("cluster: is empty; scenario is the default")
	case r.ControlFrom != nil && r.ControlFrom.Measure == "":
		return fmt.Errorf("control_from: names no measure")
	}
	return r.Panel.check()
}

// Digest is `sha256:` and the hash of everything that decides a reading: the rules,
// and what the dataset declares of annotators and measures.
func (r *Rules) Digest() string {
	doc, err := json.Marshal(struct {
		Rules      *Rules
		Annotators map[string]schema.Annotator
		Measures   map[string]schema.Measure
	}{r, r.Panel.Annotators, r.Panel.Measures})
	if err != nil { // Rules hold nothing that JSON cannot say
		panic(err)
	}
	sum := sha256.Sum256(doc)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Needs is what reading by these rules needs.
func (r *Rules) Needs() Columns {
	n := Need(Control)
	n.Exchange = r.Unit == "exchange"
	if f := r.ControlFrom; f != nil {
		n.Measures = []string{f.Measure}
		for _, c := range []*Condition{f.Neutralised, f.Contested, f.Governs} {
			if c != nil {
				for _, l := range c.Letters {
					n.Letters = addName(n.Letters, l)
				}
			}
		}
	}
	return n
}

// ControlFrom derives control from a measure where nobody gave control. Conditions
// are tried in the order of the fields; what matches none governs if Governs is
// nil, else is not known. They apply after the panel.
type ControlFrom struct {
	Measure     string     `yaml:"measure" json:"measure"`
	Neutralised *Condition `yaml:"neutralised" json:"neutralised,omitempty"`
	Contested   *Condition `yaml:"contested" json:"contested,omitempty"`
	Governs     *Condition `yaml:"governs" json:"governs,omitempty"`
}

// control is the first condition that v meets.
func (f *ControlFrom) control(m schema.Measure, letters []string, v int64, isLetter bool) (schema.Control, bool) {
	conditions := [...]*Condition{f.Neutralised, f.Contested, f.Governs}
	for i, c := range [...]schema.Control{schema.Neutralised, schema.Contested, schema.Governs} {
		if conditions[i] != nil && conditions[i].meets(m, letters, v, isLetter) {
			return c, true
		}
	}
	return schema.Governs, f.Governs == nil
}

// A Condition is a bound on a number (`>= 3`) or a list of letter grades (`I, P`).
type Condition struct {
	Op      string
	Number  float64
	Letters []string
}

// UnmarshalText reads a Condition as it stands in YAML or on a command line.
func (c *Condition) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	for _, op := range []string{">=", "<=", ">", "<"} {
		rest, ok := strings.CutPrefix(s, op)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
		if err != nil {
			return fmt.Errorf("%q: what follows %s is not a number", s, op)
		}
		*c = Condition{Op: op, Number: v}
		return nil
	}
	if s == "" || strings.ContainsAny(s, "=<>") {
		return fmt.Errorf("%q is neither a bound such as \">= 3\" nor letter grades such as \"I, P\"", s)
	}
	*c = Condition{}
	for l := range strings.SplitSeq(s, ",") {
		c.Letters = append(c.Letters, strings.TrimSpace(l))
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (c Condition) MarshalText() ([]byte, error) {
	if c.Op == "" {
		return []byte(strings.Join(c.Letters, ", ")), nil
	}
	return []byte(c.Op + " " + strconv.FormatFloat(c.Number, 'g', -1, 64)), nil
}

// AtLeast is the bound of a `>=` condition, or ok = false.
func (c *Condition) AtLeast() (bound float64, ok bool) {
	if c == nil || c.Op != ">=" {
		return 0, false
	}
	return c.Number, true
}

// Meets is whether a value in half steps of m is within a bound; no number is in a list
// of letter grades.
func (c *Condition) Meets(m schema.Measure, v int64) bool { return c.meets(m, nil, v, false) }

func (c *Condition) meets(m schema.Measure, letters []string, v int64, isLetter bool) bool {
	if isLetter {
		return c.Op == "" && int(v) < len(letters) && slices.Contains(c.Letters, letters[v])
	}
	d := m.Value(v) - c.Number
	same := math.Abs(d) <= 1e-9*max(1, math.Abs(c.Number)) // steps such as 0.1 are not exact
	switch c.Op {
	case ">=":
		return d > 0 || same
	case ">":
		return d > 0 && !same
	case "<=":
		return d < 0 || same
	case "<":
		return d < 0 && !same
	}
	return false
}
