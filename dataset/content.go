package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/righting-bench/righting/schema"
)

// ContentID is the trajectory_id of a trajectory to which its source gives none: the
// first 32 hexadecimal digits of SHA-256 over its source id, whose and which it is
// (system, model, agent, scenario, condition, repeat, setting), and its turns without
// their numbers. What is counted, and how it ended, does not change it.
func ContentID(t *schema.Trajectory) string {
	h := sha256.New()
	text := func(s string) { fmt.Fprintf(h, "%d:%s\n", len(s), s) }
	maybe := func(all ...*string) {
		for _, s := range all {
			if s == nil {
				_, _ = h.Write([]byte("-\n"))
			} else {
				text(*s)
			}
		}
	}
	text("righting trajectory 1")
	maybe(t.SourceID, &t.System, t.Model, t.Agent, &t.Scenario, t.Condition)
	text(strconv.Itoa(int(t.Repeat)))
	text(t.Setting)
	text(strconv.Itoa(len(t.Turns)))
	for i := range t.Turns {
		u := &t.Turns[i]
		maybe(&u.Role, &u.Text, u.Reasoning, u.Name, u.ToolCallsJSON, u.ToolCallID, u.SourceID)
		text(strconv.FormatBool(u.Prefilled != nil && *u.Prefilled))
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
