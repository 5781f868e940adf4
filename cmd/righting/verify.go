package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench/publish"
)

func (a *app) verify() *cobra.Command {
	var o publish.VerifyOptions
	c := &cobra.Command{
		Use:   "verify FOLDER",
		Short: "hold a packed folder to what it says, offline",
		Long: `verify looks at every file of a packed folder: sums, schema, counts, keys across tables,
canary. Then it makes everything that is made of others again, from the labels alone
(readings, turns, scores, the board, card, Croissant, schemas, views, notebook), and says
exactly what differs, as file:row: field: why. It asks no network, follows no link and
leaves the folder nowhere. Exit 1 if anything differs.

Whoever changes data and makes everything else anew has made another dataset, which is
consistent too: --expect holds the folder to a digest that was published elsewhere.

  righting verify dist
  righting verify dist --expect sha256:…`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.Tool = version()
			return a.runVerify(c.Context(), args[0], o)
		},
	}
	c.Flags().StringVar(&o.Expect, "expect", "", "the digest that pack printed, from a paper or a card")
	return c
}

func (a *app) runVerify(ctx context.Context, dir string, o publish.VerifyOptions) error {
	v, err := publish.Verify(ctx, dir, o)
	if err != nil {
		return err
	}
	for _, n := range v.Notices {
		a.talk("%s", n)
	}
	for _, d := range v.Differences {
		if _, err := fmt.Fprintln(a.out, d); err != nil {
			return err
		}
	}
	if n := len(v.Differences); n > 0 {
		a.talk("%s", counted(n, "difference"))
		return errFound
	}
	a.talk("%s: %d files, %d rows, all as they say; the board is what the labels make", dir, v.Files+2, v.Rows)
	return nil
}
