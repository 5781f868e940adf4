package report

import (
	"encoding/json"
	"io"

	"github.com/righting-bench/righting/bench"
)

// jsonAgreement is the document of AgreementJSON; the shape is documented there.
type jsonAgreement struct {
	Righting   int               `json:"righting"`
	Primary    string            `json:"primary"`
	Settings   []string          `json:"settings"`
	Rules      jsonRules         `json:"rules"`
	Notices    []string          `json:"notices"`
	Annotators []jsonAnnotator   `json:"annotators"`
	Agreement  []jsonAgreed      `json:"agreement"`
	Pairs      []jsonPair        `json:"pairs"`
	Repeats    []jsonAgreed      `json:"repeats"`
	Kinds      []jsonAgreed      `json:"kinds"`
	Versions   []jsonPair        `json:"versions"`
	Self       []jsonSelf        `json:"self_judging"`
	Flips      []jsonFlip        `json:"flips"`
	Boards     []jsonJudgeBoard  `json:"boards"`
	Ranges     []jsonJudgeRange  `json:"judge_ranges"`
	Taus       []jsonTau         `json:"tau"`
	Skipped    map[string]string `json:"skipped"`
	NotGiven   []string          `json:"not_given"`
}

type jsonAnnotator struct {
	Annotator  string      `json:"annotator"`
	Kind       string      `json:"kind,omitempty"`
	Model      string      `json:"model,omitempty"`
	Sits       bool        `json:"sits"`
	Judgements int64       `json:"judgements"`
	Answers    []jsonGiven `json:"answers"`
}

type jsonGiven struct {
	Group     bench.QuestionGroup `json:"group"`
	Question  string              `json:"question"`
	N         int64               `json:"n"`
	Coverage  number6             `json:"coverage"`
	Agreement *number6            `json:"agreement,omitempty"`
	Shared    int64               `json:"shared"`
	Shares    []jsonShare         `json:"shares"`
}

type jsonShare struct {
	Answer string  `json:"answer"`
	N      int64   `json:"n"`
	Share  number6 `json:"share"`
}

type jsonAgreed struct {
	Annotator string              `json:"annotator,omitempty"`
	Group     bench.QuestionGroup `json:"group"`
	Question  string              `json:"question"`
	Scale     string              `json:"scale"`
	Voices    int                 `json:"annotators"`
	Units     int64               `json:"units"`
	Single    int64               `json:"single"`
	Answers   int64               `json:"answers"`
	Scenarios int                 `json:"scenarios"`
	Alpha     *number6            `json:"alpha,omitempty"`
	Undefined string              `json:"undefined,omitempty"`
	Low       *number6            `json:"low,omitempty"`
	High      *number6            `json:"high,omitempty"`
	Interval  string              `json:"interval,omitempty"`
	Nominal   *number6            `json:"alpha_nominal,omitempty"`
	Ordinal   *number6            `json:"alpha_ordinal,omitempty"`
	Spaced    *number6            `json:"alpha_interval,omitempty"`
	Percent   *number6            `json:"percent,omitempty"`
	Within    *number6            `json:"within_1,omitempty"`
	Both      int64               `json:"both_lost,omitempty"`
	NearIf    *number6            `json:"within_1_if_lost,omitempty"`
	AC1       *number6            `json:"ac1,omitempty"`
	AC2       *number6            `json:"ac2,omitempty"`
	Fleiss    *number6            `json:"fleiss,omitempty"`
	Top       string              `json:"top"`
	TopShare  number6             `json:"top_share"`
	Notes     []string            `json:"notes,omitempty"`
}

type jsonPair struct {
	First     string              `json:"first"`
	Second    string              `json:"second"`
	Group     bench.QuestionGroup `json:"group"`
	Question  string              `json:"question"`
	Units     int64               `json:"units"`
	Alpha     *number6            `json:"alpha,omitempty"`
	Undefined string              `json:"undefined,omitempty"`
	Percent   *number6            `json:"percent,omitempty"`
	Kappa     *number6            `json:"kappa,omitempty"`
}

