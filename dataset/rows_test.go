package dataset_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// foreign writes a file as other software would, and returns its path.
func foreign[T any](t *testing.T, rows ...T) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.Compression(&parquet.Snappy), parquet.DataPageVersion(1))
	_, err := w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	path := filepath.Join(t.TempDir(), "foreign.parquet")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
	return path
}

// sparse is scenarios by someone who writes what they have, all of it optional as SQL
// engines do, in their order, with a column of their own.
type sparse struct {
	Mine        *string             `parquet:"mine,optional"`
	Objectives  []*sparseObjective  `parquet:"objectives,optional,list"`
	Constraints []*sparseConstraint `parquet:"constraints,optional,list"`
	Pressures   []*string           `parquet:"pressures,optional,list"`
	Path        *int32              `parquet:"path_to_victory,optional"`
	Scenario    *string             `parquet:"scenario,optional"`
}

type sparseObjective struct {
	Target *string `parquet:"target,optional"`
	ID     *string `parquet:"id,optional"`
}

type sparseConstraint struct {
	Irreversible *bool   `parquet:"irreversible,optional"`
	ID           *string `parquet:"id,optional"`
	Rank         *int32  `parquet:"rank,optional"`
}

// dense is scenarios by someone who has no nulls.
type dense struct {
	Scenario    string            `parquet:"scenario"`
	Condition   string            `parquet:"condition"`
	Pressures   []string          `parquet:"pressures,list"`
	Constraints []denseConstraint `parquet:"constraints,list"`
	Objectives  []denseConstraint `parquet:"objectives,list"`
}

type denseConstraint struct {
	Rank int32  `parquet:"rank"`
	ID   string `parquet:"id"`
}

func TestRowsForeign(t *testing.T) {
	got, err := read[schema.Scenario](t, foreign(t,
		sparse{Scenario: ptr("a"), Mine: ptr("x"), Pressures: []*string{}, Path: ptr(int32(3))},
		sparse{Scenario: ptr("b"), Pressures: []*string{ptr("p"), ptr("q")}, Objectives: []*sparseObjective{{ID: ptr("o")}, {ID: ptr("u"), Target: ptr("profit")}}},
		sparse{Scenario: ptr(""), Constraints: []*sparseConstraint{{ID: ptr("main"), Rank: ptr(int32(2)), Irreversible: ptr(true)}, {ID: ptr("")}}},
	))
	require.NoError(t, err)
	none := []schema.Constraint{}
	require.Equal(t, []schema.Scenario{
		{Scenario: "a", Pressures: []string{}, PathToVictory: ptr(int32(3)), Constraints: none, Objectives: []schema.Objective{}},
		{Scenario: "b", Pressures: []string{"p", "q"}, Constraints: none, Objectives: []schema.Objective{{ID: "o"}, {ID: "u", Target: ptr("profit")}}},
		{Scenario: "", Constraints: []schema.Constraint{{ID: "main", Rank: ptr(int32(2)), Irreversible: ptr(true)}, {ID: ""}}, Objectives: []schema.Objective{}},
	}, got)

	got, err = read[schema.Scenario](t, foreign(t, dense{Scenario: "a", Condition: "", Pressures: []string{}}, dense{Constraints: []denseConstraint{{ID: "m", Rank: 0}, {ID: "n", Rank: 1}}}))
	require.NoError(t, err)
	require.Equal(t, []schema.Scenario{
		{Scenario: "a", Condition: ptr(""), Pressures: []string{}, Constraints: none, Objectives: []schema.Objective{}},
		{Condition: ptr(""), Pressures: []string{}, Constraints: []schema.Constraint{{ID: "m", Rank: ptr(int32(0))}, {ID: "n", Rank: ptr(int32(1))}}, Objectives: []schema.Objective{}},
	}, got)
}

