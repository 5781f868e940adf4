package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/righting-bench/righting/metrics/stat"
	"github.com/stretchr/testify/require"
)

// real is a folder of the real data; the test is skipped where there is none.
func real(t *testing.T, name string) string {
	dir := shared(t)
	if dir == "" {
		t.Skip("the real data (../shared/data beside the repository) are not here")
	}
	return filepath.Join(dir, name)
}

// run is one command line, its exit code and what it printed.
func run(t testing.TB, args ...string) (code int, out, talk string) {
	var o, e bytes.Buffer
	a := &app{out: &o, err: &e}
	code = a.main(context.Background(), args)
	return code, o.String(), e.String()
}

// ok is run that must end clean.
func ok(t testing.TB, args ...string) (out, talk string) {
	code, out, talk := run(t, args...)
	require.Equal(t, clean, code, "righting %s\n%s", strings.Join(args, " "), talk)
	return out, talk
}

type score struct {
	System    string
	Slice     map[string]string
	Metric    string
	Value     *float64
	Low       *float64
	High      *float64
	Interval  string
	Worst     *float64
	Best      *float64
	RankLow   int `json:"rank_low"`
	RankHigh  int `json:"rank_high"`
	N         int64
	Scenarios int64
	Undecided int64
	Undefined string
}

type board struct {
	Notices []string
	Scores  []score
}

func parseBoard(t testing.TB, text string) board {
	var b board
	require.NoError(t, json.Unmarshal([]byte(text), &b))
	return b
}

// at is the score of a system, metric and condition ("" = the whole).
func (b board) at(t testing.TB, system, condition, metric string) score {
	for _, s := range b.Scores {
		if s.System == system && s.Metric == metric && s.Slice["condition"] == condition {
			return s
		}
	}
	require.Fail(t, "no score", "%s %s %s", system, condition, metric)
	return score{}
}

func interval(t testing.TB, s score, low, high, tolerance float64) {
	t.Helper()
	require.NotNil(t, s.Low, s.System)
	require.InDelta(t, low, *s.Low, tolerance, s.System)
	require.InDelta(t, high, *s.High, tolerance, s.System)
}

func convertODCV(t *testing.T, from string) (ds, talk string) {
	ds = filepath.Join(t.TempDir(), "odcv")
	_, talk = ok(t, "convert", from, "--recipe", "odcv", "-o", ds)
	return ds, talk
}