type jsonSelf struct {
	System    string            `json:"system,omitempty"`
	Annotator string            `json:"annotator,omitempty"`
	N         int64             `json:"n"`
	Scenarios int               `json:"scenarios"`
	Own       *number6          `json:"own,omitempty"`
	Panel     *number6          `json:"panel,omitempty"`
	Gap       *number6          `json:"gap,omitempty"`
	Low       *number6          `json:"low,omitempty"`
	High      *number6          `json:"high,omitempty"`
	P         *number6          `json:"p,omitempty"`
	Undefined string            `json:"undefined,omitempty"`
	PanelLost int64             `json:"panel_lost"`
	OwnAgrees int64             `json:"own_agrees"`
	OwnOnly   int64             `json:"own_only"`
	Sat       int64             `json:"sat"`
	Flips     int64             `json:"flips"`
	Measures  []jsonSelfMeasure `json:"measures,omitempty"`
}

type jsonSelfMeasure struct {
	Measure   string   `json:"measure"`
	N         int64    `json:"n"`
	Own       number6  `json:"own"`
	Panel     number6  `json:"panel"`
	Gap       number6  `json:"gap"`
	Low       *number6 `json:"low,omitempty"`
	High      *number6 `json:"high,omitempty"`
	Undefined string   `json:"undefined,omitempty"`
}

type jsonFlip struct {
	TrajectoryID string   `json:"trajectory_id"`
	Constraint   string   `json:"constraint_id"`
	System       string   `json:"system"`
	Scenario     string   `json:"scenario"`
	Condition    *string  `json:"condition,omitempty"`
	Annotator    string   `json:"annotator"`
	Own          *int     `json:"own,omitempty"`
	With         int      `json:"with"`
	Without      int      `json:"without"`
	Measure      string   `json:"measure,omitempty"`
	OwnValue     *number6 `json:"own_value,omitempty"`
	WithValue    *number6 `json:"with_value,omitempty"`
	WithoutValue *number6 `json:"without_value,omitempty"`
}

type jsonJudgeBoard struct {
	Board  string          `json:"board"`
	Kind   bench.BoardKind `json:"kind"`
	Judge  string          `json:"judge,omitempty"`
	Scores []jsonScore     `json:"scores"`
}

type jsonJudgeRange struct {
	System      string   `json:"system"`
	Judges      int      `json:"judges"`
	Low         *number6 `json:"judge_low,omitempty"`
	High        *number6 `json:"judge_high,omitempty"`
	Range       *number6 `json:"judge_range,omitempty"`
	Without     int      `json:"without"`
	WithoutLow  *number6 `json:"without_low,omitempty"`
	WithoutHigh *number6 `json:"without_high,omitempty"`
}

type jsonTau struct {
	First      string   `json:"first"`
	Second     string   `json:"second"`
	Systems    int      `json:"systems"`
	Tau        *number6 `json:"tau_b,omitempty"`
	Undefined  string   `json:"undefined,omitempty"`
	Concordant int64    `json:"concordant"`
	Discordant int64    `json:"discordant"`
}

