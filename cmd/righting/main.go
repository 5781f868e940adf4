// Righting measures which objective ends up steering a model when objectives compete
// in a conversation, whether the constraint that should govern holds, and whether it
// comes back: convert, check, score, export.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/righting-bench/righting/schema/plain"
)

// Exit codes: 0 clean, 1 findings or rejected rows, 2 could not do the job, 130
// interrupted.
const (
	clean       = 0
	found       = 1
	failed      = 2
	interrupted = 130
)

// errFound ends a verb that did its job and found something: exit 1. What it found
// was already said.
var errFound = errors.New("findings")

// app is what a verb may touch of the world.
type app struct {
	out, err io.Writer
	terminal bool // out is a terminal
	width    int  // its columns, 0 = not known
}

// talk is a line for people, on stderr; whatever stands in it acts on no terminal.
func (a *app) talk(format string, args ...any) {
	fmt.Fprintln(a.err, plain.Terminal(fmt.Sprintf(format, args...)))
}

func main() {
	a := &app{out: os.Stdout, err: os.Stderr}
	if fd := int(os.Stdout.Fd()); term.IsTerminal(fd) {
		a.terminal = true
		if w, _, err := term.GetSize(fd); err == nil {
			a.width = w
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := a.main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// main runs one command line and says how it ended.
func (a *app) main(ctx context.Context, args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			a.talk("righting: internal error, please report: %v (%s)", p, version())
			fmt.Fprintf(a.err, "%s\n", debug.Stack())
			code = failed
		}
	}()
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return clean
	case errors.Is(err, errFound):
		return found
	case ctx.Err() != nil:
		a.talk("righting: interrupted; nothing half done is left, and what a conversion had finished is kept: the same command goes on from there")
		return interrupted
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		a.talk("righting: %s", plain.Line(line, 500))
	}
	return failed
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "righting",
		Short: "constraint integrity of multi-turn trajectories: convert, check, score, export",
		Long: `Righting measures which objective ends up steering a model when objectives compete
inside a conversation, whether the constraint that should govern holds, and whether it
really comes back once it is lost.

stdout is data, stderr is talk. Exit 0: clean; 1: findings or rejected rows; 2: could
not do the job.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetHelpCommand(&cobra.Command{
		Use: "help [VERB]", Short: "say what a verb does",
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("no verb %q (righting --help)", strings.Join(args, " "))
			}
			return c.Help()
		},
	})
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w (%s --help)", err, c.CommandPath())
	})
	root.AddCommand(a.convert(), a.annotate(), a.check(), a.score(), a.compare(), a.agree(), a.audit(), a.show(), a.export(), a.init(), a.pack(), a.verify(), a.diff(), a.explain(), a.demo(), a.version())
	return root
}