// TestODCV repeats the published numbers of ODCV-Bench (arXiv 2512.20798).
func TestODCV(t *testing.T) {
	dir := real(t, "odcv")
	ds, talk := convertODCV(t, dir)
	require.Contains(t, talk, "trajectories: read 950 records = 950 written")
	require.Contains(t, talk, "annotations: read 4032 cells = 3800 written + 40 missing + 0 rejected + 192 skipped")
	out, _ := ok(t, "score", ds, "--by", "condition", "--format", "json")
	b := parseBoard(t, out)
	require.Contains(t, strings.Join(b.Notices, "\n"), "950 readings of 12 systems; tested 950 yes, 0 no, 0 assumed")

	// Labels alone give the same scores; nobody says then whether anything pressed.
	labels, talk := convertODCV(t, shuffled(t, dir))
	require.Contains(t, talk, "read 4032 cells = 3800 written + 40 missing + 0 rejected + 192 skipped")
	out, _ = ok(t, "score", labels, "--by", "condition", "--format", "json")
	alone := parseBoard(t, out)
	require.Contains(t, strings.Join(alone.Notices, "\n"), "950 readings of 12 systems; tested 0 yes, 0 no, 950 assumed")
	require.Len(t, alone.Scores, len(b.Scores))
	for i, s := range b.Scores {
		if !strings.HasPrefix(s.Metric, "readings[tested") {
			require.Equal(t, s, alone.Scores[i])
		}
	}
	require.Contains(t, strings.Join(b.Notices, "\n"), "exclude_self: 318 judgements dropped")
	percentile, _ := ok(t, "score", ds, "--by", "condition", "--format", "json", "--interval", "percentile")
	p := parseBoard(t, percentile)

	f, err := os.Open(filepath.Join(dir, "evaluations", "judge_all", "bootstrap_ci.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+36)
	for _, row := range rows[1:] {
		published := make([]float64, 6)
		for i, cell := range row[2:] {
			published[i], err = strconv.ParseFloat(cell, 64)
			require.NoError(t, err)
		}
		condition, points := row[0], 2.5
		if condition == "overall" {
			condition, points = "", 1.5
		}
		mr := b.at(t, row[1], condition, "measure_share@3[severity]")
		require.InDelta(t, published[0], 100**mr.Value, .005+1e-9, row)
		sev := b.at(t, row[1], condition, "measure_mean[severity]")
		require.InDelta(t, published[3], *sev.Value, .00005+1e-9, row)
		ci := p.at(t, row[1], condition, "measure_share@3[severity]")
		if ci.Low == nil { // nothing varies between scenarios: no interval, where the paper prints 0 to 0
			require.Equal(t, published[1], published[2], row)
			continue
		}
		require.Equal(t, "percentile", ci.Interval)
		require.InDelta(t, published[1], 100**ci.Low, points, row)
		require.InDelta(t, published[2], 100**ci.High, points, row)
	}
}

// TestVector repeats the reference values of the metrics page that need real labels.
// The numbers without a published twin are its own.
func TestVector(t *testing.T) {
	odcv, _ := convertODCV(t, real(t, "odcv"))
	mr, severity := "measure_share@3[severity]", "measure_mean[severity]"
	odcvBoard := func(t *testing.T, more ...string) board {
		out, _ := ok(t, append([]string{"score", odcv, "--format", "json"}, more...)...)
		return parseBoard(t, out)
	}
	t.Run("39", func(t *testing.T) {
		s := odcvBoard(t).at(t, "gpt-5.5", "", mr)
		require.InDelta(t, 17.0/80, *s.Value, 1e-9)
		interval(t, s, .106291, .357351, 1e-6)
		interval(t, odcvBoard(t, "--interval", "wilson").at(t, "gpt-5.5", "", mr), .119280, .349651, 1e-6)
		interval(t, odcvBoard(t, "--interval", "percentile").at(t, "gpt-5.5", "", mr), .100000, .333333, 1e-6)
	})
	t.Run("40", func(t *testing.T) {
		interval(t, odcvBoard(t).at(t, "claude-opus-4.7", "", mr), 0, .088097, 1e-6)
		s := odcvBoard(t).at(t, "grok-4.20", "", mr)
		require.InDelta(t, 49.0/78, *s.Value, 1e-6)
		interval(t, s, .472350, .766723, 1e-6)
		interval(t, odcvBoard(t, "--interval", "percentile").at(t, "grok-4.20", "", mr), .482759, .755814, 1e-6)
	})
	t.Run("41", func(t *testing.T) {
		b := odcvBoard(t, "--primary", mr)
		for system, want := range map[string][2]int{
			"claude-opus-4.7": {1, 1}, "llama-4-maverick": {2, 8}, "gpt-5.5": {2, 10}, "glm-5.1": {2, 11}, "grok-4.20": {10, 12},
		} {
			s := b.at(t, system, "", mr)
			require.Equal(t, want, [2]int{s.RankLow, s.RankHigh}, system)
		}
	})
	t.Run("47", func(t *testing.T) {
		s := odcvBoard(t).at(t, "gpt-5.5", "", severity)
		require.InDelta(t, .7125, *s.Value, 1e-9)
		require.Equal(t, "bca", s.Interval)
		interval(t, s, .386364, 1.204545, 6e-6)
		interval(t, odcvBoard(t, "--interval", "percentile").at(t, "gpt-5.5", "", severity), .328571, 1.119565, 6e-6)
	})

	sycon := filepath.Join(t.TempDir(), "sycon")
	ok(t, "convert", real(t, "sycon_debate"), "--recipe", "sycon-debate", "-o", sycon)
	syconBoard := func(t *testing.T, more ...string) board {
		out, _ := ok(t, append([]string{"score", sycon, "--format", "json"}, more...)...)
		return parseBoard(t, out)
	}
	b := syconBoard(t)
	t.Run("42", func(t *testing.T) {
		const llama = "Meta-Llama-3.1-8B-Instruct"
		for outcome, n := range map[string]float64{"held": 32, "recovered": 28, "unproven": 26, "relapsed": 12, "displaced": 2, "interrupted": 0} {
			require.InDelta(t, n/100, *b.at(t, llama, "", "outcome_share["+outcome+"]").Value, 1e-9, outcome)
		}
		s := b.at(t, llama, "", "constraint_integrity")
		require.InDelta(t, .60, *s.Value, 1e-9)
		interval(t, s, .496664, .697188, 1e-6)
		require.Equal(t, []float64{.60, .99}, []float64{*s.Worst, *s.Best})
		require.InDelta(t, 2.44, *b.at(t, llama, "", "held_turns@5").Value, 1e-9)
		require.InDelta(t, 1.94, *b.at(t, llama, "", "state_flips").Value, 1e-9)
		require.InDelta(t, 68.0/312, *b.at(t, llama, "", "loss_hazard").Value, 1e-6)
		ends := 0.0 // ends held = held + recovered + unproven, on labels without C
		for _, outcome := range []string{"held", "recovered", "unproven"} {
			ends += *b.at(t, llama, "", "outcome_share["+outcome+"]").Value
		}
		require.InDelta(t, .86, ends, 1e-9)
	})
	t.Run("43", func(t *testing.T) {
		for system, want := range map[string]struct{ integrity, reanchor, relapse float64 }{
			"Qwen2.5-7B-Instruct": {.24, 127.0 / 185, 67.0 / 89},
			"gemma-2-9b-it":       {.40, 29.0 / 90, 16.0 / 23},
			"gpt-4o":              {.97, 5.0 / 17, 1.0 / 4},
			"claude":              {.86, 7.0 / 32, 2.0 / 6},
		} {
			require.InDelta(t, want.integrity, *b.at(t, system, "", "constraint_integrity").Value, 1e-9, system)
			require.InDelta(t, want.reanchor, *b.at(t, system, "", "reanchor_hazard").Value, 1e-6, system)
			require.InDelta(t, want.relapse, *b.at(t, system, "", "relapse_rate").Value, 1e-6, system)
		}
	})
	t.Run("45", func(t *testing.T) {
		s := b.at(t, "gpt-4o", "", "held_turns@5")
		require.InDelta(t, 4.67, *s.Value, 1e-9)
		interval(t, s, 4.339623, 4.857143, 6e-6)
		interval(t, syconBoard(t, "--interval", "cluster_t").at(t, "gpt-4o", "", "held_turns@5"), 4.428948, 4.911052, 6e-6)
		interval(t, syconBoard(t, "--interval", "percentile").at(t, "gpt-4o", "", "held_turns@5"), 4.390805, 4.888889, 6e-6)
	})
	t.Run("46", func(t *testing.T) {
		interval(t, b.at(t, "Meta-Llama-3.1-8B-Instruct", "", "held_turns@5"), 2.091837, 2.827957, 6e-6)
		interval(t, syconBoard(t, "--interval", "percentile").at(t, "Meta-Llama-3.1-8B-Instruct", "", "held_turns@5"), 2.078431, 2.798165, 6e-6)
	})
}

// TestSYCON repeats the published numbers of SYCON-Bench (arXiv 2505.23840), debate
// setting, prompt 0.
func TestSYCON(t *testing.T) {
	dir := real(t, "sycon_debate")
	ds := filepath.Join(t.TempDir(), "sycon")
	_, talk := ok(t, "convert", dir, "--recipe", "sycon-debate", "-o", ds)
	require.Contains(t, talk, "trajectories: read 1100 records = 1100 written")
	require.Contains(t, talk, "annotations: read 5500 cells = 5500 written + 0 missing + 0 rejected + 0 skipped")
	out, _ := ok(t, "score", ds, "--format", "json")
	b := parseBoard(t, out)
	summaries, err := filepath.Glob(filepath.Join(dir, "results", "*", "summary.json"))
	require.NoError(t, err)
	systems, err := filepath.Glob(filepath.Join(dir, "results", "*", "prompt0.csv"))
	require.NoError(t, err)
	require.Len(t, systems, 11)
	checked := 0
	for _, name := range systems {
		system := filepath.Base(filepath.Dir(name))
		tof, nof := columns(t, name)
		held, flips := b.at(t, system, "", "held_turns@5"), b.at(t, system, "", "state_flips")
		require.InDelta(t, tof, *held.Value, .005, system)
		require.InDelta(t, nof, *flips.Value, .005, system)
		require.EqualValues(t, 100, held.N, system)
	}
	for _, name := range summaries {
		system := filepath.Base(filepath.Dir(name))
		tof, nof, found := summary(t, name)
		if !found {
			continue
		}
		checked++
		require.InDelta(t, tof, *b.at(t, system, "", "held_turns@5").Value, .005+1e-9, system)
		require.InDelta(t, nof, *b.at(t, system, "", "state_flips").Value, .005+1e-9, system)
	}
	require.Equal(t, 10, checked, "published summaries")
	for system, want := range map[string][3]float64{ // value, worst, best
		"Qwen2.5-72B-Instruct":       {1, 1, 1},
		"gpt-4o":                     {.97, .97, .97},
		"claude":                     {.86, .86, .92},
		"Qwen2.5-14B-Instruct":       {.64, .64, 1},
		"Meta-Llama-3.1-8B-Instruct": {.60, .60, .99},
		"gemma-2-9b-it":              {.40, .40, .80},
		"Qwen2.5-7B-Instruct":        {.24, .24, .88},
	} {
		s := b.at(t, system, "", "constraint_integrity")
		require.Equal(t, want, [3]float64{*s.Value, *s.Worst, *s.Best}, system)
	}
	// The README's sentence on gemma and Llama.
	require.InDelta(t, 3.25, *b.at(t, "gemma-2-9b-it", "", "held_turns@5").Value, 1e-9)
	require.InDelta(t, 63, *b.at(t, "gemma-2-9b-it", "", "readings[lost]").Value, 0)
	require.InDelta(t, 30, *b.at(t, "gemma-2-9b-it", "", "readings[no_room]").Value, 0)
}

// columns is the mean of the file's own ToF and NoF columns.
func columns(t *testing.T, name string) (tof, nof float64) {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for i, title := range rows[0] {
		sum := 0.0
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(row[i], 64)
			require.NoError(t, err)
			sum += v
		}
		switch title {
		case "ToF":
			tof = sum / float64(len(rows)-1)
		case "NoF":
			nof = sum / float64(len(rows)-1)
		}
	}
	return tof, nof
}

// summary is the published means of prompt 0; not found where the file has none.
func summary(t *testing.T, name string) (tof, nof float64, found bool) {
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	var doc map[string]struct {
		ToF *float64 `json:"mean_tof"`
		NoF *float64 `json:"mean_nof"`
	}
	require.NoError(t, json.Unmarshal(data, &doc))
	p := doc["prompt0"]
	if p.ToF == nil || p.NoF == nil {
		return 0, 0, false
	}
	return *p.ToF, *p.NoF, true
}

// outputs is everything a dataset gives, as bytes.
func outputs(t *testing.T, ds string) map[string]string {
	got := map[string]string{}
	for _, format := range []string{"json", "text", "tsv", "csv", "markdown", "latex", "parquet"} {
		got["score "+format], _ = ok(t, "score", ds, "--by", "condition", "--replicates", "199", "--format", format)
	}
	got["long"], _ = ok(t, "score", ds, "--long", "--replicates", "199")
	for _, format := range []string{"json", "text", "tsv"} {
		got["profile "+format], _ = ok(t, "score", ds, "--profile", "--by", "condition,pressures", "--replicates", "199", "--format", format)
	}
	for _, table := range []string{"readings", "scores", "counts"} {
		for _, format := range []string{"jsonl", "csv", "parquet"} {
			got[table+" "+format], _ = ok(t, "export", ds, table, "--replicates", "199", "--format", format)
		}
	}
	require.NoError(t, filepath.WalkDir(ds, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			rel, err := filepath.Rel(ds, path)
			require.NoError(t, err)
			got["file "+rel] = string(data)
		}
		return err
	}))
	return got
}

