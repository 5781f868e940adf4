package convert

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// ErrNoRows: there was nothing to make a dataset of.
var ErrNoRows = errors.New("no rows")

// Options say what is made of the input. All but Output may be zero.
type Options struct {
	Output string  // the dataset's folder
	Format *Format // nil: the one that is known in the input

	// Templates such as "{model}+{solver}" over what the source says of a conversation;
	// "" = as the format says.
	System, Scenario, Condition, ID string

	Append, Force bool             // as in dataset.CreateOptions
	Split, Canary string           // as in dataset.CreateOptions
	Manifest      dataset.Manifest // what dataset.yaml says from the start; the zero value for dataset.NewManifest
	ReplaceUTF8   bool             // invalid UTF-8 is replaced and noted, instead of rejected
	Branches      string           // of a conversation that was taken back: BranchesAll, or BranchesFinal; "" = all
	Think         bool             // <think>…</think> before an answer is its reasoning
	MaxErrorRate  float64          // more rejects than that share of the records are an error; 0 = 0.5
	Workers       int              // 0 = as many as there are cores, at most 8
	Version       string           // of the program: a run is not gone on with by another
	Stdin         io.Reader        // what "-" stands for

	dataset.Rejecting
	// Commit is called when all is written and before the dataset takes its place; an
	// error keeps it from that.
	Commit func(*Report) error

	chunk, shard, limit int // bytes of a piece, a shard's input, a record; 0 = ours
}

// What is kept of conversations of which a part was taken back. An auditor takes back what
// did not work, so that the final branches alone show more failures than there were.
const (
	BranchesAll   = "all"
	BranchesFinal = "final"
)

// Sizes of input. A piece becomes a row group, and its worker holds it in memory.
const (
	chunkBytes = 32 << 20
	shardBytes = 256 << 20
	mostCores  = 8
)

// A Report is what became of the input: the tally is of its records.
type Report struct {
	dataset.Tally
	Format       *Format
	Files        []string // that were read
	Scenarios    int      // of ours, like those below
	Trajectories int
	Annotations  int
	Resumed      int // records that an interrupted run had read
}

// String is `3 records = 2 written + 1 rejected + 0 skipped; 2 trajectories, 1 scenarios, 2
// annotations`.
func (r *Report) String() string {
	return fmt.Sprintf("%d records = %d written + %d rejected + %d skipped; %d trajectories, %d scenarios, %d annotations",
		r.Read, r.Written, r.Rejected, r.Skipped, r.Trajectories, r.Scenarios, r.Annotations)
}

// A run is one conversion.
type run struct {
	Options
	format    *Format
	sources   []*source
	templates struct{ system, scenario, condition, id template }
	w         *dataset.Writer
	report    *Report
	mark      mark // behind what is committed
	ids       map[id]bool
	before    map[id]bool // of the dataset that is added to
	scenarios map[scenarioKey]*schema.Scenario
	buffers   chan []byte
}

// An id is the beginning of an id's SHA-256.
type id [16]byte

func idOf(s string) id {
	sum := sha256.Sum256([]byte(s))
	return id(sum[:16])
}

// Run converts files, and all that are known in folders, in that order, into one dataset:
// whole, or not at all.
//
// The errors are ErrNoRows, those of Sniff, Find and dataset.Create, too many rejects,
// what Rejecting.Reject and Commit return, ctx.Err() and the system's. After those of
// the system and of ctx, the same call goes on where this one stopped. The report is
// filled as far as it came.
func Run(ctx context.Context, inputs []string, o Options) (*Report, error) {
	r := &run{Options: o, report: &Report{}, ids: map[id]bool{}, before: map[id]bool{}, scenarios: map[scenarioKey]*schema.Scenario{}}
	r.chunk, r.shard, r.limit = cmp.Or(r.chunk, chunkBytes), cmp.Or(r.shard, shardBytes), cmp.Or(r.limit, maxRecord)
	r.Workers = cmp.Or(r.Workers, min(runtime.GOMAXPROCS(0), mostCores))
	r.MaxErrorRate = cmp.Or(r.MaxErrorRate, 0.5)
	if r.Manifest.Righting == 0 {
		r.Manifest = dataset.NewManifest()
	}
	if err := r.parse(); err != nil {
		return r.report, err
	}
	if err := r.find(inputs); err != nil {
		return r.report, err
	}
	w, err := dataset.Create(o.Output, r.manifest(r.Manifest), dataset.CreateOptions{
		Force: o.Force, Append: o.Append, Split: o.Split, Canary: o.Canary, Key: r.key(),
	})
	if err != nil {
		return r.report, err
	}
	defer w.Abort() // also after a panic
	r.w = w
	err = r.convert(ctx)
	r.declare(&w.Manifest)
	r.report.Notices = append(r.report.Notices, r.mark.Notes.list()...)
	if err == nil {
		err = r.judge()
	}
	if err == nil && o.Commit != nil {
		err = o.Commit(r.report)
	}
	if err != nil {
		return r.report, w.Stop(err)
	}
	told := len(w.Notices)
	err = w.Commit()
	r.report.Notices = append(r.report.Notices, w.Notices[told:]...)
	return r.report, err
}

// parse reads the templates, and what is one of several words.
func (r *run) parse() error {
	switch r.Branches {
	case "", BranchesAll, BranchesFinal:
	default:
		return fmt.Errorf("--branches %s: is neither %s nor %s", excerpt(r.Branches), BranchesAll, BranchesFinal)
	}
	for _, o := range []struct {
		name, text string
		into       *template
	}{
		{"--system", r.System, &r.templates.system},
		{"--scenario", r.Scenario, &r.templates.scenario},
		{"--condition", r.Condition, &r.templates.condition},
		{"--id", r.ID, &r.templates.id},
	} {
		var err error
		if *o.into, err = parseTemplate(o.name, o.text); err != nil {
			return err
		}
	}
	return nil
}

// manifest is m with what it lacks of what the format knows.
func (r *run) manifest(m dataset.Manifest) dataset.Manifest {
	if m.Name == "" {
		m.Name = filepath.Base(r.Output)
	}
	if len(m.Constraints) == 0 {
		m.Constraints = []schema.Constraint{{ID: schema.MainConstraint}}
	}
	if len(r.format.measures) == 0 {
		return m
	}
	measures, annotators := map[string]schema.Measure{}, map[string]schema.Annotator{r.format.annotator: {Kind: "rule"}}
	for name, measure := range r.format.measures {
		measures[name] = measure
	}
	for name, measure := range m.Measures {
		measures[name] = measure
	}
	for name, annotator := range m.Annotators {
		annotators[name] = annotator
	}
	m.Measures, m.Annotators = measures, annotators
	return m
}

// judge says whether what was read is worth a dataset.
func (r *run) judge() error {
	t := r.report
	switch {
	case t.Rejected > 0 && float64(t.Rejected) > r.MaxErrorRate*float64(t.Read):
		err := fmt.Errorf("%d of %d records are rejected, more than %g %% (--max-error-rate): nothing was written", t.Rejected, t.Read, 100*r.MaxErrorRate)
		if r.mark.Why != "" {
			err = fmt.Errorf("%w; the first: %s", err, r.mark.Why)
		}
		return err
	case t.Trajectories == 0 && t.Annotations == 0:
		return fmt.Errorf("%s: %w, so nothing was written", r.Output, ErrNoRows)
	}
	return nil
}
