package convert_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/righting-bench/righting/dataset/convert"
)

func ExampleRun() {
	dir, err := os.MkdirTemp("", "righting-example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	report, err := convert.Run(context.Background(), []string{"testdata/tau_bench.json"}, convert.Options{
		Output: filepath.Join(dir, "airline"),
		System: "gpt-4o",
	})
	fmt.Println(report.Format.Name, err)
	fmt.Println(report)
	for _, notice := range report.Notices {
		fmt.Println(notice)
	}
	// Output:
	// tau-bench <nil>
	// 3 records = 3 written + 0 rejected + 0 skipped; 3 trajectories, 1 scenarios, 2 annotations
	// testdata/tau_bench.json:3: runs without a reward
}
