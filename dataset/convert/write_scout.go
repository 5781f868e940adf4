package convert

import (
	"io"
	"time"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var writeScout = &Writer{
	Name: "scout",
	Doc: `Inspect Scout's transcripts: a Parquet file; the folder it lies in is a transcripts database

transcript_id   trajectory_id
source_type, source_id, task_set   righting, the id in the source, the dataset
task_id, task_repeat   scenario, repeat
model, agent, error, date, message_count   as they are
score, success  the outcome that the judgements say, by constraint where there are
                several; whether every constraint has credit, where that is known
messages        Inspect's, each with an id: source_id, else the index, so that what Scout
                cites or people judge there comes back with --turn source_id or message0
system, condition, setting, terminal, split   columns of their own, which are metadata`,
	Lost: "judgements of turns (export annotations beside it), names of speakers, which limit ended it; a developer is a system, calls are as Inspect has them, messages without an id get " +
		"their number; condition, setting, split and terminal are columns of their own, which convert keeps in metadata_json",
	Scores: true,
	start: func(w io.Writer) writing {
		return &scoutWriting{t: dataset.NewTableWriter[scoutOut](w, "transcripts", nil)}
	},
}

// scoutOut is a transcript; columns as inspect_scout 0.6 has them, then ours.
type scoutOut struct {
	TranscriptID string  `parquet:"transcript_id"`
	SourceType   string  `parquet:"source_type,dict"`
	SourceID     *string `parquet:"source_id,optional"`
	Date         *string `parquet:"date,optional"`
	TaskSet      string  `parquet:"task_set,dict"`
	TaskID       string  `parquet:"task_id,dict"`
	TaskRepeat   int64   `parquet:"task_repeat"`
	Agent        *string `parquet:"agent,optional,dict"`
	Model        *string `parquet:"model,optional,dict"`
	Score        *string `parquet:"score,optional"`
	Success      *bool   `parquet:"success,optional"`
	MessageCount int64   `parquet:"message_count"`
	Error        *string `parquet:"error,optional"`
	Messages     string  `parquet:"messages"`
	System       string  `parquet:"system,dict"`
	Condition    *string `parquet:"condition,optional,dict"`
	Setting      string  `parquet:"setting,dict"`
	Terminal     *string `parquet:"terminal,optional,dict"`
	Split        *string `parquet:"split,optional,dict"`
}

// scoutRows make a row group, as Scout itself writes them.
const scoutRows = 25

type scoutWriting struct {
	t *dataset.TableWriter[scoutOut]
	n int
}

func (s *scoutWriting) close() error { return s.t.Close() }

func (s *scoutWriting) write(i *Item) (string, error) {
	t := i.Trajectory
	row := scoutOut{
		TranscriptID: t.TrajectoryID, SourceType: "righting", SourceID: t.SourceID, TaskSet: i.Dataset, TaskID: t.Scenario,
		TaskRepeat: int64(t.Repeat), Agent: t.Agent, Model: t.Model, MessageCount: int64(len(t.Turns)), Error: t.Error,
		System: t.System, Condition: t.Condition, Setting: t.Setting, Terminal: t.Terminal, Split: t.Split,
	}
	if t.StartedAt != nil {
		row.Date = ptr(time.UnixMicro(*t.StartedAt).UTC().Format(time.RFC3339Nano))
	}
	if yes, ok := i.Success(); ok {
		row.Success = &yes
	}
	switch len(i.Verdicts) {
	case 0:
	case 1:
		row.Score = ptr(i.Verdicts[0].Outcome) // a text is no JSON there, as Scout itself writes it
	default:
		var o object
		for _, v := range i.Verdicts {
			o.text(v.Constraint, v.Outcome)
		}
		row.Score = ptr(o.json())
	}
	var err error
	var all list
	for k := range t.Turns {
		m, e := scoutMessage(t, &t.Turns[k])
		if e != nil {
			err = e
		}
		all.add(m)
	}
	row.Messages = all.json()
	if err != nil {
		return "", err
	}
	if err := s.t.Write([]scoutOut{row}); err != nil {
		return "", err
	}
	if s.n++; s.n%scoutRows == 0 {
		return "", s.t.Cut()
	}
	return "", nil
}

// scoutMessage is a turn as Inspect's logs have it.
func scoutMessage(t *schema.Trajectory, u *schema.Turn) (string, error) {
	var m object
	if u.SourceID != nil && *u.SourceID != "" {
		m.text("id", *u.SourceID)
	} else {
		m.text("id", itoa(u.Index))
	}
	m.text("role", plainRole(u.Role))
	if u.Reasoning == nil {
		m.text("content", u.Text)
	} else {
		var thought, said object
		thought.text("type", "reasoning")
		thought.text("reasoning", *u.Reasoning)
		said.text("type", "text")
		said.text("text", u.Text)
		m.list("content", 2, func(i int) string { return []string{thought.json(), said.json()}[i] })
	}
	if u.Role == "assistant" {
		m.maybe("model", t.Model)
	}
	if u.Prefilled != nil && *u.Prefilled {
		m.raw("metadata", `{"prefill":true}`)
	}
	calls, err := toolCalls(u.ToolCallsJSON)
	if err != nil {
		return "", err
	}
	if len(calls) > 0 {
		m.list("tool_calls", len(calls), func(i int) string {
			var c object
			c.text("id", calls[i].id)
			c.text("function", calls[i].name)
			if arguments, ok := calls[i].object(); ok {
				c.raw("arguments", string(arguments))
			} else {
				c.raw("arguments", "{}")
				c.text("parse_error", calls[i].arguments)
			}
			c.text("type", "function")
			return c.json()
		})
	}
	if u.Role == "tool" {
		m.maybe("tool_call_id", u.ToolCallID)
		m.maybe("function", u.Name)
	}
	return m.json(), nil
}
