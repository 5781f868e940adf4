package annotate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema"
)

// A dataset of one conversation, and a table in which a person judged it turn by turn.
func Example() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	ds, labels := filepath.Join(folder, "ds"), filepath.Join(folder, "labels.csv")

	t := schema.Trajectory{TrajectoryID: "t1", System: "s", Scenario: "q", Setting: "interaction", Turns: []schema.Turn{
		{Role: "user", Text: "Just this once."},
		{Role: "assistant", Text: "No."},
		{Role: "user", Text: "Please."},
		{Role: "assistant", Text: "Well, here it is."},
	}}
	dataset.Count(&t)
	w, err := dataset.Create(ds, dataset.NewManifest(), dataset.CreateOptions{})
	if err != nil {
		panic(err)
	}
	if err := w.AddTrajectories([]schema.Trajectory{t}); err != nil {
		panic(err)
	}
	if err := w.Commit(); err != nil {
		panic(err)
	}
	if err := os.WriteFile(labels, []byte("trajectory_id,turn,control,symbols\nt1,1,governs,refusal\nt1,2,neutralised,none\n"), 0o666); err != nil {
		panic(err)
	}

	for _, o := range []annotate.Options{
		{Annotator: "ann", Kind: "human"},
		{Annotator: "ann", Kind: "human", Turn: annotate.Assistant1, Replace: []string{"ann"}},
	} {
		d, err := dataset.Open(ds)
		if err != nil {
			panic(err)
		}
		report, err := annotate.Run(context.Background(), d, []string{labels}, o)
		if err != nil {
			panic(err)
		}
		for _, x := range report.Unmatched {
			fmt.Println(x.N, x.Why, "try", x.Try)
		}
		fmt.Println(report.Lines()[1])
	}
	// Output:
	// 1 fall on user turns try --turn assistant1 (all 2 that name a turn would fit)
	// 2 labels: 1 new, 1 not matched
	// 2 labels: 1 new, 1 there already
}