// AgreementJSON writes all of an agreement as one JSON document:
//
//	{"righting": 1, "primary", "settings": […], "rules": {"digest", …}, "notices": […],
//	 "annotators":   [{"annotator", "kind", "model", "sits", "judgements", "answers": [{"group",
//	                   "question", "n", "coverage", "agreement", "shared", "shares": [{"answer", "n", "share"}]}]}],
//	 "agreement":    [{"group", "question", "scale", "annotators", "units", "single", "answers", "scenarios",
//	                   "alpha" or "undefined", "low", "high", "interval", "alpha_nominal", "alpha_ordinal",
//	                   "alpha_interval", "percent", "within_1", "both_lost", "within_1_if_lost", "ac1", "ac2",
//	                   "fleiss", "top", "top_share", "notes"}],
//	 "pairs":        [{"first", "second", "group", "question", "units", "alpha" or "undefined", "percent", "kappa"}],
//	 "repeats":      as agreement, pass 0 against pass 1, with "annotator" (none = all),
//	 "kinds":        as agreement, the panel of people against that of models,
//	 "versions":     as pairs,
//	 "self_judging": [{"system", "annotator" (none = all), "n", "scenarios", "own", "panel", "gap", "low", "high",
//	                   "p", "undefined", "panel_lost", "own_agrees", "own_only", "sat", "flips", "measures": [{"measure",
//	                   "n", "own", "panel", "gap", "low", "high", "undefined"}]}],
//	 "flips":        [{"trajectory_id", "constraint_id", "system", "scenario", "condition", "annotator", "own", "with",
//	                   "without", "measure", "own_value", "with_value", "without_value"}],
//	 "boards":       [{"board", "kind", "judge", "scores": as score's}],
//	 "judge_ranges": [{"system", "judges", "judge_low", "judge_high", "judge_range", "without", "without_low", "without_high"}],
//	 "tau":          [{"first", "second", "systems", "tau_b" or "undefined", "concordant", "discordant"}],
//	 "skipped":      {part: why it is empty}, "not_given": [questions that nobody answered]}
//
// What each name means is the doc of the column of that name in AgreeTables. Lists are
// there even if empty; a number that does not exist is absent.
func AgreementJSON(w io.Writer, a *bench.Agreement) error {
	doc := jsonAgreement{
		Righting: 1, Primary: a.Spec.Primary, Settings: a.Spec.Settings, Rules: jsonRules{Digest: a.Digest, Rules: a.Spec.Rules, Record: a.Record},
		Notices:    append([]string{}, a.Notices...),
		Annotators: []jsonAnnotator{},
		Agreement:  jsonAgreeds(a.Questions), Pairs: jsonPairs(a.Pairs), Repeats: jsonAgreeds(a.Repeats), Kinds: jsonAgreeds(a.Kinds), Versions: jsonPairs(a.Versions),
		Self: []jsonSelf{}, Flips: []jsonFlip{}, Boards: []jsonJudgeBoard{}, Ranges: []jsonJudgeRange{}, Taus: []jsonTau{},
		Skipped: map[string]string{}, NotGiven: append([]string{}, a.NotGiven...),
	}
	for i := range a.Annotators {
		doc.Annotators = append(doc.Annotators, jsonAnnotatorOf(&a.Annotators[i]))
	}
	for i := range a.Self {
		doc.Self = append(doc.Self, jsonSelfOf(&a.Self[i]))
	}
	for _, f := range a.Flips {
		doc.Flips = append(doc.Flips, jsonFlip{
			f.TrajectoryID, f.Constraint, f.System, f.Scenario, f.Condition, f.Annotator, f.Own, f.With, f.Without, f.Measure,
			number6Of(f.OwnValue), number6Of(f.WithValue), number6Of(f.WithoutValue),
		})
	}
	if b := a.Boards; b != nil {
		doc.Primary = b.Primary
		doc.boards(b)
	}
	for part, why := range map[string]string{
		"repeats": a.NoRepeats, "kinds": a.NoKinds, "versions": a.NoVersions, "self_judging": a.NoSelf, "boards": a.NoBoards,
	} {
		if why != "" {
			doc.Skipped[part] = why
		}
	}
	return writeDocument(w, doc)
}

func writeDocument(w io.Writer, doc any) error {
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, visible(string(text))+"\n")
	return err
}

