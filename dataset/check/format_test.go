package check

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

func written(t testing.TB, format string, findings ...Finding) string {
	var b strings.Builder
	require.NoError(t, Write(&b, format, findings))
	return b.String()
}

func TestWrite(t *testing.T) {
	r := run{d: &dataset.Dataset{Path: "ds"}, folder: true, paths: map[string]string{"annotations/a.parquet": "ds/annotations/a.parquet"}}
	found := []Finding{
		r.finding(undeclaredSilence, manifest("annotators"), "%q judged 1 of 2 units", "j"),
		r.finding(turnIndex, schema.Place{File: "annotations/a.parquet", Row: 3, Field: "turns[1].index"}, "2 where 1 is due"),
		r.finding(turnIndex, schema.Place{File: "annotations/a.parquet", Row: 4}, "100%% wrong"),
	}
	require.Equal(t, `dataset.yaml: annotators: "j" judged 1 of 2 units (A017)
annotations/a.parquet:3: turns[1].index: 2 where 1 is due (T002)
annotations/a.parquet:4: 100% wrong (T002)
`, written(t, "concise", found...))
	require.Equal(t, `dataset.yaml: annotators: "j" judged 1 of 2 units (A017)
    warning undeclared-silence: an annotator left units out, and nobody says what that means
    Declare silence for the annotator in dataset.yaml, unknown if it is that.
annotations/a.parquet:3: turns[1].index: 2 where 1 is due (T002)
    error turn-index: turns are not numbered 0, 1, 2, … in the order they stand in
    Put the turns in order and number them from 0.
annotations/a.parquet:4: 100% wrong (T002)
`, written(t, "full", found...))
	require.Equal(t, `[
{"path":"ds/dataset.yaml","file":"dataset.yaml","field":"annotators","code":"A017","rule":"undeclared-silence","severity":"warning","why":"\"j\" judged 1 of 2 units","what":"an annotator left units out, and nobody says what that means","fix":"Declare silence for the annotator in dataset.yaml, unknown if it is that."},
{"path":"ds/annotations/a.parquet","file":"annotations/a.parquet","row":3,"field":"turns[1].index","code":"T002","rule":"turn-index","severity":"error","why":"2 where 1 is due","what":"turns are not numbered 0, 1, 2, … in the order they stand in","fix":"Put the turns in order and number them from 0."},
{"path":"ds/annotations/a.parquet","file":"annotations/a.parquet","row":4,"code":"T002","rule":"turn-index","severity":"error","why":"100% wrong","what":"turns are not numbered 0, 1, 2, … in the order they stand in","fix":"Put the turns in order and number them from 0."}
]
`, written(t, "json", found...))
	require.Equal(t, `::warning file=ds/dataset.yaml,title=A017 undeclared-silence::dataset.yaml: annotators: "j" judged 1 of 2 units (A017)%0Aan annotator left units out, and nobody says what that means%0ADeclare silence for the annotator in dataset.yaml, unknown if it is that.
::error file=ds/annotations/a.parquet,line=3,title=T002 turn-index::annotations/a.parquet:3: turns[1].index: 2 where 1 is due (T002)%0Aturns are not numbered 0, 1, 2, … in the order they stand in%0APut the turns in order and number them from 0.
::error file=ds/annotations/a.parquet,line=4,title=T002 turn-index::annotations/a.parquet:4: 100%25 wrong (T002)%0Aturns are not numbered 0, 1, 2, … in the order they stand in%0APut the turns in order and number them from 0.
`, written(t, "github", found...))

	for _, format := range []string{"full", "concise", "github"} {
		require.Empty(t, written(t, format))
	}
	require.Equal(t, "[]\n", written(t, "json"))
	require.EqualError(t, Write(nil, "gihub", found), `unknown format "gihub"; did you mean github?`)
	require.EqualError(t, Write(nil, "\x1b", found), `unknown format "\x1b"; it is one of full, concise, json, github`)
	require.ErrorIs(t, Write(noSpace{}, "concise", found), errNoSpace)
}

var errNoSpace = errors.New("no space")

type noSpace struct{}

func (noSpace) Write([]byte) (int, error) { return 0, errNoSpace }

var hostileTexts = []string{
	"a\n::error file=x::injected", "%0A::stop-commands::x", "a,line=9,title=b", "\r\x1b[2J\u202e", "\xff\xfe", `"},{"code":"`, "</script>", "", "…",
}

// Nothing in a name or a value ends a line, a property, a string or a command.
func hostile(t testing.TB, text string) {
	f := new(run).finding(turnIndex, schema.Place{File: text, Row: 1, Field: text}, "%s", text)
	for _, format := range []string{"full", "concise"} {
		require.Equal(t, written(t, format, f), strings.ToValidUTF8(written(t, format, f), "?"))
	}
	require.Equal(t, 1, strings.Count(written(t, "concise", f), "\n"))
	require.Equal(t, 3, strings.Count(written(t, "full", f), "\n"))

	command := written(t, "github", f)
	require.Equal(t, 1, strings.Count(command, "\n"))
	require.NotContains(t, command, "\x1b")
	require.NotContains(t, command, "\r")
	properties, _, ok := strings.Cut(strings.TrimPrefix(command, "::error "), "::")
	require.True(t, ok)
	names := []string{}
	for property := range strings.SplitSeq(properties, ",") {
		name, value, _ := strings.Cut(property, "=")
		names = append(names, name)
		require.NotContains(t, value, ":")
	}
	require.Equal(t, []string{"file", "line", "title"}, names)

	var got []map[string]any
	require.NoError(t, json.Unmarshal([]byte(written(t, "json", f)), &got))
	require.Len(t, got, 1)
	if utf8.ValidString(text) {
		require.Equal(t, text, got[0]["file"])
	}
	require.Equal(t, f.Why, got[0]["why"])
	require.Equal(t, "T002", got[0]["code"])
}

func TestWriteHostileText(t *testing.T) {
	for _, text := range hostileTexts {
		hostile(t, text)
	}
}

func FuzzWrite(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { hostile(t, text) })
}

func ExampleWrite() {
	finding := Finding{Rule: turnIndex, Place: schema.Place{File: "a.parquet", Row: 2, Field: "turns[1].index"}, Why: "2 where 1 is due"}
	_ = Write(os.Stdout, "full", []Finding{finding})
	// Output:
	// a.parquet:2: turns[1].index: 2 where 1 is due (T002)
	//     error turn-index: turns are not numbered 0, 1, 2, … in the order they stand in
	//     Put the turns in order and number them from 0.
}
