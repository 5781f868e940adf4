package dataset

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A Manifest is dataset.yaml: what a dataset says of itself.
type Manifest struct {
	Righting    int                         `yaml:"righting" doc:"schema version"`
	Name        string                      `yaml:"name" doc:"short name"`
	Version     string                      `yaml:"version" doc:"semantic version"`
	License     string                      `yaml:"license" doc:"SPDX identifier"`
	Authors     []string                    `yaml:"authors" doc:"who made it"`
	Description string                      `yaml:"description" doc:"what it is, in a sentence or two"`
	Constraints []schema.Constraint         `yaml:"constraints" doc:"what should govern, shared by all scenarios"`
	Vocabulary  Vocabulary                  `yaml:"vocabulary" doc:"targets and pressures of its own, name to meaning"`
	Measures    map[string]schema.Measure   `yaml:"measures" doc:"named scores: min, max, step, better"`
	Annotators  map[string]schema.Annotator `yaml:"annotators" doc:"who judged: kind, model, silence"`
	Rules       reading.Rules               `yaml:"rules" doc:"how judgements become outcomes"`
	Card        map[string]string           `yaml:"card" doc:"answers for the dataset card"`
}

// Vocabulary is a dataset's own targets and pressures: name to meaning.
type Vocabulary struct {
	Targets   map[string]string `yaml:"targets"`
	Pressures map[string]string `yaml:"pressures"`
}

// A Dataset is an opened dataset. It holds the scenarios and the names of its
// files, no rows.
type Dataset struct {
	Path     string // as it was asked for
	Manifest Manifest
	Notices  []string // what a reader should know: no manifest, nothing declared, slow path

	Scenarios     []schema.Scenario // small, held in memory, in file order
	ScenarioFiles []string          // Parquet files, sorted
	Trajectories  []string          // Parquet files, sorted; empty in labels-only data
	Annotations   []string          // Parquet files, sorted
}

// Vocabulary is the core vocabulary with the dataset's own terms.
func (d *Dataset) Vocabulary() *schema.Vocabulary {
	return schema.NewVocabulary(d.Manifest.Vocabulary.Targets, d.Manifest.Vocabulary.Pressures)
}