type (
	lists struct {
		Constraints []struct {
			ID string `parquet:"id"`
		} `parquet:"constraints,list"`
		Objectives []struct {
			ID string `parquet:"id"`
		} `parquet:"objectives,list"`
	}
	noKey struct{ lists }
	plain struct {
		Scenario string `parquet:"scenario"`
	}
	wide struct {
		lists
		Scenario string `parquet:"scenario"`
		Path     *int64 `parquet:"path_to_victory,optional"`
	}
	text struct {
		lists
		Scenario  string  `parquet:"scenario"`
		Pressures *string `parquet:"pressures,optional"`
	}
	bare struct {
		lists
		Scenario  string   `parquet:"scenario"`
		Pressures []string `parquet:"pressures"`
	}
	group struct {
		lists
		Scenario struct {
			A string `parquet:"a"`
		} `parquet:"scenario"`
	}
	noID struct {
		Scenario    string `parquet:"scenario"`
		Constraints []struct {
			Rank int32 `parquet:"rank"`
		} `parquet:"constraints,list"`
		Objectives []sparseObjective `parquet:"objectives,list"`
	}
	millis struct {
		At *int64 `parquet:"labelled_at,optional,timestamp(millisecond:utc)"`
	}
	micros struct {
		At *int64 `parquet:"labelled_at,optional,timestamp(microsecond:utc)"`
	}
)

func TestRowsRefused(t *testing.T) {
	for path, want := range map[string]string{
		foreign(t, noKey{}): "column scenario is missing: wanted STRING, found constraints, objectives",
		foreign(t, plain{}): "column constraints is missing: wanted STRING, found scenario",
		foreign(t, wide{}):  "column path_to_victory: wanted INT(32,true), found INT(64,true)",
		foreign(t, text{}):  "column pressures is stored otherwise: wanted STRING as pressures.list.element, found text.pressures: optional binary (STRING)",
		foreign(t, bare{}):  "column pressures is stored otherwise: wanted STRING as pressures.list.element, found bare.pressures: repeated binary (STRING)",
		foreign(t, group{}): "column scenario is stored otherwise",
		foreign(t, noID{}):  "column constraints is stored otherwise: wanted STRING as constraints.list.element.id",
		foreign(t, sparse{Scenario: ptr("a")}, sparse{}, sparse{}):                                                      "column scenario is null 2 times: wanted a value everywhere",
		foreign(t, sparse{Scenario: ptr("a"), Pressures: []*string{ptr("p"), nil}}):                                     "column pressures.list.element is null 1 times",
		foreign(t, sparse{Scenario: ptr("a"), Constraints: []*sparseConstraint{{ID: ptr("m")}, {Rank: ptr(int32(1))}}}): "column constraints.list.element.id is null 1 times",
		foreign(t, sparse{Scenario: ptr("a"), Objectives: []*sparseObjective{nil}}):                                     "column objectives.list.element.id is null 1 times",
	} {
		got, err := read[schema.Scenario](t, path)
		assert.Empty(t, got)
		assert.ErrorIs(t, err, dataset.ErrCorrupt)
		assert.ErrorContains(t, err, path+": corrupt: "+want)
	}
	_, err := read[micros](t, foreign(t, millis{}))
	require.ErrorContains(t, err, "column labelled_at: wanted TIMESTAMP(isAdjustedToUTC=true,unit=MICROS), found TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)")
	_, err = read[micros](t, filepath.Join(t.TempDir(), "none.parquet"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestRowsCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.parquet")
	whole := table(t, rows[schema.Annotation](5, 300), 300)
	for n := 0; n < len(whole); n += 1 + len(whole)/50 {
		require.NoError(t, os.WriteFile(path, whole[:n], 0o666))
		_, err := read[schema.Annotation](t, path)
		require.ErrorIs(t, err, dataset.ErrCorrupt, "%d of %d bytes", n, len(whole))
		require.ErrorContains(t, err, "cut.parquet")
	}
}

func TestRowsStop(t *testing.T) {
	path := foreign(t, sparse{Scenario: ptr("a")}, sparse{Scenario: ptr("b")})
	for row, err := range dataset.Rows[schema.Scenario](t.Context(), path) {
		require.NoError(t, err)
		require.Equal(t, "a", row.Scenario)
		break
	}
	require.PanicsWithValue(t, "mine", func() {
		for range dataset.Rows[schema.Scenario](t.Context(), path) {
			panic("mine")
		}
	}, "a caller's panic stays one")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range dataset.Rows[schema.Scenario](ctx, path) {
		require.ErrorIs(t, err, context.Canceled)
	}
}
