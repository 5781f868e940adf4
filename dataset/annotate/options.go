package annotate

import (
	"errors"
	"fmt"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// Options say how labels find their place. The zero value is fine for labels that name
// the trajectory by its id, and who judged.
type Options struct {
	Recipe *recipe.Recipe // how to read the files; nil = by what stands in them
	Key    string         // one of Keys; "" = trajectory_id
	Turn   string         // one of Turns; "" = by the column that has the number

	Annotator string   // who judged, where the source does not say
	Kind      string   // of the annotators of which neither the source nor dataset.yaml says it
	Context   string   // what they saw, where the source does not say
	Silence   string   // what the silence of new annotators means, for dataset.yaml
	Control   string   // `scorer: C=governs, I=neutralised` or `severity: >= 3=neutralised`, for dataset.yaml
	Replace   []string // the annotators whose judgements so far go

	Rejecting dataset.Rejecting // what is done with labels that cannot be taken
}

// Names in Keys.
const (
	ByTrajectory = "trajectory_id"
	ByRun        = "system,scenario,repeat"
	BySource     = "log,sample,epoch"
)

// Keys documents how a label can name its trajectory.
var Keys = &schema.Enum{Name: "key", Doc: "how a label names its trajectory", Terms: []schema.Term{
	{Name: ByTrajectory, Doc: "by its id in the dataset"},
	{Name: ByRun, Doc: "by system, scenario and repeat (0 where there is none), and condition or setting where these tell several apart"},
	{Name: BySource, Doc: "by its id in the source: a column source_id, or log, sample and epoch joined by /; a log may be a path"},
}}

// Names in Turns.
const (
	SourceID   = "source_id"
	Assistant1 = "assistant1"
	Message0   = "message0"
	Exchange1  = "exchange1"
)

// Turns documents how a label can name a turn.
var Turns = &schema.Enum{Name: "turn", Doc: "how a label names a turn", Terms: []schema.Term{
	{Name: SourceID, Doc: "by the message's id in the source"},
	{Name: Assistant1, Doc: "by its number among the assistant's turns, from 1 (a column assistant_turn)"},
	{Name: Message0, Doc: "by its number among all messages, from 0 (a column turn)"},
	{Name: Exchange1, Doc: "by the exchange that it is in, from 1 (a column exchange)"},
}}

// check is nil for options that can be followed, and fills in defaults.
func (o *Options) check() error {
	if o.Key == "" {
		o.Key = ByTrajectory
	}
	var errs []error
	for _, c := range []struct {
		of   *schema.Enum
		flag string
		word string
	}{
		{Keys, "key", o.Key},
		{Turns, "turn", o.Turn},
		{schema.AnnotatorKinds, "kind", o.Kind},
		{schema.Contexts, "context", o.Context},
		{schema.Silences, "silence", o.Silence},
	} {
		if c.word != "" {
			if err := c.of.Check(c.word); err != nil {
				errs = append(errs, fmt.Errorf("--%s: %w", c.flag, err))
			}
		}
	}
	return errors.Join(errs...)
}
