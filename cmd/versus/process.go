package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A program is one command line.
type program struct {
	args []string
	env  []string // added to what versus was given
	ok   []int    // exit codes besides 0 that are no failure
}

// A cost is what one whole process took.
type cost struct {
	Wall float64 `json:"wall_s"`   // from start to end
	CPU  float64 `json:"cpu_s"`    // user and system
	Peak float64 `json:"peak_mib"` // greatest resident set
	Read float64 `json:"read_mb"`  // by read and pread, from the page cache or not; 0 = not known
}

// run runs a program to its end. Its stdout goes nowhere: what counts is written to files.
//
// The peak is the kernel's ru_maxrss, which after a fork is at least this process's own
// peak: versus stays small and generates in processes of their own. Bytes read are what
// rchar of /proc/self/io grows by, for the kernel adds to it what a child had when it is
// waited for; mapped files are not in it.
func run(ctx context.Context, p program) (cost, error) {
	c := exec.CommandContext(ctx, p.args[0], p.args[1:]...)
	c.Env = append(os.Environ(), p.env...)
	said, err := os.CreateTemp("", "versus-stderr")
	if err != nil {
		return cost{}, err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	c.Stderr = said
	before, known := readChars()
	began := time.Now()
	err = c.Run()
	out := cost{Wall: time.Since(began).Seconds()}
	if s := c.ProcessState; s != nil {
		out.CPU = (s.UserTime() + s.SystemTime()).Seconds()
		if u, ok := s.SysUsage().(*syscall.Rusage); ok {
			out.Peak = float64(u.Maxrss) / 1024
		}
		if slices.Contains(p.ok, s.ExitCode()) {
			err = nil
		}
	}
	if after, _ := readChars(); known {
		out.Read = float64(after-before) / 1e6
	}
	if err != nil {
		text, _ := os.ReadFile(said.Name())
		return out, fmt.Errorf("%s: %w: %s", strings.Join(p.args, " "), err, bytes.TrimSpace(text[max(0, len(text)-2000):]))
	}
	return out, nil
}

// readChars is the bytes that this process and those it waited for have read.
func readChars() (int64, bool) {
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "rchar: "); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// said is the first line that a program prints, or why there is none.
func said(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	var failure bytes.Buffer
	c.Stderr = &failure
	out, err := c.Output()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(failure.String()), "\n")
		for _, line := range lines {
			if strings.Contains(line, "Error") {
				return "", fmt.Errorf("%s: %w", strings.TrimSpace(line), err)
			}
		}
		return "", err
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return first, nil
}

// median of costs, each number for itself.
func median(costs []cost) cost {
	of := func(f func(cost) float64) float64 {
		v := make([]float64, len(costs))
		for i, c := range costs {
			v[i] = f(c)
		}
		return middle(v)
	}
	return cost{
		Wall: of(func(c cost) float64 { return c.Wall }), CPU: of(func(c cost) float64 { return c.CPU }),
		Peak: of(func(c cost) float64 { return c.Peak }), Read: of(func(c cost) float64 { return c.Read }),
	}
}

// middle is the median of at least one number.
func middle(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}
