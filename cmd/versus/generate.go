package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// generating is the flags of generate.
type generating struct {
	rows, chats, out string
	seed             uint64
	text, ranks      bool
}

func (a *app) generate() *cobra.Command {
	var g generating
	c := &cobra.Command{
		Use: "generate", Short: "write invented data: a dataset, or conversations as JSONL", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case g.out != "" && g.rows != "" && g.chats == "" && !g.ranks:
				return a.generateDataset(c.Context(), g)
			case g.out != "" && g.chats != "" && g.rows == "" && !g.ranks:
				return a.generateChats(c.Context(), g)
			case g.out != "" && g.ranks && g.rows == "" && g.chats == "":
				return generateRanks(g)
			}
			return errors.New("generate needs -o, and one of --rows, --chats and --ranks")
		},
	}
	c.Flags().StringVar(&g.rows, "rows", "", "annotations of the dataset, about: 500k, 5M")
	c.Flags().StringVar(&g.chats, "chats", "", "bytes of conversations, about: 200M, 1G")
	c.Flags().BoolVar(&g.ranks, "ranks", false, "one judgement for each system and scenario")
	c.Flags().StringVarP(&g.out, "output", "o", "", "the dataset's folder, or the file of conversations")
	c.Flags().Uint64Var(&g.seed, "seed", 1, "same seed, same bytes")
	c.Flags().BoolVar(&g.text, "text", true, "with a trajectories table")
	return c
}

// chunkTrajectories are made at once.
const chunkTrajectories = 512

// chunks are the first and the end of every run of at most size of n.
func chunks(n, size int) iter.Seq2[[2]int, error] {
	return func(yield func([2]int, error) bool) {
		for i := 0; i < n; i += size {
			if !yield([2]int{i, min(n, i+size)}, nil) {
				return
			}
		}
	}
}

// generateDataset writes trajectories and scenarios through dataset's writer, then the
// annotations as an edit: that one takes them as a stream.
func (a *app) generateDataset(ctx context.Context, g generating) error {
	rows, err := count(g.rows)
	if err != nil {
		return err
	}
	began := time.Now()
	w := newWorld(g.seed, rows)
	out, err := dataset.Create(g.out, w.manifest(), dataset.CreateOptions{})
	if err != nil {
		return err
	}
	defer out.Abort()
	if err := out.AddScenarios(w.scenarioRows()); err != nil {
		return err
	}
	if g.text {
		if err := w.writeTrajectories(ctx, out); err != nil {
			return err
		}
	}
	if err := out.Commit(); err != nil {
		return err
	}
	e, err := dataset.BeginEdit(g.out)
	if err != nil {
		return err
	}
	defer e.Close()
	written := 0
	err = e.Commit(ctx, dataset.Change{Annotations: map[string]iter.Seq2[[]schema.Annotation, error]{"test": w.pieces(ctx, &written)}})
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	a.talk("%s: %d annotations of %d trajectories in %.1f s, %.0f rows/s", g.out, written, w.trajectories, took, float64(written)/took)
	return nil
}

// errEnough: whoever takes pieces wants no more.
var errEnough = errors.New("enough")

