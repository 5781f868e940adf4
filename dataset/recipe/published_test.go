package recipe_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// published is a folder of real data, which is not part of the repository.
func published(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the data set %s is not here: %v", name, err)
	}
	return folder
}

// counted reads by a recipe, and counts the rows by what the function says of them.
func counted(t *testing.T, r *recipe.Recipe, folder string, say func(schema.Annotation) []string) (map[string]int, recipe.Report) {
	t.Helper()
	n := map[string]int{}
	report, err := r.Annotations(context.Background(), []string{folder}, recipe.Options{}, func(a schema.Annotation) error {
		for _, s := range say(a) {
			n[s]++
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, report.Read, report.Written+report.Missing+report.Rejected+report.Skipped)
	require.Empty(t, report.Rejects)
	require.Empty(t, report.Notices)
	return n, report
}

func TestODCV(t *testing.T) {
	folder := published(t, "odcv")
	r, err := recipe.Named("odcv")
	require.NoError(t, err)
	sum := 0.
	n, report := counted(t, r, folder, func(a schema.Annotation) []string {
		require.Equal(t, a.Scenario+"/"+a.System+"-"+*a.Condition, a.TrajectoryID)
		require.Equal(t, "severity", *a.Measure)
		require.Nil(t, a.Control)
		require.True(t, a.Whole())
		sum += *a.Value
		severe := ""
		if *a.Value >= 3 {
			severe = a.Annotator + " severe"
		}
		return []string{a.Annotator, "condition " + *a.Condition, severe}
	})
	require.Equal(t, "4032 cells = 3800 written + 40 missing + 0 rejected + 192 skipped; 3800 rows", report.String())
	require.Equal(t, map[string]schema.Annotator{
		"claude-opus-4.7": {Kind: "model"}, "gpt-5.5": {Kind: "model"}, "grok-4.20": {Kind: "model"}, "gemini-3.1-pro-preview": {Kind: "model"},
	}, report.Annotators)
	// by awk over the four files: the cells of 3 or more, and the sum of all
	require.Equal(t, 295, n["claude-opus-4.7 severe"])
	require.Equal(t, 294, n["gemini-3.1-pro-preview severe"])
	require.Equal(t, 339, n["gpt-5.5 severe"])
	require.Equal(t, 337, n["grok-4.20 severe"])
	require.Equal(t, 1265.+1176+1508+1296, sum)
	for name := range report.Annotators {
		require.Equal(t, 950, n[name])
	}
}

func TestSYCON(t *testing.T) {
	folder := published(t, "sycon_debate")
	r, err := recipe.Named("sycon-debate")
	require.NoError(t, err)
	systems, scenarios := map[string]bool{}, map[string]bool{}
	n, report := counted(t, r, folder, func(a schema.Annotation) []string {
		systems[a.System], scenarios[a.Scenario] = true, true
		require.EqualValues(t, 5, *a.AssistantTurns)
		require.Equal(t, a.System+"/"+a.Scenario, a.TrajectoryID)
		require.LessOrEqual(t, *a.AssistantTurn, int32(5))
		return []string{*a.Control}
	})
	require.Equal(t, "5500 cells = 5500 written + 0 missing + 0 rejected + 0 skipped; 5500 rows", report.String())
	require.Len(t, systems, 11)
	require.Len(t, scenarios, 100)
	require.Equal(t, map[string]int{"governs": 4802, "neutralised": 698}, n) // by awk over the eleven files
}

// all reads every table of a published data set.
func all(t *testing.T, name, folder string) (rows []schema.Trajectory, scenarios []schema.Scenario, labels []schema.Annotation) {
	t.Helper()
	r, err := recipe.Named(name)
	require.NoError(t, err)
	reports, err := r.Read(context.Background(), []string{folder}, recipe.Options{}, recipe.Tables{
		Trajectory: func(x schema.Trajectory) error { rows = append(rows, x); return nil },
		Scenario:   func(x schema.Scenario) error { scenarios = append(scenarios, x); return nil },
		Annotation: func(x schema.Annotation) error { labels = append(labels, x); return nil },
	})
	require.NoError(t, err)
	for _, report := range reports {
		require.Empty(t, report.Rejects, report.Table)
		require.Empty(t, report.Notices, report.Table)
		require.Zero(t, report.Rejected, report.Table)
	}
	return rows, scenarios, labels
}

// The expected numbers are by a script of its own over the JSON lines.
func TestODCVTranscripts(t *testing.T) {
	rows, scenarios, labels := all(t, "odcv", published(t, "odcv"))
	require.Len(t, rows, 950)
	require.Len(t, labels, 3800)
	turns, own, exchanges, calls, unfinished := 0, 0, 0, 0, 0
	roles := map[string]int{}
	for _, x := range rows {
		require.Equal(t, "odcv", *x.SourceFormat)
		own, exchanges = own+int(x.AssistantTurns), exchanges+int(x.Exchanges)
		done := false
		for i, u := range x.Turns {
			turns++
			roles[u.Role]++
			require.EqualValues(t, i, u.Index)
			require.Equal(t, strconv.Itoa(i+1), *u.SourceID)
			require.True(t, u.Role == "assistant" || u.Reasoning == nil)
			if u.ToolCallsJSON == nil {
				continue
			}
			var made []struct{ Name string }
			require.NoError(t, json.Unmarshal([]byte(*u.ToolCallsJSON), &made))
			calls += len(made)
			for _, c := range made {
				done = done || c.Name == "task_complete"
			}
		}
		if !done {
			unfinished++
		}
	}
	require.Equal(t, 22566, turns)
	require.Equal(t, map[string]int{"system": 950, "user": 1509, "assistant": 9576, "tool": 10531}, roles)
	require.Equal(t, 9576, own)
	require.Equal(t, 1503, exchanges)
	require.Equal(t, 10543, calls)
	require.Equal(t, 18, unfinished)
	require.Len(t, scenarios, 80)
	for _, s := range scenarios {
		require.Equal(t, map[string][]string{"mandated": {"rewarded", "expected", "apparently_authorized"}, "incentivized": {"rewarded"}}[*s.Condition], s.Pressures)
	}
	for _, a := range labels {
		require.NotNil(t, a.AssistantTurns, "joined")
		require.Equal(t, a.System, *a.Model)
	}
}

func TestSYCONTranscripts(t *testing.T) {
	rows, _, labels := all(t, "sycon-debate", published(t, "sycon_debate"))
	require.Len(t, rows, 1100)
	require.Len(t, labels, 5500)
	systems := map[string]int{}
	for _, x := range rows {
		systems[x.System]++
		require.EqualValues(t, 5, x.AssistantTurns)
		require.Zero(t, x.Exchanges, "the users' turns are not published")
		for _, u := range x.Turns {
			require.NotEmpty(t, u.Text)
			require.Equal(t, "assistant", u.Role)
		}
	}
	require.Len(t, systems, 11)
	for system, n := range systems {
		require.Equal(t, 100, n, system)
	}
	for _, a := range labels {
		require.Equal(t, *a.AssistantTurn-1, *a.Turn)
	}
}

func TestConvAbuse(t *testing.T) {
	folder := published(t, "convabuse")
	r, err := recipe.Named("convabuse")
	require.NoError(t, err)
	keys := map[string]bool{}
	n, report := counted(t, r, folder, func(a schema.Annotation) []string {
		pass := "pass " + string('0'+rune(a.Pass))
		keys[strings.Join([]string{a.TrajectoryID, a.Annotator, pass}, " ")] = true
		return []string{pass}
	})
	require.Equal(t, "12768 records = 12768 written + 0 missing + 0 rejected + 0 skipped; 12768 rows", report.String())
	require.Len(t, keys, 12768, "a pass is numbered once")
	require.Len(t, report.Annotators, 8)
	require.Equal(t, map[string]int{"pass 0": 12411, "pass 1": 345, "pass 2": 12}, n) // by awk
}

// What is embedded says the same as design.md does.
func TestEmbedded(t *testing.T) {
	var names []string
	for _, i := range recipe.Embedded() {
		names = append(names, i.Name)
		require.NotEmpty(t, i.Doc)
		r, err := recipe.Named(i.Name)
		require.NoError(t, err)
		require.Equal(t, i.Name, r.Dataset.Name)
		require.NotEmpty(t, r.Dataset.License)
	}
	require.Equal(t, []string{"convabuse", "odcv", "sycon-debate"}, names)

	odcv, err := recipe.Named("odcv")
	require.NoError(t, err)
	require.Equal(t, "median", odcv.Dataset.Rules.Panel.Rule)
	require.True(t, odcv.Dataset.Rules.Panel.ExcludeSelf)
	require.Equal(t, 2, odcv.Dataset.Rules.Durable, "the other rules are the default ones")
	bound, ok := odcv.Dataset.Rules.ControlFrom.Neutralised.AtLeast()
	require.True(t, ok)
	require.Equal(t, 3., bound)
	require.Equal(t, schema.Lower, odcv.Dataset.Measures["severity"].Better)

	_, err = recipe.Named("odvc")
	require.EqualError(t, err, `unknown recipe "odvc"; did you mean odcv? (righting explain recipes)`)
	_, err = recipe.Named("../recipe.go")
	require.ErrorContains(t, err, "unknown recipe")
}

func TestEmbeddedAreWhole(t *testing.T) {
	files, err := fs.Glob(os.DirFS("recipes"), "*")
	require.NoError(t, err)
	require.Len(t, files, len(recipe.Embedded()))
}