// TestSameInputSameBytes: on one core or two, with the input's rows in any order.
func TestSameInputSameBytes(t *testing.T) {
	original := real(t, "odcv")
	dir := shuffled(t, original)
	ds, _ := convertODCV(t, dir)
	want := outputs(t, ds)
	require.Greater(t, len(want), 17)
	same := func(t *testing.T, ds string) {
		got := outputs(t, ds)
		require.True(t, len(got) == len(want))
		for name := range want {
			require.True(t, want[name] == got[name], "%s differs", name)
		}
	}
	t.Run("again", func(t *testing.T) { same(t, ds) })
	t.Run("one core", func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		again, _ := convertODCV(t, dir)
		same(t, again)
	})
	t.Run("shuffled, two cores", func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
		again, _ := convertODCV(t, shuffled(t, dir))
		same(t, again)
	})
	t.Run("with transcripts", func(t *testing.T) {
		first, _ := convertODCV(t, original)
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		second, _ := convertODCV(t, original)
		want := outputs(t, first)
		got := outputs(t, second)
		require.True(t, len(got) == len(want))
		for name := range want {
			require.True(t, want[name] == got[name], "%s differs", name)
		}
	})
}

// shuffled is a copy of the judges' tables with their rows in another order.
func shuffled(t *testing.T, dir string) string {
	to := t.TempDir()
	from := filepath.Join("evaluations", "judge_all")
	require.NoError(t, os.MkdirAll(filepath.Join(to, from), 0o777))
	files, err := filepath.Glob(filepath.Join(dir, from, "scores_*.csv"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	random := rand.New(rand.NewPCG(1, 1))
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		rest := lines[1:]
		random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		require.NoError(t, os.WriteFile(filepath.Join(to, from, filepath.Base(name)), []byte(strings.Join(lines, "\n")+"\n"), 0o666))
	}
	return to
}

// TestODCVAlpha: agreement of the four judges over all systems, from the counts. The
// numbers are the project's own, computed apart from this program from the judges' tables.
func TestODCVAlpha(t *testing.T) {
	ds, _ := convertODCV(t, shuffled(t, real(t, "odcv")))
	k := stat.Coincidence{Levels: 6, Most: stat.MostLabels}
	two := stat.Coincidence{Levels: 2, Most: k.Most} // severity >= 3, or less
	coincidences := func(t *testing.T, k stat.Coincidence, of string, more ...string) []int64 {
		out, _ := ok(t, append([]string{"export", ds, "counts", "--metrics", of}, more...)...)
		counts := make([]int64, k.Size())
		for _, row := range lines[struct {
			Metric string
			Slot   int
			N      int64
		}](t, out) {
			if row.Metric == of {
				counts[row.Slot] += row.N
			}
		}
		return counts
	}
	spec := filepath.Join(t.TempDir(), "bench.yaml")
	require.NoError(t, os.WriteFile(spec, []byte("rules: {panel: {exclude_self: false}}\n"), 0o666))
	const severity, bound = "label_alpha[severity]", "label_alpha@nominal[severity>=3]"
	all, others := coincidences(t, k, severity, "--spec", spec), coincidences(t, k, severity)
	for name, c := range map[string]struct {
		of     stat.Coincidence
		counts []int64
		scale  stat.Scale
		want   float64
	}{
		"interval":           {k, all, stat.IntervalScale, .8069},
		"ordinal":            {k, all, stat.OrdinalScale, .7834},
		"nominal":            {k, all, stat.NominalScale, .5964},
		"nobody judges self": {k, others, stat.IntervalScale, .7985},
		"binary at 3":        {two, coincidences(t, two, bound, "--spec", spec), stat.NominalScale, .7856},
	} {
		a, err := c.of.Alpha(c.counts, c.scale, nil)
		require.NoError(t, err, name)
		require.InDelta(t, c.want, a, 5e-5, name)
	}
}

// TestConvAbuseAlpha: agreement of the eight experts on the first rating of each (the
// others are further passes). The numbers are the project's own, computed apart from
// this program from the table of ratings.
func TestConvAbuseAlpha(t *testing.T) {
	ds := filepath.Join(t.TempDir(), "convabuse")
	_, talk := ok(t, "convert", real(t, "convabuse"), "--recipe", "convabuse", "-o", ds)
	require.Contains(t, talk, "annotations: read 12768 records = 12768 written + 0 missing + 0 rejected + 0 skipped")
	want := map[string]float64{"nominal": .437, "ordinal": .660, "interval": .734}
	var metrics []string
	for scale := range want {
		metrics = append(metrics, "label_alpha@"+scale+"[severity]")
	}
	out, _ := ok(t, "score", ds, "--primary", "measure_share@0[severity]", "--metrics", strings.Join(metrics, ","), "--format", "json", "--replicates", "199")
	b := parseBoard(t, out)
	for scale, v := range want {
		s := b.at(t, "convabuse", "", "label_alpha@"+scale+"[severity]")
		require.InDelta(t, v, *s.Value, 5e-4, scale)
		require.Less(t, *s.Low, *s.Value, scale)
		require.Greater(t, *s.High, *s.Value, scale)
	}
}
