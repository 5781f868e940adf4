package convert

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTau2Folder reads simulations in files of their own, with what stands above them.
func TestTau2Folder(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "run/results.json", `{"info":{"environment_info":{"domain_name":"retail","policy":"p"},"agent_info":{"llm":"m"}},"tasks":[{"id":"0"}]}`)
	for _, id := range []string{"a", "b"} {
		put(t, "run/simulations/"+id+".json", `{"id":"`+id+`","task_id":"0","termination_reason":"agent_stop","messages":[{"role":"user","content":"go"}]}`)
	}
	report, err := Run(t.Context(), []string{"run"}, Options{Output: "ds"})
	require.NoError(t, err)
	require.Equal(t, "2 records = 2 written + 0 rejected + 0 skipped; 2 trajectories, 1 scenarios, 0 annotations", report.String())
	require.Equal(t, []string{
		"run/results.json: has no list simulations; what lies in files of their own is found by giving the folder",
		"run/simulations/a.json:1: simulations without a reward (the first of 2)",
	}, report.Notices)
	for _, row := range converted(t, "ds") {
		require.Equal(t, "retail/0", row.Scenario)
		require.Equal(t, "m", row.System)
	}
	_, err = Run(t.Context(), []string{"run/results.json"}, Options{Output: "other"})
	require.ErrorIs(t, err, ErrNoRows)
}

// TestInside: what stands behind the list is found, the list is cut anywhere, and a list
// that does not end loses no simulation.
func TestInside(t *testing.T) {
	t.Chdir(t.TempDir())
	sim := `{"id":"%","task_id":"0","termination_reason":"user_stop","reward_info":{"reward":1},"messages":[{"role":"user","content":"[\"]}"}]}`
	text := bom + `{"info":{"agent_info":{"llm":"[m"}},"simulations": [` + sim + "," + sim[:7] + "2" + sim[8:] + `] ,"info2":"]","tasks":[]}`
	for _, c := range []struct {
		text  string
		chunk int
	}{{text, 0}, {text, 1}, {text, 50}, {text, 300}, {text[:len(text)-20], 0}} { // the last has no end, which is not needed
		put(t, "in.json", c.text)
		report, err := Run(t.Context(), []string{"in.json"}, Options{Output: "ds", Force: true, chunk: c.chunk, Workers: 2})
		require.NoError(t, err)
		require.Equal(t, 2, report.Trajectories)
		for _, row := range converted(t, "ds") {
			require.Equal(t, "[m", row.System)
			require.Equal(t, `user:["]}`, texts(row))
		}
	}
}