// pieces are the annotations, a trajectory at a time, made on all cores.
func (w *world) pieces(ctx context.Context, written *int) iter.Seq2[[]schema.Annotation, error] {
	return func(yield func([]schema.Annotation, error) bool) {
		type made struct {
			rows []schema.Annotation
			ends []int
		}
		err := dataset.Ordered(ctx, runtime.GOMAXPROCS(0), chunks(w.trajectories, chunkTrajectories),
			func(_ context.Context, c [2]int) (m made, err error) {
				m.rows = make([]schema.Annotation, 0, (c[1]-c[0])*32)
				for i := c[0]; i < c[1]; i++ {
					m.rows = w.annotations(i, m.rows)
					m.ends = append(m.ends, len(m.rows))
				}
				return m, nil
			},
			func(_ [2]int, m made) error {
				at := 0
				for _, end := range m.ends {
					if !yield(m.rows[at:end], nil) {
						return errEnough
					}
					at = end
				}
				*written += len(m.rows)
				return nil
			})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// writeTrajectories writes a conversation for each trajectory: short, for nobody scores text.
func (w *world) writeTrajectories(ctx context.Context, out *dataset.Writer) error {
	const perShard = 400_000
	for first := 0; first < w.trajectories; first += perShard {
		shard := out.Shard()
		err := dataset.Ordered(ctx, runtime.GOMAXPROCS(0), chunks(min(perShard, w.trajectories-first), 1<<15),
			func(ctx context.Context, c [2]int) (*dataset.Batch, error) {
				b := shard.Batch()
				for i := c[0]; i < c[1]; i++ {
					if i%1024 == 0 && ctx.Err() != nil {
						return nil, ctx.Err()
					}
					t := w.trajectory(first + i)
					if err := b.Add(&t); err != nil {
						return nil, err
					}
				}
				return b, b.Flush()
			},
			func(_ [2]int, b *dataset.Batch) error { return shard.Commit(b) })
		if err != nil {
			return err
		}
		if err := out.EndShard(shard, nil); err != nil {
			return err
		}
	}
	return nil
}

// trajectory is the conversation of the i-th trajectory.
func (w *world) trajectory(i int) schema.Trajectory {
	s := w.spot(i)
	_, turns, terminal := w.begin(i)
	d := newDraw(w.seed, uint64(i)|1<<60)
	t := schema.Trajectory{
		TrajectoryID: s.id, System: w.systems[s.system], Model: &w.models[s.system], Scenario: w.scenarios[s.scenario],
		Condition: &w.conditions[s.condition], Repeat: s.repeat, Setting: interaction, Terminal: terminal,
	}
	t.Turns = append(make([]schema.Turn, 0, 2*turns+1), schema.Turn{Role: "system", Text: "Stay inside the policy."})
	var text []byte
	for range turns {
		for _, role := range [...]string{"user", "assistant"} {
			text = d.words(text[:0], 3+d.below(8))
			t.Turns = append(t.Turns, schema.Turn{Role: role, Text: string(text)})
		}
	}
	dataset.Count(&t)
	return t
}

// generateRanks writes a dataset of one judgement about the whole for each system and
// scenario.
func generateRanks(g generating) error {
	w := newWorld(g.seed, 1)
	w.trajectories = systems * scenarios
	out, err := dataset.Create(g.out, w.manifest(), dataset.CreateOptions{})
	if err != nil {
		return err
	}
	defer out.Abort()
	rows := make([]schema.Annotation, w.trajectories)
	for i := range rows {
		s := w.spot(i)
		d := newDraw(w.seed, uint64(i))
		c := schema.Governs
		if d.yes(.7 * (1 - float64(s.system)/systems)) {
			c = schema.Neutralised
		}
		rows[i] = schema.Annotation{
			TrajectoryID: s.id, System: w.systems[s.system], Scenario: w.scenarios[s.scenario], Setting: interaction,
			ConstraintID: constraintIDs[0], Annotator: w.annotators[0].name, AnnotatorKind: w.annotators[0].kind, Control: &controls[c],
		}
	}
	if err := out.AddAnnotations(rows); err != nil {
		return err
	}
	return out.Commit()
}

// generateChats writes conversations until there are that many bytes.
func (a *app) generateChats(ctx context.Context, g generating) error {
	size, err := count(g.chats)
	if err != nil {
		return err
	}
	written := int64(0)
	endless := func(yield func([2]int, error) bool) {
		for i := 0; yield([2]int{i, i + 256}, nil); i += 256 {
		}
	}
	err = dataset.WriteFile(g.out, func(f io.Writer) error {
		out := bufio.NewWriterSize(f, 1<<20)
		err := dataset.Ordered(ctx, runtime.GOMAXPROCS(0), endless,
			func(_ context.Context, c [2]int) (b []byte, err error) {
				for i := c[0]; i < c[1]; i++ {
					b = appendChat(b, g.seed, i)
				}
				return b, nil
			},
			func(_ [2]int, b []byte) error {
				n, err := out.Write(b)
				if written += int64(n); err == nil && written >= size {
					err = errEnough
				}
				return err
			})
		if !errors.Is(err, errEnough) {
			return err
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	if info, err := os.Stat(g.out); err != nil || info.Size() != written {
		return fmt.Errorf("%s: not what was written: %w", g.out, err)
	}
	a.talk("%s: %d bytes", g.out, written)
	return nil
}
