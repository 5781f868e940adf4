package dataset

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// minimal is the least that others may write: required columns, some of them nullable,
// and control.
type minimal struct {
	TrajectoryID  string  `parquet:"trajectory_id"`
	ConstraintID  *string `parquet:"constraint_id,optional,dict"`
	Annotator     string  `parquet:"annotator"`
	Pass          int32   `parquet:"pass"`
	System        *string `parquet:"system,optional"`
	Scenario      string  `parquet:"scenario"`
	Repeat        *int32  `parquet:"repeat,optional"`
	Setting       string  `parquet:"setting"`
	AssistantTurn *int32  `parquet:"assistant_turn,optional"`
	Control       string  `parquet:"control"`
	Extra         string  `parquet:"extra"`
	AnnotatorKind string  `parquet:"annotator_kind"`
}

// foreignFile writes rows of any type, declared sorted by the columns given.
func foreignFile[T any](t testing.TB, rows []T, sorted ...string) string {
	t.Helper()
	var columns []parquet.SortingColumn
	for _, name := range sorted {
		columns = append(columns, parquet.NullsFirst(parquet.Ascending(name)))
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.SortingWriterConfig(parquet.SortingColumns(columns...)))
	_, err := w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return putFile(t, b.Bytes())
}

func TestCasesMinimalFile(t *testing.T) {
	row := func(unit int32, control string) minimal {
		return minimal{
			TrajectoryID: "t", ConstraintID: new("main"), Annotator: "a", System: new("s"), Scenario: "c", Repeat: new(int32(0)),
			Setting: "interaction", AssistantTurn: new(unit), Control: control, AnnotatorKind: "human",
		}
	}
	rows := []minimal{row(1, "governs"), row(3, "neutralised")}
	want := [][]string{{"t s - c - 0 interaction - main T=3,true false \n a/0 n=2 asked=[],false whole=false,0 outcome=0 control=[0 2]|0:[0]|2:[2]\n"}}
	for _, sorted := range [][]string{nil, {"trajectory_id", "constraint_id", "annotator", "pass", "assistant_turn"}} {
		d := &Dataset{Annotations: []string{foreignFile(t, rows, sorted...)}}
		got, err := cases(d, reading.Columns{})
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.Equal(t, sorted == nil, len(d.Notices) == 1)
	}
	rows[1].System = nil
	path := foreignFile(t, rows, "trajectory_id", "constraint_id", "annotator", "pass", "assistant_turn")
	_, err := cases(&Dataset{Annotations: []string{path}}, reading.Columns{})
	assert.EqualError(t, err, path+":2: system: is null; every row needs a value")
}

// otherLists is lists as others nest them, with elements that may be null.
type otherLists struct {
	TrajectoryID  string    `parquet:"trajectory_id"`
	ConstraintID  string    `parquet:"constraint_id"`
	Annotator     string    `parquet:"annotator"`
	Pass          int32     `parquet:"pass"`
	System        string    `parquet:"system"`
	Scenario      string    `parquet:"scenario"`
	Repeat        int32     `parquet:"repeat"`
	Setting       string    `parquet:"setting"`
	AssistantTurn *int32    `parquet:"assistant_turn,optional"`
	Pressures     []*string `parquet:"pressures,list"`
}

func TestCasesOtherLists(t *testing.T) {
	row := func(unit int32, terms ...*string) otherLists {
		return otherLists{
			TrajectoryID: "t", ConstraintID: "main", Annotator: "a", System: "s", Scenario: "c", Setting: "interaction",
			AssistantTurn: new(unit), Pressures: terms,
		}
	}
	sorted := []string{"trajectory_id", "constraint_id", "annotator", "pass", "assistant_turn"}
	d := &Dataset{Annotations: []string{foreignFile(t, []otherLists{row(1, new("useful"), new("expected")), row(2), row(3, new("useful"))}, sorted...)}}
	got, err := cases(d, reading.Columns{})
	require.NoError(t, err)
	assert.Contains(t, got[0][0], "pressures=[0 1 2]|1:[0 2]|3:[0]")
	path := foreignFile(t, []otherLists{row(1), row(2, new("useful"), nil)}, sorted...)
	_, err = cases(&Dataset{Annotations: []string{path}}, reading.Columns{})
	assert.EqualError(t, err, path+":2: pressures: has a null in its list")
}

func TestCasesColumnsThatDoNotFit(t *testing.T) {
	type wrong struct {
		TrajectoryID string   `parquet:"trajectory_id"`
		ConstraintID string   `parquet:"constraint_id"`
		Annotator    string   `parquet:"annotator"`
		Pass         int64    `parquet:"pass"`
		Scenario     string   `parquet:"scenario"`
		Repeat       int32    `parquet:"repeat"`
		Setting      []string `parquet:"setting,list"`
		Pressures    string   `parquet:"pressures"`
		Control      []byte   `parquet:"control,optional"`
	}
	path := foreignFile(t, []wrong{{}}, "trajectory_id", "constraint_id", "annotator", "pass")
	_, err := cases(&Dataset{Annotations: []string{path}}, reading.Columns{})
	require.ErrorIs(t, err, ErrCorrupt)
	assert.ErrorContains(t, err, "no annotations: pass: wanted INT32, found INT(64,true); pressures: wanted LIST STRING, found STRING; "+
		"setting: wanted STRING, found LIST repeated group STRING; "+
		"system: wanted STRING, found none; the file has trajectory_id, constraint_id, annotator, pass, scenario, repeat, setting, pressures, control")
	assert.NotContains(t, err.Error(), "\n")
}

// TestCasesMutants damages a file in seeded ways: the cases are the same, or there is
// an error.
func TestCasesMutants(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(8, 9)), 12)
	path := annotationsFile(t, cut(rand.New(rand.NewPCG(8, 9)), rows, 3), parquet.CreatedBy("righting", "1", "0"), parquet.PageBufferSize(400))
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	d := &Dataset{Manifest: testManifest(), Annotations: []string{path}}
	want, err := cases(d, everything())
	require.NoError(t, err)
	footer := int(good[len(good)-8]) | int(good[len(good)-7])<<8 | int(good[len(good)-6])<<16
	rng := rand.New(rand.NewPCG(3, 4))
	physical := parquet.SchemaOf(new(schema.Annotation)).String()
	for k := range mutants {
		require.NoError(t, os.WriteFile(path, mutate(rng, good, footer), 0o666))
		got, err := cases(d, everything())
		if err != nil {
			require.NotContains(t, strings.TrimPrefix(err.Error(), path), "runtime error: invalid memory", "mutant %d", k)
			continue
		}
		if f, err := openParquet(path, nil); err == nil {
			same := f.Schema().String() == physical
			require.NoError(t, f.Close())
			if !same { // a footer has no checksum: nothing tells a name that was damaged
				continue
			}
		}
		if len(got) == 1 { // no longer declared sorted
			require.Equal(t, slices.Concat(want...), got[0], "mutant %d", k)
			continue
		}
		require.Equal(t, want, got, "mutant %d", k)
	}
}
