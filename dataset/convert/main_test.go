package convert

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// A child is a run in a process of its own, which can be killed.
type child struct {
	In, Out      string
	Workers      int
	Chunk, Shard int
	Generate     int64 // bytes of input to make first
}

const childName = "RIGHTING_CONVERT_CHILD"

func TestMain(m *testing.M) {
	text := os.Getenv(childName)
	if text == "" {
		os.Exit(m.Run())
	}
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	if c.Generate > 0 {
		f, err := os.Create(c.In)
		if err == nil {
			err = generate(f, 1, c.Generate)
		}
		fmt.Println(err)
		os.Exit(0)
	}
	report, err := Run(context.Background(), []string{c.In}, Options{Output: c.Out, Workers: c.Workers, chunk: c.Chunk, shard: c.Shard})
	fmt.Println(report, report.Notices, err)
	if status, err := os.ReadFile("/proc/self/status"); err == nil { // its own; what the parent is told of a child may be the parent's
		for line := range strings.Lines(string(status)) {
			if strings.HasPrefix(line, "VmHWM:") {
				fmt.Print(line)
			}
		}
	}
	if err != nil {
		os.Exit(2)
	}
	os.Exit(0)
}
