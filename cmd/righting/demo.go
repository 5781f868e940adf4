package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed demo
var demoFiles embed.FS

// demoSteps are the commands of the demo, as a user types them.
var demoSteps = []string{
	"righting convert transcripts.jsonl scenarios.csv --recipe demo.yaml -o demo",
	"righting annotate demo rosa.csv --annotator rosa",
	"righting annotate demo judge-k.jsonl",
	"righting check demo",
	"righting show demo cedar-1/one-word/interaction",
	"righting score demo --by path_to_victory",
	"righting score demo --long --format json -o scores.json",
	"righting export demo readings --format csv -o readings.csv",
	"righting export demo counts --format parquet -o counts.parquet",
}

func (a *app) demo() *cobra.Command {
	return &cobra.Command{
		Use:   "demo [FOLDER]",
		Short: "run the whole job on an invented example",
		Long: `demo writes an invented example (4 systems, 12 scenarios, 2 annotators) into an empty
folder and runs the job on it, printing each command: convert, annotate, check, show,
score, export. Without FOLDER it makes a new one where temporary files go, and says where.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			folder := ""
			if len(args) > 0 {
				folder = args[0]
			}
			return a.runDemo(c.Context(), folder)
		},
	}
}

func (a *app) runDemo(ctx context.Context, folder string) error {
	folder, err := emptyFolder(folder)
	if err != nil {
		return err
	}
	files, err := fs.Sub(demoFiles, "demo")
	if err != nil {
		return err
	}
	if err := os.CopyFS(folder, files); err != nil {
		return err
	}
	if err := os.Chdir(folder); err != nil {
		return err
	}
	a.talk("# in %s", folder)
	inner := *a
	inner.terminal = true // people read the demo, whatever stdout is
	for _, step := range demoSteps {
		fmt.Fprintf(a.out, "$ %s\n", step)
		root := inner.root()
		root.SetArgs(strings.Fields(step)[1:])
		if err := root.ExecuteContext(ctx); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
		fmt.Fprintln(a.out)
	}
	return nil
}

// emptyFolder makes the folder, or takes it if it is empty; "" is a new temporary one.
func emptyFolder(folder string) (string, error) {
	if folder == "" {
		return os.MkdirTemp("", "righting-demo-")
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	there, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	if len(there) > 0 {
		return "", fmt.Errorf("%s is not empty; name a new folder", folder)
	}
	return folder, nil
}
