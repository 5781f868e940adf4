package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// errMissed ends a race in which a required gate was missed: exit 1.
var errMissed = errors.New("a gate was missed")

// app is what a verb may touch of the world.
type app struct{ out, err io.Writer }

// talk is a line for people, on stderr.
func (a *app) talk(format string, args ...any) { fmt.Fprintf(a.err, format+"\n", args...) }

func main() {
	a := &app{out: os.Stdout, err: os.Stderr}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	root := &cobra.Command{
		Use: "versus", Short: "race righting against other engines on the same file",
		SilenceUsage: true, SilenceErrors: true, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.AddCommand(a.generate(), a.race(), a.peer())
	err := root.ExecuteContext(ctx)
	stop()
	switch {
	case err == nil:
	case errors.Is(err, errMissed):
		a.talk("versus: %v", err)
		os.Exit(1)
	default:
		a.talk("versus: %v", err)
		os.Exit(2)
	}
}

// count reads a number such as 5M: k, M and G are thousands.
func count(s string) (int64, error) {
	digits, unit := strings.TrimRight(s, "kMG"), int64(1)
	switch s[len(digits):] {
	case "":
	case "k":
		unit = 1e3
	case "M":
		unit = 1e6
	case "G":
		unit = 1e9
	default:
		return 0, fmt.Errorf("%q is not a number such as 500k, 5M or 1G", s)
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(n > 0) || n*float64(unit) > 1e12 {
		return 0, fmt.Errorf("%q is not a number such as 500k, 5M or 1G", s)
	}
	return int64(n * float64(unit)), nil
}
