package annotate_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// real copies a real file outside the repository into the working folder, which is new,
// or skips.
func real(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "formats", name))
	if err != nil {
		t.Skipf("no real data here: %v", err)
	}
	t.Chdir(t.TempDir())
	return file(t, filepath.Base(name), string(text))
}

// TestLabelStudioReal joins a real multi-turn export by what is said in it. Counted in the
// file: 3 tasks of 3 exchanges, 4 questions each; of response_address_intent 7 are "Fully
// Addressed", and the first exchanges of tasks 87004 and 87006 "Partially Addressed".
func TestLabelStudioReal(t *testing.T) {
	name := real(t, "label_studio/labeled_results.json")
	var tasks []struct {
		ID   int
		Data struct {
			Messages []struct{ Role, Content string }
		}
	}
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &tasks))
	require.Len(t, tasks, 3)
	var all []schema.Trajectory
	for i, task := range tasks {
		tr := schema.Trajectory{TrajectoryID: string(rune('a' + i)), System: "s", Scenario: string(rune('q' + i)), Setting: "interaction", Turns: []schema.Turn{{Role: "system", Text: "be nice"}}}
		for _, m := range task.Data.Messages {
			tr.Turns = append(tr.Turns, schema.Turn{Role: m.Role, Text: m.Content + "\n"})
		}
		dataset.Count(&tr)
		all = append(all, tr)
	}
	write(t, "ds", dataset.NewManifest(), nil, all...)

	_, err = run(t, annotate.Options{}, name)
	require.ErrorContains(t, err, `"response_accuracy_helpfulness" is no column of ours`)
	r, err := recipe.Load("map.yaml", []byte(`
annotations:
  files: ["*.json"]
  id: "{trajectory_id}"
  pivot: {by: [trajectory_id, exchange, annotator], field: field, value: value}
  columns: {exchange: exchange, annotator: annotator, control: {from: response_address_intent, map: {"Fully Addressed": governs, "Partially Addressed": contested}}}
  set: {annotator_kind: human}
  ignore: [annotator_kind, labelled_at, user_intent, response_accuracy_helpfulness, response_action]
`))
	require.NoError(t, err)
	report := must(t, annotate.Options{Recipe: r, From: "label-studio", HashAnnotators: "0123456789"}, name)
	require.Equal(t, "read 36 records = 9 written + 0 missing + 0 rejected + 27 skipped", report.Lines()[0])
	require.Equal(t, 9, report.Added)
	control := map[string]string{}
	for _, a := range rows(t) {
		control[a.TrajectoryID] += (*a.Control)[:1]
		require.Equal(t, a.AssistantTurn, a.Exchange)
		// Python 3.12: hmac.new(b"0123456789", b"1", "sha256").hexdigest()[:12]
		require.Equal(t, "h-34047d01f6c3", a.Annotator)
	}
	require.Equal(t, map[string]string{"a": "cgg", "b": "ggg", "c": "cgg"}, control)
}

// TestLabelStudioRealRefused: exports about pictures, music and a chat without questions
// hold no label of ours, and say so.
func TestLabelStudioRealRefused(t *testing.T) {
	for name, want := range map[string]string{
		"previous_export.json": `"label" is no column of ours`,
		"csv_test2.json":       `"uri_selection" is no column of ours`,
		"csv_test2_result.csv": "no column is named as a label or measure of ours",
	} {
		name := real(t, "label_studio/"+name)
		write(t, "ds", dataset.NewManifest(), nil, spoken("a", "ua"))
		_, err := run(t, annotate.Options{}, name)
		require.ErrorContains(t, err, want)
	}
	for name, skipped := range map[string]int{"chat_data.json": 4, "data.json": 1} {
		name := real(t, "label_studio/"+name)
		write(t, "ds", dataset.NewManifest(), nil, spoken("a", "ua"))
		r := must(t, annotate.Options{}, name)
		require.Equal(t, []int{skipped, skipped, 0}, []int{r.Read, r.Skipped, r.Labels}, name)
	}
}

// TestScoutReal reads the stored validation sets onto transcripts of their ids. Counted in
// the files: targets True, False and others; one predicate that is no equality.
func TestScoutReal(t *testing.T) {
	for name, want := range map[string]struct {
		yes, no int
		rejects []string
	}{
		"validation-demo__eval-awareness.csv": {6, 11, []string{`validation-demo__eval-awareness.csv:2: validation-demo__eval-awareness: "asdf" is not a number, which value needs`}},
		"validation-demo__refusal.csv":        {6, 13, []string{`validation-demo__refusal.csv:20: the target is compared by "icontains", which makes it no judgement`}},
		"validation__eval-awareness.csv":      {5, 3, nil},
		"validation__quality.csv":             {5, 3, nil},
		"validation__security-validation.csv": {4, 2, nil},
		"validation__simple-validation.csv":   {3, 2, nil},
		"validation__labels-validation.csv":   {8, 7, nil}, // of three labels
	} {
		t.Run(name, func(t *testing.T) {
			name := real(t, "scout/"+name)
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
			require.NoError(t, err)
			var all []schema.Trajectory
			for _, r := range records[1:] {
				all = append(all, spoken(r[0], "ua"))
			}
			m := dataset.NewManifest()
			m.Measures = map[string]schema.Measure{}
			for _, measure := range []string{strings.TrimSuffix(name, ".csv"), "safety", "accuracy", "toxicity"} {
				m.Measures[measure] = schema.Measure{Step: 1}
			}
			write(t, "ds", m, nil, all...)
			var rejects []string
			o := annotate.Options{Annotator: "ann", Kind: "human"}
			o.Rejecting.Reject = func(e dataset.Reject) error {
				rejects = append(rejects, e.Error())
				return nil
			}
			must(t, o, name)
			yes, no := 0, 0
			for _, a := range rows(t) {
				require.True(t, a.Whole())
				if *a.Value == 1 {
					yes++
				} else {
					require.Zero(t, *a.Value)
					no++
				}
			}
			require.Equal(t, []int{want.yes, want.no}, []int{yes, no})
			require.Equal(t, want.rejects, rejects)
		})
	}
}
