package recipe

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A Recipe says how files of one layout become a dataset. It is not changed by use.
type Recipe struct {
	Name    string           // as it was asked for
	Dataset dataset.Manifest // what goes into dataset.yaml, over the defaults

	trajectories, scenarios, annotations []*plan
}

// Load reads a recipe. name is only its name in errors, each of which has a place:
// unknown keys and columns, values outside a vocabulary, required columns that nothing
// fills.
func Load(name string, data []byte) (*Recipe, error) {
	doc := document{Dataset: dataset.NewManifest()}
	if err := dataset.DecodeYAML(name, data, &doc); err != nil {
		return nil, err
	}
	r := &Recipe{Name: name, Dataset: doc.Dataset}
	out := &problems{file: name, root: doc.root}
	if len(doc.Trajectories)+len(doc.Scenarios)+len(doc.Annotations) == 0 {
		out.add(nil, "has none of trajectories, scenarios and annotations, which say what files are read and what their columns mean (righting explain recipes)")
	}
	v := schema.NewVocabulary(doc.Dataset.Vocabulary.Targets, doc.Dataset.Vocabulary.Pressures)
	r.trajectories = plans(schema.Trajectories, doc.Trajectories, planTrajectories, v, out)
	r.scenarios = plans(schema.Scenarios, doc.Scenarios, planScenarios, v, out)
	r.annotations = plans(schema.Annotations, doc.Annotations, planAnnotations, v, out)
	for _, p := range r.scenarios {
		if p.section.From != "" && len(r.trajectories) == 0 {
			out.add(under(p.at, "from"), "the recipe has no trajectories to make scenarios from; name files")
		}
	}
	r.check(out)
	if err := out.err(); err != nil {
		return nil, err
	}
	return r, nil
}

// plans makes a plan of each section of a table.
func plans(table string, of sections, make func(*section, []string, *schema.Vocabulary, *problems) *plan, v *schema.Vocabulary, out *problems) []*plan {
	var plans []*plan
	for i, s := range of {
		if s == nil { // an empty element
			s = new(section)
		}
		at := []string{table}
		if len(of) > 1 {
			at = append(at, fmt.Sprintf("[%d]", i))
		}
		plans = append(plans, make(s, at, v, out))
	}
	return plans
}

// Has is whether the recipe says how rows of that table are made.
func (r *Recipe) Has(table string) bool {
	return len(map[string][]*plan{
		schema.Trajectories: r.trajectories, schema.Scenarios: r.scenarios, schema.Annotations: r.annotations,
	}[table]) > 0
}

// check looks at what the recipe says of the dataset.
func (r *Recipe) check(out *problems) {
	out.check(r.Dataset.Rules.Check(), "dataset", "rules")
	for _, name := range names(r.Dataset.Annotators) {
		a := r.Dataset.Annotators[name]
		if a.Kind != "" {
			out.check(schema.AnnotatorKinds.Check(a.Kind), "dataset", "annotators", name, "kind")
		}
		if a.Silence != "" {
			out.check(schema.Silences.Check(a.Silence), "dataset", "annotators", name, "silence")
		}
	}
	for _, name := range names(r.Dataset.Measures) {
		out.check(r.Dataset.Measures[name].Check(), "dataset", "measures", name)
	}
}

//go:embed recipes/*.yaml
var recipes embed.FS

const suffix = ".yaml"

// An Info describes a recipe for a published dataset.
type Info struct {
	Name string
	Doc  string // what the dataset is
}

// Embedded lists the recipes for published datasets, by name.
func Embedded() []Info {
	files, err := fs.ReadDir(recipes, "recipes")
	if err != nil { // they are part of the program
		panic(err)
	}
	var out []Info
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), suffix)
		r, err := Named(name)
		if err != nil {
			panic(err)
		}
		out = append(out, Info{Name: name, Doc: r.Dataset.Description})
	}
	return out
}

// Named is the recipe for a published dataset.
func Named(name string) (*Recipe, error) {
	data, err := fs.ReadFile(recipes, path.Join("recipes", name+suffix))
	if err != nil {
		files, _ := fs.Glob(recipes, "recipes/*"+suffix)
		known := make([]string, len(files))
		for i, f := range files {
			known[i] = strings.TrimSuffix(path.Base(f), suffix)
		}
		return nil, fmt.Errorf("unknown recipe %s%s (righting explain recipes)", excerpt(name), meant(name, known))
	}
	return Load(name+suffix, data)
}
