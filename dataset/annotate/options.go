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
	Keep      string   // KeepLast, or "" = labels that differ at one place are an error

	From string // a source's name; "" = known by what stands in the file
	IDs  string // TaskIDs: a task of Label Studio without a trajectory's id has its number; "" = its messages name it
	// HashAnnotators is a salt of 8 bytes or more: the names that people have in the
	// labels are replaced by what HMAC-SHA256 makes of them; "" = they stay.
	HashAnnotators string

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
	if o.Keep != "" && o.Keep != KeepLast {
		errs = append(errs, fmt.Errorf("--keep %s: what can be kept is %s", o.Keep, KeepLast))
	}
	if o.IDs != "" && o.IDs != TaskIDs {
		errs = append(errs, fmt.Errorf("--ids %s: what can be an id is %s", o.IDs, TaskIDs))
	}
	if o.HashAnnotators != "" && len(o.HashAnnotators) < leastSalt {
		errs = append(errs, fmt.Errorf("--hash-annotators: a salt has %d bytes or more, or the names can be guessed", leastSalt))
	}
	if o.From != "" {
		if _, err := FindSource(o.From); err != nil {
			errs = append(errs, fmt.Errorf("--from: %w", err))
		}
	}
	return errors.Join(errs...)
}
