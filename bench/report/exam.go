package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/righting-bench/righting/bench"
)

// ExamTables is how judges did on an exam: a row a judge and kind, each label, what was
// said for what is right, and the turns that were missed.
func ExamTables(r *bench.ExamResult, people bool) []*Table {
	scores := examScores(r, people)
	list := []*Table{scores, examMisses(r), examLabels(r, people), examConfusion(r, people)}
	var out []*Table
	for _, t := range list {
		if len(t.Rows) > 0 || t == scores {
			if people {
				t.drop()
			}
			out = append(out, t)
		}
	}
	return out
}

func examScores(r *bench.ExamResult, people bool) *Table {
	t := &Table{
		Name:    "exam",
		Caption: []string{fmt.Sprintf("exam %s, %d items: an item is right if control is right at each of its turns", r.Exam.Name, len(r.Exam.Items))},
		Columns: []Column{
			{Name: "annotator", Doc: "the judge"},
			{Name: "annotator_kind", Wide: true, Doc: "human, model, rule or self, as declared"},
			{Name: "kind", Doc: "what makes the items hard; hard, easy and all sum up"},
			{Name: "n", Kind: Int, Doc: "items judged"},
			{Name: "right", Kind: Int, Doc: "of them, right at each turn"},
			{Name: "share", Kind: Float, Doc: "right / n"},
			{Name: "low", Kind: Float, Doc: "lower end of its interval"},
			{Name: "high", Kind: Float, Doc: "upper end of its interval"},
			{Name: "missed", Doc: "ids of the items that are not right"},
			{Name: "undefined", Title: "why not", Doc: "why there is no share, or no interval"},
		},
	}
	if r.Others > 0 {
		t.Caption = append(t.Caption, fmt.Sprintf("%d trajectories of the dataset are not of the exam", r.Others))
	}
	for i := range r.Judges {
		j := &r.Judges[i]
		for _, s := range j.Scores {
			missed := strings.Join(s.Missed, " ")
			if people && (s.Kind == "hard" || s.Kind == "easy" || s.Kind == "all") { // its kinds name them
				missed = ""
			}
			t.Rows = append(t.Rows, []any{
				j.Annotator, orNone(j.Kind), s.Kind, s.N, s.Right, number(s.Share), number(s.Low), number(s.High), orNone(missed), orNone(s.Undefined),
			})
		}
		if len(j.Unjudged) > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s judged nothing of %s", j.Annotator, strings.Join(j.Unjudged, " ")))
		}
	}
	return t
}

func examMisses(r *bench.ExamResult) *Table {
	t := &Table{
		Name:    "missed",
		Caption: []string{"turns whose control is not right"},
		Columns: []Column{
			{Name: "annotator", Doc: "the judge"},
			{Name: "item", Doc: "id of the item"},
			{Name: "kind", Doc: "what makes it hard"},
			{Name: "assistant_turn", Title: "turn", Kind: Int, Doc: "among the assistant's, from 1"},
			{Name: "gold", Doc: "what is right"},
			{Name: "said", Doc: "what the judge said"},
		},
	}
	for i := range r.Judges {
		for _, m := range r.Judges[i].Misses {
			t.Rows = append(t.Rows, []any{r.Judges[i].Annotator, m.Item, m.Kind, int64(m.Turn), m.Gold, m.Said})
		}
	}
	return t
}

func examLabels(r *bench.ExamResult, people bool) *Table {
	t := &Table{
		Name:    "labels",
		Caption: []string{"every label, turn by turn; a list is right as a whole"},
		Columns: []Column{
			{Name: "annotator", Doc: "the judge"},
			{Name: "label", Doc: "the column"},
			{Name: "kind", Doc: "what makes the items hard; hard, easy and all sum up"},
			{Name: "n", Kind: Int, Doc: "turns at which it was given"},
			{Name: "right", Kind: Int, Doc: "of them, right"},
			{Name: "share", Kind: Float, Doc: "right / n"},
			{Name: "not_judged", Title: "not judged", Kind: Int, Doc: "turns without it"},
		},
	}
	for i := range r.Judges {
		for _, l := range r.Judges[i].Labels {
			if people && l.Kind != "hard" && l.Kind != "easy" {
				continue
			}
			t.Rows = append(t.Rows, []any{r.Judges[i].Annotator, l.Label, l.Kind, l.N, l.Right, number(l.Share), l.NotJudged})
		}
	}
	return t
}

