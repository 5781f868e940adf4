package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/metrics"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"righting": main})
}

// shared is where the real data stand, "" where they do not.
func shared(t testing.TB) string {
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// TestScripts runs every verb as a user does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": exitCode, "cut": cut},
	})
}

// exitCode is `code N COMMAND…`: the command must end with that exit code.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cut is `cut FILE N`: the file keeps its first N bytes.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut FILE N")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// Every family of metrics is explained by what it is, what it does not say and an example
// that works out.
func TestEveryMetricIsExplained(t *testing.T) {
	for _, f := range metrics.All {
		text, err := explanation(f.Name)
		require.NoError(t, err, f.Name)
		require.Contains(t, text, "It does not say ", f.Name)
		require.Contains(t, text, "\n  together ", f.Name)
		require.NotContains(t, text, "none: ", f.Name)
	}
	text, err := explanation("measure_mean[coherence]") // a measure of somebody's dataset
	require.NoError(t, err)
	require.Contains(t, text, "none: nothing has coherence")
	_, err = explanation("displaced_to[safty]")
	require.ErrorContains(t, err, "did you mean safety?")
}
