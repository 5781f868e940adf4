package report

import (
	"encoding/json"
	"io"

	"github.com/righting-bench/righting/bench"
)

type jsonComparison struct {
	Righting  int            `json:"righting"`
	Name      string         `json:"name,omitempty"`
	Against   string         `json:"against,omitempty"`
	Primary   string         `json:"primary"`
	Settings  []string       `json:"settings"`
	Rules     jsonRules      `json:"rules"`
	Family    int            `json:"family"`
	Notices   []string       `json:"notices"`
	Sides     []jsonSides    `json:"sides"`
	Contrasts []jsonContrast `json:"contrasts"`
}

type jsonSides struct {
	System     string             `json:"system,omitempty"`
	Slice      map[string]*string `json:"slice"`
	First      string             `json:"first"`
	Second     string             `json:"second"`
	Pairs      int                `json:"pairs"`
	Scenarios  int64              `json:"scenarios"`
	Pooled     int64              `json:"pooled,omitempty"`
	Conditions []jsonCondition    `json:"conditions"`
	OnlyFirst  []jsonMatch        `json:"only_first"`
	OnlySecond []jsonMatch        `json:"only_second"`
}

type jsonCondition struct {
	Condition *string `json:"condition,omitempty"`
	Pairs     int64   `json:"pairs"`
}

type jsonMatch struct {
	Scenario   string  `json:"scenario"`
	Condition  *string `json:"condition,omitempty"`
	Constraint string  `json:"constraint_id"`
	Setting    string  `json:"setting,omitempty"`
}

type jsonContrast struct {
	System     string             `json:"system,omitempty"`
	Slice      map[string]*string `json:"slice"`
	Metric     string             `json:"metric"`
	Unit       string             `json:"unit"`
	Better     string             `json:"better,omitempty"`
	Design     string             `json:"design"`
	First      jsonSide           `json:"first"`
	Second     jsonSide           `json:"second"`
	Pairs      int64              `json:"pairs"`
	Scenarios  int64              `json:"scenarios"`
	Without    []jsonMatch        `json:"without,omitempty"`
	Detectable *number6           `json:"detectable,omitempty"`
	Difference *number6           `json:"difference,omitempty"`
	Undefined  string             `json:"undefined,omitempty"`
	Low        *number6           `json:"low,omitempty"`
	High       *number6           `json:"high,omitempty"`
	Interval   string             `json:"interval,omitempty"`
	Adjusted   *number6           `json:"adjusted,omitempty"`
	Narrow     *jsonRange         `json:"narrow,omitempty"`
	ByScenario *number6           `json:"by_scenario,omitempty"`
	Worst      *number6           `json:"worst,omitempty"`
	Best       *number6           `json:"best,omitempty"`
	P          *number6           `json:"p,omitempty"`
	Holm       *number6           `json:"p_holm,omitempty"`
	Test       string             `json:"test,omitempty"`
	McNemar    *jsonMcNemar       `json:"mcnemar,omitempty"`
	Kept       *number6           `json:"kept,omitempty"`
	KeptBack   *number6           `json:"kept_back,omitempty"`
	CohenH     *number6           `json:"cohen_h,omitempty"`
	Gross      *jsonGross         `json:"gross,omitempty"`
	Higher     []jsonDiscord      `json:"first_higher"`
	Lower      []jsonDiscord      `json:"second_higher"`
	Margin     *jsonTolerance     `json:"margin,omitempty"`
	Verdict    string             `json:"verdict,omitempty"`
	Why        string             `json:"why,omitempty"`
	FirstUnit  *jsonContrast      `json:"first_unit,omitempty"`
	Notes      []string           `json:"notes,omitempty"`
}

type jsonSide struct {
	Name      string   `json:"name"`
	Value     *number6 `json:"value,omitempty"`
	N         int64    `json:"n"`
	Undecided int64    `json:"undecided"`
}

type jsonRange struct {
	Low   number6 `json:"low"`
	High  number6 `json:"high"`
	Level number6 `json:"level"`
}

type jsonMcNemar struct {
	B         int64   `json:"b"`
	C         int64   `json:"c"`
	Exact     number6 `json:"exact"`
	Mid       number6 `json:"mid_p"`
	Scenarios bool    `json:"one_pair_a_scenario"`
}

type jsonGross struct {
	Value       *number6 `json:"value"`
	Low         *number6 `json:"low"`
	High        *number6 `json:"high"`
	Bound       *number6 `json:"bound,omitempty"`
	Self        *number6 `json:"self,omitempty"`
	Excess      *number6 `json:"excess,omitempty"`
	ExcessBound *number6 `json:"excess_bound,omitempty"`
	Scenarios   int64    `json:"scenarios_with_repeats"`
	Note        string   `json:"note,omitempty"`
}

type jsonTolerance struct {
	Value number6 `json:"value"`
	From  string  `json:"from"`
}

type jsonDiscord struct {
	jsonMatch
	First  jsonPairCell `json:"first"`
	Second jsonPairCell `json:"second"`
}

type jsonPairCell struct {
	Value number6 `json:"value"`
	Y     *int64  `json:"y,omitempty"`
	N     int64   `json:"n"`
}