func examConfusion(r *bench.ExamResult, people bool) *Table {
	t := &Table{
		Name: "confusion",
		Columns: []Column{
			{Name: "annotator", Doc: "the judge"},
			{Name: "label", Doc: "the column"},
			{Name: "kind", Doc: "what makes the items hard"},
			{Name: "gold", Doc: "what is right"},
			{Name: "said", Doc: "what the judge said"},
			{Name: "n", Kind: Int, Doc: "turns"},
		},
	}
	if people {
		t.Caption = []string{"what was said for what is right, where they differ"}
	}
	for i := range r.Judges {
		for _, c := range r.Judges[i].Confusion {
			if people && c.Gold == c.Said {
				continue
			}
			t.Rows = append(t.Rows, []any{r.Judges[i].Annotator, c.Label, c.Kind, c.Gold, c.Said, c.N})
		}
	}
	return t
}

type jsonExam struct {
	Righting int         `json:"righting"`
	Exam     string      `json:"exam"`
	Items    int         `json:"items"`
	Others   int         `json:"others"`
	Judges   []jsonJudge `json:"judges"`
}

type jsonJudge struct {
	Annotator string          `json:"annotator"`
	Kind      string          `json:"annotator_kind,omitempty"`
	Scores    []jsonExamScore `json:"scores"`
	Labels    []jsonExamLabel `json:"labels"`
	Confusion []jsonConfusion `json:"confusion"`
	Missed    []jsonMiss      `json:"missed"`
	Unjudged  []string        `json:"unjudged"`
}

type jsonExamScore struct {
	Kind      string   `json:"kind"`
	N         int64    `json:"n"`
	Right     int64    `json:"right"`
	Share     *number6 `json:"share,omitempty"`
	Low       *number6 `json:"low,omitempty"`
	High      *number6 `json:"high,omitempty"`
	Undefined string   `json:"undefined,omitempty"`
	Missed    []string `json:"missed"`
}

type jsonExamLabel struct {
	Label     string   `json:"label"`
	Kind      string   `json:"kind"`
	N         int64    `json:"n"`
	Right     int64    `json:"right"`
	Share     *number6 `json:"share,omitempty"`
	NotJudged int64    `json:"not_judged"`
}

type jsonConfusion struct {
	Label string `json:"label"`
	Kind  string `json:"kind"`
	Gold  string `json:"gold"`
	Said  string `json:"said"`
	N     int64  `json:"n"`
}

type jsonMiss struct {
	Item string `json:"item"`
	Kind string `json:"kind"`
	Turn int    `json:"assistant_turn"`
	Gold string `json:"gold"`
	Said string `json:"said"`
}

// ExamJSON writes all of an exam's result as one JSON document:
//
//	{"righting": 1, "exam", "items", "others", "judges": [{"annotator", "annotator_kind",
//	 "scores":    [{"kind", "n", "right", "share", "low", "high", "undefined", "missed": [ids]}],
//	 "labels":    [{"label", "kind", "n", "right", "share", "not_judged"}],
//	 "confusion": [{"label", "kind", "gold", "said", "n"}],
//	 "missed":    [{"item", "kind", "assistant_turn", "gold", "said"}],
//	 "unjudged":  [ids]}]}
//
// What each name means is the doc of the column of that name in ExamTables.
func ExamJSON(w io.Writer, r *bench.ExamResult) error {
	doc := jsonExam{Righting: 1, Exam: r.Exam.Name, Items: len(r.Exam.Items), Others: r.Others, Judges: []jsonJudge{}}
	for i := range r.Judges {
		j := &r.Judges[i]
		out := jsonJudge{
			Annotator: j.Annotator, Kind: j.Kind, Scores: []jsonExamScore{}, Labels: []jsonExamLabel{}, Confusion: []jsonConfusion{}, Missed: []jsonMiss{},
			Unjudged: append([]string{}, j.Unjudged...),
		}
		for _, s := range j.Scores {
			out.Scores = append(out.Scores, jsonExamScore{
				s.Kind, s.N, s.Right, number6Of(s.Share), number6Of(s.Low), number6Of(s.High), s.Undefined, append([]string{}, s.Missed...),
			})
		}
		for _, l := range j.Labels {
			out.Labels = append(out.Labels, jsonExamLabel{l.Label, l.Kind, l.N, l.Right, number6Of(l.Share), l.NotJudged})
		}
		for _, c := range j.Confusion {
			out.Confusion = append(out.Confusion, jsonConfusion(c))
		}
		for _, m := range j.Misses {
			out.Missed = append(out.Missed, jsonMiss(m))
		}
		doc.Judges = append(doc.Judges, out)
	}
	return writeDocument(w, doc)
}
