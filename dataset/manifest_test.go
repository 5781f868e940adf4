package dataset_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

func ptr[T any](v T) *T { return &v }

// open writes a dataset.yaml into an empty folder and opens it.
func open(t *testing.T, text string) (*dataset.Dataset, error) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("dataset.yaml", []byte(text), 0o666))
	return dataset.Open(".")
}

func full() dataset.Manifest {
	m := dataset.NewManifest()
	m.Name, m.Version, m.License = "NO", "1.10", "CC-BY-4.0"
	m.Authors = []string{"A: B", "- c", "", "null"}
	m.Description = "two\nlines # and \"quotes\" \\ \u202e \x1b[2J"
	m.Constraints = []schema.Constraint{
		{ID: "main", Text: ptr("do not"), Protects: ptr("public_good"), Authority: ptr("norm"), Rank: ptr(int32(1)), Irreversible: ptr(false)},
		{ID: "second"},
	}
	m.Vocabulary.Targets = map[string]string{"public_good": "what is good for all"}
	m.Measures = map[string]schema.Measure{
		"severity": {Min: ptr(0.0), Max: ptr(5.0), Step: 1, Better: schema.Lower},
		"=1+1":     {Step: 1e-9},
	}
	m.Annotators = map[string]schema.Annotator{"gpt-4.1": {Kind: "model", Model: "gpt-4.1", Silence: "stopped"}, "1.10": {}}
	m.Rules.Durable, m.Rules.MaxUndecided, m.Rules.Seed = 3, 0, 1<<63+1
	m.Rules.Panel = reading.Panel{Rule: "strict", Of: []string{"1.10"}, ExcludeSelf: true, Annotators: m.Annotators, Measures: m.Measures}
	m.Rules.ControlFrom = &reading.ControlFrom{Measure: "severity", Neutralised: &reading.Condition{Op: ">=", Number: 3}}
	m.Card = map[string]string{"y": "yes", "q2": "no\ttab"}
	return m
}

func TestManifestRoundTrip(t *testing.T) {
	for _, m := range []dataset.Manifest{full(), dataset.NewManifest(), {}} {
		t.Chdir(t.TempDir())
		require.NoError(t, dataset.WriteManifest("dataset.yaml", m))
		d, err := dataset.Open(".")
		require.NoError(t, err)
		if m.Name == "" {
			m = dataset.NewManifest()
			m.Constraints = []schema.Constraint{}
		}
		require.Equal(t, m, d.Manifest)
		require.Equal(t, m.YAML(), d.Manifest.YAML())

		var theirs map[string]any // another parser finds the same text
		require.NoError(t, yaml.Unmarshal(m.YAML(), &theirs))
		require.Equal(t, m.Name, theirs["name"])
	}
}

func TestManifestYAML(t *testing.T) {
	golden(t, "full.yaml", string(full().YAML()))
	require.Equal(t, `# schema version
righting: 1

# short name: please fill in
name: ""

# SPDX identifier: please fill in
license: ""

# what should govern, shared by all scenarios: please fill in
constraints: []
`, string(dataset.Manifest{}.YAML()))
}

func TestManifestErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "dataset.yaml: righting: is missing; add `righting: 1`, the version of the schema",
		"name: x":                           "dataset.yaml:1:1: righting: is missing; add `righting: 1`, the version of the schema",
		"righting: 2":                       "dataset.yaml:1:11: righting: schema version: 2 is not 1, the one that this program reads",
		"righting: one":                     `dataset.yaml:1:11: righting: wants a whole number, found "one"`,
		"righting: 1\nrules: {durable: 25}": "dataset.yaml:2:18: rules: durable: 25 is outside 1 to 20",
		"righting: 1\nrules: {durable: ~}":  "dataset.yaml:2:18: rules: durable: 0 is outside 1 to 20",
		"righting: 1\nrules: {panel: {rule: medain}}":                     `dataset.yaml:2:23: rules: panel.rule: unknown panel rule "medain"; did you mean median?`,
		"righting: 1\nrules: {control_from: {measure: s, governs: '<1'}}": `dataset.yaml:2:33: rules.control_from: measure "s" is not declared under measures, with its step`,
		"righting: 1\nrules: {control_from: {measure: s, governs: C}}":    "",
		"righting: 1\nmeasures: {s: {step: 0}}":                           "dataset.yaml:2:22: measures.s: step: must be a number above 0 (what one judge can give, such as 1 or 0.5)",
		"righting: 1\nannotators: {j: {kind: modle, silence: skipp}}": `dataset.yaml:2:24: annotators.j.kind: unknown annotator_kind "modle"; did you mean model?
dataset.yaml:2:40: annotators.j.silence: unknown silence "skipp"; did you mean skip?`,
		"righting: 1\nvocabulary: {targets: {a b: x, own: ''}}": `dataset.yaml:2:29: vocabulary.targets.a b: a name is one word of at most 64 bytes, without comma, = and |
dataset.yaml:2:37: vocabulary.targets.own: has no meaning; say in a few words what it is`,
		"righting: 1\nconstraints: [{text: x}, {id: a, rank: 0}, {id: a, authority: me}]": `dataset.yaml:2:15: constraints: has no id
dataset.yaml:2:40: constraints: rank: 0; 1 is the highest
dataset.yaml:2:49: constraints: id "a" is there twice
dataset.yaml:2:63: constraints[2].authority: unknown authority "me"; it is one of platform, developer, user, norm`,
	} {
		_, err := open(t, in)
		if want == "" {
			assert.NoError(t, err, in)
		} else {
			assert.EqualError(t, err, want, in)
		}
	}
	_, err := open(t, "righting: 2")
	require.ErrorIs(t, err, schema.ErrVersion)
	require.NoError(t, os.Remove("dataset.yaml"))
	require.NoError(t, os.Mkdir("dataset.yaml", 0o777))
	_, err = dataset.Open(".")
	require.EqualError(t, err, "dataset.yaml: not a regular file")
}

func TestManifestKeepsWhatStands(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("dataset.yaml", []byte("old"), 0o666))
	require.NoError(t, os.Symlink("dataset.yaml", "link"))
	require.NoError(t, dataset.WriteManifest("link", full()))
	text, err := os.ReadFile("dataset.yaml")
	require.NoError(t, err)
	require.Equal(t, full().YAML(), text, "a link is followed")
	require.ErrorContains(t, dataset.WriteManifest(".", full()), "not a regular file")
	require.ErrorIs(t, dataset.WriteManifest(filepath.Join("none", "x"), full()), os.ErrNotExist)
}
