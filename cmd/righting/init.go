package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench/publish"
)

func (a *app) init() *cobra.Command {
	keys := make([]string, len(publish.Questions))
	for i, q := range publish.Questions {
		mark := ""
		if q.Minimal {
			mark = " *"
		}
		keys[i] = fmt.Sprintf("  %-31s%s%s", q.Key, q.Doc, mark)
	}
	return &cobra.Command{
		Use:   "init DS",
		Short: "put the questions that a publisher answers into dataset.yaml",
		Long: `init writes a commented dataset.yaml into a dataset's folder, or adds to the one that is
there what it lacks. What it says already stays as it is, byte for byte; nothing is
invented: what is not answered stays empty, and pack lists it. The card's questions, with *
those that --profile neurips requires:

` + strings.Join(keys, "\n") + `

  righting init ds`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.runInit(c.Context(), args[0]) },
	}
}

func (a *app) runInit(ctx context.Context, dir string) error {
	done, err := publish.Init(ctx, dir)
	if err != nil {
		return err
	}
	switch {
	case done.Created:
		a.talk("%s: written", done.Path)
	case len(done.Added) > 0:
		a.talk("%s: added %s", done.Path, strings.Join(done.Added, ", "))
	default:
		a.talk("%s: has every question", done.Path)
	}
	if len(done.Empty) > 0 {
		a.talk("to be answered: %s", strings.Join(done.Empty, ", "))
	}
	return nil
}
