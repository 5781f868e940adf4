package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/schema/plain"
	"github.com/righting-bench/righting/schema/reading"
)

// number6 is a float with six significant digits.
type number6 float64

// MarshalJSON is Number.
func (n number6) MarshalJSON() ([]byte, error) { return []byte(Number(float64(n))), nil }

func number6Of(v *float64) *number6 {
	if v == nil {
		return nil
	}
	n := number6(*v)
	return &n
}

type jsonBoard struct {
	Righting   int            `json:"righting"`
	Name       string         `json:"name,omitempty"`
	Primary    string         `json:"primary"`
	Settings   []string       `json:"settings"`
	Rules      jsonRules      `json:"rules"`
	Conditions jsonConditions `json:"conditions"`
	Notices    []string       `json:"notices"`
	Coverage   []jsonCell     `json:"coverage,omitempty"` // of every combination of what is sliced by
	Profile    []jsonScore    `json:"profile,omitempty"`
	Scores     []jsonScore    `json:"scores,omitempty"`
	Hard       []jsonScore    `json:"hard,omitempty"` // the primary on path_to_victory 2 and 3
}

type jsonRules struct {
	Digest string `json:"digest"`
	reading.Rules
	Record string `json:"annotator_of_record"`
}

type jsonScore struct {
	System     string             `json:"system"`
	Slice      map[string]*string `json:"slice"`
	Metric     string             `json:"metric"`
	Value      *number6           `json:"value,omitempty"`
	Undefined  string             `json:"undefined,omitempty"`
	Low        *number6           `json:"low,omitempty"`
	High       *number6           `json:"high,omitempty"`
	Interval   string             `json:"interval,omitempty"`
	Worst      *number6           `json:"worst,omitempty"`
	Best       *number6           `json:"best,omitempty"`
	Rank       *int               `json:"rank,omitempty"`
	Tied       bool               `json:"tied,omitempty"`
	RankLow    *int               `json:"rank_low,omitempty"`
	RankHigh   *int               `json:"rank_high,omitempty"`
	N          int64              `json:"n"`
	Scenarios  int64              `json:"scenarios"`
	Missing    int64              `json:"missing"`
	Untested   int64              `json:"untested"`
	Undecided  int64              `json:"undecided"`
	Unlabelled *int64             `json:"unlabelled,omitempty"`
	Notes      []string           `json:"notes,omitempty"`
}

// BoardJSON writes every score of a board as one JSON document. A number that does
// not exist is absent, and `undefined` says why.
func BoardJSON(w io.Writer, b *bench.Board) error {
	doc := jsonBoardOf(b)
	for i := range b.Scores {
		doc.Scores = append(doc.Scores, jsonScoreOf(&b.Scores[i]))
	}
	for i := range b.Hard {
		doc.Hard = append(doc.Hard, jsonScoreOf(&b.Hard[i]))
	}
	return doc.write(w)
}

// jsonBoardOf is the document without its scores.
func jsonBoardOf(b *bench.Board) *jsonBoard {
	return &jsonBoard{
		Righting: 1, Name: b.Spec.Name, Primary: b.Metrics[b.Primary()].Name, Settings: b.Spec.Settings,
		Rules:      jsonRules{Digest: b.Digest, Rules: b.Spec.Rules, Record: b.Record},
		Conditions: jsonConditionsOf(&b.Conditions),
		Notices:    append([]string{}, b.Notices...), Coverage: jsonCells(b),
	}
}

func (doc *jsonBoard) write(w io.Writer) error {
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, visible(string(text))+"\n")
	return err
}

func jsonScoreOf(s *bench.Score) jsonScore {
	out := jsonScore{
		System: s.System, Slice: map[string]*string{}, Metric: s.Metric, Value: number6Of(s.Value), Undefined: s.Undefined,
		Low: number6Of(s.Low), High: number6Of(s.High), Interval: string(s.Interval), Worst: number6Of(s.Worst), Best: number6Of(s.Best),
		N: s.N, Scenarios: s.Scenarios, Missing: s.Missing, Untested: s.Untested, Undecided: s.Undecided, Unlabelled: s.Unlabelled, Notes: s.Notes,
	}
	for _, p := range s.Slice {
		out.Slice[p.Column] = p.Value
	}
	if s.Rank != nil {
		out.Rank, out.RankLow, out.RankHigh, out.Tied = &s.Rank.Point, &s.Rank.Low, &s.Rank.High, s.Rank.Tied
	}
	return out
}

// visible writes what a terminal could act on as JSON escapes: in JSON such runes stand
// in strings only.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf || plain.Terminal(string(r)) == string(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, "\\u%04x", unit)
		}
	}
	return b.String()
}
