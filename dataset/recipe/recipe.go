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

	annotations []*plan
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
	for _, key := range []string{schema.Scenarios, schema.Trajectories} {
		if line, _ := locate(doc.root, key); line > 0 {
			out.add([]string{key}, "not yet: this version reads annotations and dataset only; take the part out, and join the labels to trajectories later")
		}
	}
	if len(doc.Annotations) == 0 {
		out.add([]string{schema.Annotations}, "the recipe has none; it says which files are read and what their columns mean")
	}
	v := schema.NewVocabulary(doc.Dataset.Vocabulary.Targets, doc.Dataset.Vocabulary.Pressures)
	for i, s := range doc.Annotations {
		if s == nil { // an empty element
			s = new(section)
		}
		at := []string{schema.Annotations}
		if len(doc.Annotations) > 1 {
			at = append(at, fmt.Sprintf("[%d]", i))
		}
		r.annotations = append(r.annotations, compileAnnotations(s, at, v, out))
	}
	r.check(out)
	if err := out.err(); err != nil {
		return nil, err
	}
	return r, nil
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
