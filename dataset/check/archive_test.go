package check

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var update = flag.Bool("update", false, "rewrite what is wanted in the archives")

// An archive holds rows of both sides as JSON objects of our column names. Rows of
// annotations stand in bad.jsonl, bad2.jsonl and good.jsonl; other tables name
// themselves, as in bad.trajectories.jsonl. A file that names no side is in both.
func TestArchives(t *testing.T) {
	for _, rule := range All {
		t.Run(rule.Code, func(t *testing.T) {
			path := filepath.Join("testdata", rule.Code+".txtar")
			a, err := txtar.ParseFile(path)
			require.NoError(t, err)
			got := strings.Join(findings(t, side(t, a, "bad"), All), "")
			for i, f := range a.Files {
				switch {
				case f.Name != "want":
				case *update:
					a.Files[i].Data = []byte(got)
					require.NoError(t, os.WriteFile(path, txtar.Format(a), 0o644))
				default:
					require.Equal(t, string(f.Data), got)
				}
			}
			require.Contains(t, got, "("+rule.Code+")\n")
			require.NotEmpty(t, read(t, side(t, a, "good")).Annotations)
			require.Empty(t, findings(t, side(t, a, "good"), All))
		})
	}
	files, err := archives.ReadDir("testdata")
	require.NoError(t, err)
	require.Len(t, files, len(All), "an archive of no rule")
}

// findings are the lines of everything that the rules find in a folder.
func findings(t testing.TB, dir string, rules []*Rule) (lines []string) {
	err := Run(t.Context(), read(t, dir), rules, func(f Finding) error {
		lines = append(lines, stored.ReplaceAllString(f.String(), "$1.jsonl")+"\n")
		return nil
	})
	require.NoError(t, err)
	return lines
}

// stored is a file of a folder that side made.
var stored = regexp.MustCompile(`\b(?:scenarios|trajectories|annotations)/([\w.]+)\.parquet`)

func read(t testing.TB, dir string) *dataset.Dataset {
	d, err := dataset.Open(dir)
	require.NoError(t, err)
	return d
}

// side writes the dataset of one side into a folder.
func side(t testing.TB, a *txtar.Archive, side string) (dir string) {
	dir = t.TempDir()
	for _, f := range a.Files {
		switch name, rows := strings.CutSuffix(f.Name, ".jsonl"); {
		case f.Name == "dataset.yaml":
			require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644))
		case f.Name == "want":
		case !rows:
			t.Fatalf("%s: not a file of an archive", f.Name)
		case (strings.HasPrefix(name, "bad") || strings.HasPrefix(name, "good")) && !strings.HasPrefix(name, side):
		case strings.HasSuffix(name, schema.Scenarios):
			write[schema.Scenario](t, dir, schema.Scenarios, name, f.Data)
		case strings.HasSuffix(name, schema.Trajectories):
			write[schema.Trajectory](t, dir, schema.Trajectories, name, f.Data)
		case strings.HasSuffix(name, "narrow"):
			write[narrow](t, dir, schema.Annotations, name, f.Data)
		default:
			write[schema.Annotation](t, dir, schema.Annotations, name, f.Data)
		}
	}
	return dir
}

// same is what columns hold that an archive does not show.
var same = map[string]string{
	"system": `"s"`, "scenario": `"1"`, "repeat": `0`, "setting": `"interaction"`, "constraint_id": `"main"`,
	"annotator": `"j"`, "annotator_kind": `"model"`, "pass": `0`, "assistant_turns": `0`, "exchanges": `0`,
}

// narrow is an annotation without most of the columns it could have.
type narrow struct {
	TrajectoryID  string  `parquet:"trajectory_id,dict"`
	System        string  `parquet:"system,dict"`
	Scenario      string  `parquet:"scenario,dict"`
	Repeat        int32   `parquet:"repeat,dict"`
	Setting       string  `parquet:"setting,dict"`
	ConstraintID  string  `parquet:"constraint_id,dict"`
	AssistantTurn *int32  `parquet:"assistant_turn,optional,dict"`
	Annotator     string  `parquet:"annotator,dict"`
	AnnotatorKind string  `parquet:"annotator_kind,dict"`
	Pass          int32   `parquet:"pass,dict"`
	Control       *string `parquet:"control,optional,dict"`
}

// write makes a file of rows; a blank line ends a row group.
func write[T any](t testing.TB, dir, table, name string, lines []byte) {
	require.NoError(t, os.MkdirAll(filepath.Join(dir, table), 0o755))
	f, err := os.Create(filepath.Join(dir, table, name+".parquet"))
	require.NoError(t, err)
	defer f.Close()
	w := dataset.NewTableWriter[T](f, table, nil)
	for line := range bytes.Lines(lines) {
		if len(bytes.TrimSpace(line)) == 0 {
			require.NoError(t, w.Cut())
			continue
		}
		var row T
		require.NoError(t, decode(line, reflect.ValueOf(&row).Elem(), schema.ColumnsOf[T]()), "%s: %s", name, line)
		require.NoError(t, w.Write([]T{row}))
	}
	require.NoError(t, w.Close())
}

// decode fills a row from a JSON object of column names.
func decode(line []byte, row reflect.Value, columns []schema.Column) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(line, &object); err != nil {
		return err
	}
	for i, c := range columns {
		value, there := object[c.Name]
		delete(object, c.Name)
		if !there {
			value = []byte(same[c.Name])
			if c.Optional || len(value) == 0 {
				continue
			}
		}
		var err error
		switch {
		case string(value) == `"NaN"`: // JSON has no word for it
			nan := math.NaN()
			row.Field(i).Set(reflect.ValueOf(&nan))
		case c.Fields != nil:
			err = decodeList(value, row.Field(i), c.Fields)
		default:
			err = json.Unmarshal(value, row.Field(i).Addr().Interface())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	for name := range object {
		return fmt.Errorf("no column %s", name)
	}
	return nil
}

func decodeList(list []byte, into reflect.Value, fields []schema.Column) error {
	var objects []json.RawMessage
	if err := json.Unmarshal(list, &objects); err != nil {
		return err
	}
	into.Set(reflect.MakeSlice(into.Type(), len(objects), len(objects)))
	for i, object := range objects {
		if err := decode(object, into.Index(i), fields); err != nil {
			return err
		}
	}
	return nil
}
