package convert

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// fixtures are the trajectories of all files of the golden tests.
func fixtures(t *testing.T) (out []schema.Trajectory) {
	t.Helper()
	for _, f := range []struct {
		in     string
		format *Format
	}{
		{"openai_chat.jsonl", nil},
		{"tau_bench.json", nil},
		{"tau2.json", nil},
		{"agentdojo.json", nil},
		{"anthropic.jsonl", anthropic},
		{"atif.json", nil},
		{"claude_code.jsonl", nil},
		{"codex.jsonl", nil},
		{"every_eval_ever.jsonl", nil},
		{"responses.jsonl", openAIResponses},
		{"sharegpt.json", nil},
		{"sts.jsonl", nil},
	} {
		ds := filepath.Join(t.TempDir(), "ds")
		_, err := Run(t.Context(), []string{"testdata/" + f.in}, Options{Output: ds, Format: f.format, MaxErrorRate: .7})
		require.NoError(t, err)
		out = append(out, converted(t, ds)...)
	}
	return out
}

// written is what is read of trajectories that were written.
func written(t *testing.T, f *Format, rows []schema.Trajectory, o Options) (string, map[string]schema.Trajectory) {
	t.Helper()
	var b bytes.Buffer
	to := FindWriter(f.Name).New(&b)
	for i := range rows {
		require.NoError(t, to.Write(&Item{Trajectory: &rows[i]}))
	}
	require.NoError(t, to.Close())
	name := filepath.Join(t.TempDir(), "out.jsonl")
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o666))
	o.Output = filepath.Join(t.TempDir(), "ds")
	report, err := Run(t.Context(), []string{name}, o)
	require.NoError(t, err)
	require.Equal(t, f, report.Format, "it is known again")
	require.Empty(t, report.Rejects)
	out := map[string]schema.Trajectory{}
	for _, row := range converted(t, o.Output) {
		out[row.TrajectoryID] = row
	}
	return b.String(), out
}

func spokenRows(rows []schema.Trajectory) (out []schema.Trajectory) {
	for _, row := range rows {
		if len(row.Turns) > 0 {
			out = append(out, row)
		}
	}
	return out
}

// TestWriteOpenAIChat writes trajectories and reads the same, but for what Unwritten names.
func TestWriteOpenAIChat(t *testing.T) {
	rows := spokenRows(fixtures(t))
	require.Greater(t, len(rows), 20)
	for i := range rows {
		if rows[i].Model == nil { // a template cannot name what is not there
			rows[i].Model = ptr("none")
		}
		rows[i].System = rows[i].System + " and its scaffold"
	}
	text, got := written(t, openAIChat, rows, Options{System: "{system}"})
	require.Equal(t, len(rows), strings.Count(text, "\n"))
	for _, want := range rows {
		row := got[want.TrajectoryID]
		want.SourceFormat, want.SourceID = row.SourceFormat, row.SourceID
		want.Error, want.StartedAt = nil, nil
		kept := map[string]json.RawMessage{"system": json.RawMessage(quoted(want.System))}
		if want.MetadataJSON != nil {
			require.NoError(t, json.Unmarshal([]byte(*want.MetadataJSON), &kept))
			for _, lost := range []string{"id", "interaction_type", "termination_reason"} {
				delete(kept, lost)
			}
		}
		again := map[string]json.RawMessage{}
		require.NoError(t, json.Unmarshal([]byte(*row.MetadataJSON), &again))
		require.Equal(t, kept, again)
		row.MetadataJSON, want.MetadataJSON = nil, nil
		require.Equal(t, want, row)
	}
}

// TestWriteSTS does so for sessions.
func TestWriteSTS(t *testing.T) {
	rows := spokenRows(fixtures(t))
	for i := range rows {
		if rows[i].Agent == nil {
			rows[i].Agent = ptr("none")
		}
	}
	_, got := written(t, sts, rows, Options{Scenario: "{name}", System: "s"})
	for _, want := range rows {
		row := got[want.TrajectoryID]
		require.Equal(t, want.Scenario, row.Scenario)
		require.Equal(t, want.Agent, row.Agent)
		require.Len(t, row.Turns, len(want.Turns))
		for i, turn := range want.Turns {
			again := row.Turns[i]
			if turn.Role == "developer" {
				turn.Role = "system"
			}
			if turn.SourceID == nil {
				turn.SourceID = ptr(strconv.Itoa(i))
			}
			turn.Name, again.Name, turn.Prefilled = nil, nil, nil
			require.Equal(t, calling(t, turn.ToolCallsJSON), calling(t, again.ToolCallsJSON))
			turn.ToolCallsJSON, again.ToolCallsJSON = nil, nil
			require.Equal(t, turn, again, want.TrajectoryID)
		}
	}
}

// calling is each call's id, name and arguments.
func calling(t *testing.T, calls *string) (out []string) {
	t.Helper()
	if calls == nil {
		return nil
	}
	var list []struct {
		ID       string
		Function struct {
			Name      string
			Arguments json.RawMessage
		}
	}
	require.NoError(t, json.Unmarshal([]byte(*calls), &list))
	for _, c := range list {
		out = append(out, c.ID, c.Function.Name, string(decoded([]byte(c.Function.Arguments))))
	}
	return out
}