// CompareJSON writes a comparison as one JSON document, in the shape that the verb's
// help documents. A number that does not exist is absent.
func CompareJSON(w io.Writer, c *bench.Comparison) error {
	doc := jsonComparison{
		Righting: 1, Name: c.Spec.Name, Against: string(c.Against), Primary: c.Spec.Primary, Settings: c.Spec.Settings,
		Rules:  jsonRules{Digest: c.Digest, Rules: c.Spec.Rules, Record: c.Record},
		Family: c.Family, Notices: append([]string{}, c.Notices...),
		Sides: make([]jsonSides, len(c.Sides)), Contrasts: make([]jsonContrast, len(c.Contrasts)),
	}
	for i := range c.Sides {
		s := &c.Sides[i]
		out := jsonSides{
			System: s.System, Slice: jsonSlice(s.Slice), First: s.First, Second: s.Second, Pairs: len(s.Shared), Scenarios: bench.Scenarios(s.Shared),
			Pooled: s.Pooled, Conditions: []jsonCondition{}, OnlyFirst: jsonMatches(s.Only[0]), OnlySecond: jsonMatches(s.Only[1]),
		}
		names, n := s.Conditions()
		for k := range names {
			out.Conditions = append(out.Conditions, jsonCondition{names[k], n[k]})
		}
		doc.Sides[i] = out
	}
	for i := range c.Contrasts {
		doc.Contrasts[i] = jsonContrastOf(&c.Contrasts[i])
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, visible(string(text))+"\n")
	return err
}

func jsonSlice(s bench.Slice) map[string]*string {
	out := map[string]*string{}
	for _, p := range s {
		out[p.Column] = p.Value
	}
	return out
}

func jsonMatches(matches []bench.Match) []jsonMatch {
	out := make([]jsonMatch, len(matches))
	for i, m := range matches {
		out[i] = jsonMatch{m.Scenario, m.Condition, m.Constraint, m.Setting}
	}
	return out
}

func jsonContrastOf(x *bench.Contrast) jsonContrast {
	side := func(i int) jsonSide {
		s := x.Sides[i]
		return jsonSide{s.Name, number6Of(s.Value), s.N, s.Undecided}
	}
	out := jsonContrast{
		System: x.System, Slice: jsonSlice(x.Slice), Metric: x.Metric, Unit: x.Unit, Better: string(x.Better), Design: string(x.Design),
		First: side(0), Second: side(1), Pairs: x.Pairs, Scenarios: x.Scenarios, Without: jsonMatches(x.Without),
		Detectable: number6Of(x.Least), Difference: number6Of(x.Difference), Undefined: x.Undefined, Low: number6Of(x.Low), High: number6Of(x.High),
		Interval: string(x.Interval), Adjusted: number6Of(x.Adjusted), ByScenario: number6Of(x.ByScenario), Worst: number6Of(x.Worst), Best: number6Of(x.Best),
		P: number6Of(x.P), Holm: number6Of(x.Holm), Test: string(x.Test), Kept: number6Of(x.Kept), KeptBack: number6Of(x.KeptBack), CohenH: number6Of(x.CohenH),
		Higher: jsonDiscords(x.Higher), Lower: jsonDiscords(x.Lower), Verdict: string(x.Verdict), Why: x.Why, Notes: x.Notes,
	}
	if r := x.Narrow; r != nil {
		out.Narrow = &jsonRange{number6(r.Low), number6(r.High), number6(r.Level)}
	}
	if m := x.McNemar; m != nil {
		out.McNemar = &jsonMcNemar{m.B, m.C, number6(m.Exact), number6(m.Mid), m.Scenarios}
	}
	if g := x.Gross; g != nil {
		out.Gross = &jsonGross{
			number6Of(g.Value), number6Of(g.Low), number6Of(g.High), number6Of(g.Bound), number6Of(g.Self), number6Of(g.Excess), number6Of(g.ExcessBound),
			g.Scenarios, g.Note,
		}
	}
	if m := x.Margin; m != nil {
		out.Margin = &jsonTolerance{number6(m.Value), m.From}
	}
	if x.FirstUnit != nil {
		first := jsonContrastOf(x.FirstUnit)
		out.FirstUnit = &first
	}
	return out
}

func jsonDiscords(list []bench.Discord) []jsonDiscord {
	out := make([]jsonDiscord, len(list))
	for i, d := range list {
		cell := func(side int) jsonPairCell {
			c := jsonPairCell{Value: number6(d.Values[side]), N: d.N[side]}
			if d.Ratio {
				c.Y = &d.Y[side]
			}
			return c
		}
		out[i] = jsonDiscord{jsonMatch{d.Scenario, d.Condition, d.Constraint, d.Setting}, cell(0), cell(1)}
	}
	return out
}

// rawPairs is a list of pairs as JSON, for a table's cell; absent where there is none.
func rawPairs(list []bench.Discord) any {
	if len(list) == 0 {
		return nil
	}
	text, err := json.Marshal(jsonDiscords(list))
	if err != nil { // nothing in it that JSON cannot say
		panic(err)
	}
	return Raw(visible(string(text)))
}
