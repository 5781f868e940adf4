package reading

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// Kinds of error of a Panel.
var (
	// ErrPanel: several annotators give control and no panel is named.
	ErrPanel = errors.New("several annotators give control and no panel is named; add `panel: {rule: median}` under rules in dataset.yaml, or --panel median")
	// ErrSkip: annotators whose silence is skip leave different units out.
	ErrSkip = errors.New("annotators whose silence is `skip` skip different units; declare `silence: unknown` for them")
)

// A Panel makes one annotator of record out of several.
type Panel struct {
	Rule        string   `yaml:"rule" json:"rule,omitempty"`                 // median (the majority rule), strict (worst), lenient (best); "" = none named
	Of          []string `yaml:"of" json:"of,omitempty"`                     // annotators, by name; empty = all
	ExcludeSelf bool     `yaml:"exclude_self" json:"exclude_self,omitempty"` // drop a judge that judges itself

	// What the dataset declares, by name.
	Annotators map[string]schema.Annotator `yaml:"-" json:"-"`
	Measures   map[string]schema.Measure   `yaml:"-" json:"-"`
	Names      Columns                     `yaml:"-" json:"-"` // what Cases were filled with: names of measures, letters
}

// Names of panel rules.
const (
	Median  = "median"
	Strict  = "strict"
	Lenient = "lenient"
)

// PanelRules documents the panel rules by name.
var PanelRules = &schema.Enum{Name: "panel rule", Doc: "how several annotators become one", Terms: []schema.Term{
	{Name: Median, Doc: "strict majority of those present: the best value that it reaches; a tie between names is not known; numbers by median"},
	{Name: Strict, Doc: "the worst control, leakage and measure anyone gave"},
	{Name: Lenient, Doc: "the best control, leakage and measure anyone gave"},
}}

// ParsePanel reads `median`, or `median:j1,j2` with the annotators it is made of.
func ParsePanel(s string) (Panel, error) {
	rule, of, named := strings.Cut(s, ":")
	p := Panel{Rule: rule}
	if named {
		p.Of = strings.Split(of, ",")
	}
	return p, p.check()
}

func (p *Panel) check() error {
	if p.Rule != "" {
		if err := PanelRules.Check(p.Rule); err != nil {
			return fmt.Errorf("panel.rule: %w", err)
		}
	}
	return nil
}

// Record names the annotator of record over the given names; "" over none.
func (p *Panel) Record(names []string) string {
	if len(names) == 0 {
		return ""
	}
	if p.Rule == "" && len(names) == 1 {
		return names[0]
	}
	rule := p.Rule
	if rule == "" {
		rule = Median
	}
	return "panel:" + rule
}

// Self is whether the annotator is the case's own system: its declared model, else
// its name, against the case's model, else its system.
func (p *Panel) Self(annotator string, k *Key) bool {
	who := annotator
	if a, ok := p.Annotators[annotator]; ok && a.Model != "" {
		who = a.Model
	}
	if k.Model != nil {
		return who == *k.Model
	}
	return who == k.System
}

// Sits is whether a judgement is the panel's to hear: pass 0, by one of its annotators,
// not by the system itself where that is excluded.
func (p *Panel) Sits(j *Judged, k *Key) bool {
	return j.Pass == 0 && (len(p.Of) == 0 || slices.Contains(p.Of, j.Annotator)) && !(p.ExcludeSelf && p.Self(j.Annotator, k))
}

// Judge makes the panel's judgement of a case: pass 0 of each annotator with what
// its silence means, without those that judge themselves if ExcludeSelf, unit by
// unit over those present.
//
// into is overwritten; of the label columns it has control, legitimacy and what Names asks
// for, or all if that is nothing. The case's own judgements of control are filled with what
// their silence means, which does the same however often it is done. The error is
// ErrPanel or ErrSkip.
func (p *Panel) Judge(c *Case, into *Judged) error {
	into.Reset("", 0, len(p.Names.Measures))
	var present []*Judged
	var room [4]*Judged
	present = room[:0]
	controls, skips := 0, false
	for i := range c.By {
		j := &c.By[i]
		if !p.Sits(j, &c.Key) {
			if j.Pass == 0 && p.ExcludeSelf && p.Self(j.Annotator, &c.Key) && (len(p.Of) == 0 || slices.Contains(p.Of, j.Annotator)) {
				into.Dropped += j.Judgements
			}
			continue
		}
		s := p.silence(j.Annotator)
		j.hear(s, c.T)
		skips = skips || s == schema.Skip
		if !j.By[Control].Judged.Empty() || j.HasWhole || j.WholeOutcome != 0 {
			controls++
		}
		present = append(present, j)
	}
	if p.Rule == "" && controls > 1 {
		return ErrPanel
	}
	into.Sequence = FirstUnits(c.T)
	if skips {
		if err := sequence(present, into); err != nil {
			return err
		}
	}
	for _, j := range present {
		into.Judgements += j.Judgements
		into.Asked = into.Asked.Or(j.Asked)
		into.WholeAsked = into.WholeAsked || j.WholeAsked
	}
	for col := range NColumns {
		if p.Names.combines(col) {
			p.combine(col, present, into)
		}
	}
	pressed(present, into)
	p.whole(present, into)
	for m := range into.Measures {
		p.measure(m, present, &into.Measures[m])
	}
	return nil
}