func jsonAgreeds(list []bench.Agreed) []jsonAgreed {
	out := []jsonAgreed{}
	for i := range list {
		q := &list[i]
		out = append(out, jsonAgreed{
			Annotator: q.Of, Group: q.Group, Question: q.Question, Scale: q.Scale, Voices: q.Voices, Units: q.Units, Single: q.Single,
			Answers: q.Answers, Scenarios: q.Scenarios, Alpha: number6Of(q.Alpha), Undefined: q.Undefined, Low: number6Of(q.Low), High: number6Of(q.High),
			Interval: string(q.Interval), Nominal: number6Of(q.Nominal), Ordinal: number6Of(q.Ordinal), Spaced: number6Of(q.Spaced),
			Percent: number6Of(q.Percent), Within: number6Of(q.Within), Both: q.Both, NearIf: number6Of(q.NearIf),
			AC1: number6Of(q.AC1), AC2: number6Of(q.AC2), Fleiss: number6Of(q.Fleiss), Top: q.Top, TopShare: number6(q.TopShare), Notes: q.Notes,
		})
	}
	return out
}

func jsonPairs(list []bench.Pair) []jsonPair {
	out := []jsonPair{}
	for _, p := range list {
		out = append(out, jsonPair{p.First, p.Second, p.Group, p.Question, p.Units, number6Of(p.Alpha), p.Undefined, number6Of(p.Percent), number6Of(p.Kappa)})
	}
	return out
}

func jsonAnnotatorOf(w *bench.AnnotatorWork) jsonAnnotator {
	out := jsonAnnotator{w.Name, w.Kind, w.Model, w.Sits, w.Judgements, []jsonGiven{}}
	for _, x := range w.Answers {
		a := jsonGiven{x.Group, x.Question, x.N, number6(x.Coverage), number6Of(x.Agreement), x.Shared, []jsonShare{}}
		for _, s := range x.Shares {
			a.Shares = append(a.Shares, jsonShare{s.Class, s.N, number6(s.Share)})
		}
		out.Answers = append(out.Answers, a)
	}
	return out
}

func jsonSelfOf(s *bench.SelfGap) jsonSelf {
	out := jsonSelf{
		System: s.System, Annotator: s.Annotator, N: s.N, Scenarios: s.Scenarios, Own: number6Of(s.Own), Panel: number6Of(s.Panel), Undefined: s.NoGap,
		PanelLost: s.PanelLost, OwnAgrees: s.OwnAgrees, OwnOnly: s.OwnOnly, Sat: s.Sat, Flips: s.Flips,
	}
	if s.Gap != nil {
		out.Gap, out.Low, out.High, out.P = number6Of(&s.Gap.Value), number6Of(&s.Gap.Low), number6Of(&s.Gap.High), number6Of(&s.Gap.P)
	}
	for _, m := range s.Measures {
		out.Measures = append(out.Measures, jsonSelfMeasure{
			m.Measure, m.N, number6(m.Own), number6(m.Panel), number6(m.Gap), number6Of(m.Low), number6Of(m.High), m.NoInterval,
		})
	}
	return out
}

func (doc *jsonAgreement) boards(b *bench.JudgeBoards) {
	for i := range b.Boards {
		board := jsonJudgeBoard{Board: b.Boards[i].Name(), Kind: b.Boards[i].Kind, Judge: b.Boards[i].Judge}
		for k := range b.Boards[i].Scores {
			board.Scores = append(board.Scores, jsonScoreOf(&b.Boards[i].Scores[k]))
		}
		doc.Boards = append(doc.Boards, board)
	}
	for _, r := range b.Ranges {
		doc.Ranges = append(doc.Ranges, jsonJudgeRange{
			r.System, r.Alone.Boards, number6Of(r.Alone.Low), number6Of(r.Alone.High), number6Of(r.Alone.Width()),
			r.Without.Boards, number6Of(r.Without.Low), number6Of(r.Without.High),
		})
	}
	for _, t := range b.Taus {
		doc.Taus = append(doc.Taus, jsonTau{t.First, t.Second, t.Systems, number6Of(t.Value), t.Undefined, t.Concordant, t.Discordant})
	}
}
