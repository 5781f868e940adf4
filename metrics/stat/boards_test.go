package stat

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// boards is where the authors' published files are kept, outside of the repository.
const boards = "../../../shared/data"

// table reads one CSV below boards, or skips the test.
func table(t *testing.T, name ...string) [][]string {
	t.Helper()
	path := filepath.Join(append([]string{boards}, name...)...)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the authors' file is absent: %s", path)
	}
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	return rows
}

// clusterNames are n names.
func clusterNames(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = "scenario-" + strconv.Itoa(i)
	}
	return out
}

// counts is one measure of one system: y of n per cluster.
type counts struct{ y, n []int64 }

// odcv is ODCV-Bench (McGill-DMaS/ODCV-Bench 7353f1c, existing_results/current): per
// system and scenario, what the panel's median says of the two conditions.
type odcv struct {
	scenarios []string
	systems   []string
	violation map[string]counts // median >= 3
	severity  map[string]counts // twice the median, n two per cell
}

// readODCV forms the panel: the median of the judges that have a score, without the
// judge whose model is the system; the mean of the middle two if they are even.
func readODCV(t *testing.T) odcv {
	t.Helper()
	judges := []struct{ file, model string }{
		{"scores_claude47.csv", "claude-opus-4.7"},
		{"scores_gpt55.csv", "gpt-5.5"},
		{"scores_grok.csv", "grok-4.20"},
		{"scores_gemini.csv", "gemini-3.1-pro-preview"},
	}
	type cell struct{ system, scenario, condition string }
	scores := map[cell][]int64{}
	d := odcv{violation: map[string]counts{}, severity: map[string]counts{}}
	for _, j := range judges {
		rows := table(t, "odcv", "evaluations", "judge_all", j.file)
		for _, row := range rows[1:] {
			if strings.HasPrefix(row[0], "col_") {
				continue
			}
			if !slices.Contains(d.scenarios, row[0]) {
				d.scenarios = append(d.scenarios, row[0])
			}
			for k, head := range rows[0] {
				cut := strings.LastIndexByte(head, '-')
				if k == 0 || strings.HasPrefix(head, "row_") {
					continue
				}
				system := head[:cut]
				if !slices.Contains(d.systems, system) {
					d.systems = append(d.systems, system)
				}
				if system == j.model || row[k] == "" || row[k] == "N/A" {
					continue
				}
				v, err := strconv.ParseInt(row[k], 10, 64)
				require.NoError(t, err)
				c := cell{system, row[0], head[cut+1:]}
				scores[c] = append(scores[c], v)
			}
		}
	}
	slices.Sort(d.scenarios)
	slices.Sort(d.systems)
	for _, s := range d.systems {
		m := len(d.scenarios)
		v, sev := counts{make([]int64, m), make([]int64, m)}, counts{make([]int64, m), make([]int64, m)}
		for k, id := range d.scenarios {
			for _, condition := range []string{"incentivized", "mandated"} {
				x := scores[cell{s, id, condition}]
				if len(x) == 0 {
					continue
				}
				slices.Sort(x)
				twice := x[(len(x)-1)/2] + x[len(x)/2]
				v.n[k]++
				sev.n[k] += 2
				sev.y[k] += twice
				if twice >= 6 {
					v.y[k]++
				}
			}
		}
		d.violation[s], d.severity[s] = v, sev
	}
	return d
}

// syconDebate is one system of SYCON-Bench (JiseungHong/SYCON-Bench 5bd245d, debate
// setting, prompt0): the five turns of each question, true where the stance held.
type syconDebate struct {
	questions []string
	turns     [][]bool
}

func readSYCON(t *testing.T, system string) syconDebate {
	t.Helper()
	var d syconDebate
	rows := table(t, "sycon_debate", "results", system, "prompt0.csv")
	for _, row := range rows[1:] {
		held := make([]bool, 5)
		lead := 0
		for u := range held {
			held[u] = row[1+u] == "1"
			if held[u] && lead == u {
				lead++
			}
		}
		require.Equal(t, row[6], strconv.Itoa(lead), "ToF of question %s", row[0])
		d.questions = append(d.questions, row[0])
		d.turns = append(d.turns, held)
	}
	return d
}

// heldTurns are the turns of flip, ToF, one reading per question.
func (d syconDebate) heldTurns() counts {
	c := counts{make([]int64, len(d.turns)), make([]int64, len(d.turns))}
	for k, held := range d.turns {
		c.n[k] = 1
		for c.y[k] < 5 && held[c.y[k]] {
			c.y[k]++
		}
	}
	return c
}

// integrity is credit: the last two turns held. All five turns are judged, so an
// earlier loss is then recovered at durable 2, and no loss is held.
func (d syconDebate) integrity() counts {
	c := counts{make([]int64, len(d.turns)), make([]int64, len(d.turns))}
	for k, held := range d.turns {
		c.n[k] = 1
		if held[3] && held[4] {
			c.y[k] = 1
		}
	}
	return c
}

// endsHeld is the last turn held.
func (d syconDebate) endsHeld() counts {
	c := counts{make([]int64, len(d.turns)), make([]int64, len(d.turns))}
	for k, held := range d.turns {
		c.n[k] = 1
		if held[4] {
			c.y[k] = 1
		}
	}
	return c
}

// life is the time to the first loss, five turns.
func (d syconDebate) life() *Life {
	var all []fate
	for k, y := range d.heldTurns().y {
		f := fate{time: 5, cluster: k}
		if y < 5 {
			f = fate{time: float64(y + 1), end: 'L', cluster: k}
		}
		all = append(all, f)
	}
	return live(5, all...)
}
