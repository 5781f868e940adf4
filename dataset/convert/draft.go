package convert

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// A draft is a trajectory as a format reads it; what it leaves out is filled in for all
// formats alike. It is used again for the next one.
type draft struct {
	schema.Trajectory
	id       string // given by the source; "" = none
	native   string // its id in the source, where that is not id
	system   string // as the source names it; "" = the model
	scenario schema.Scenario
	scores   []score
	labels   []schema.Annotation // what others than the format's annotator said of it
	more     []*draft            // further trajectories of the same record
	bare     bool                // there are labels, and no conversation

	known []member // what templates may name
	rest  []member // JSON, into metadata_json
	media bool     // something was not text
	turns []schema.Turn
	row   string // its number, for what has no id
}

type member struct{ name, value string }

// A score is what the source says of the whole trajectory.
type score struct {
	measure             string
	value               float64
	annotator, kind     string // "" = the format's, a rule
	evidence, rationale *string
}

func (d *draft) reset(row, n int) {
	*d = draft{
		turns: d.turns[:0], known: d.known[:0], rest: d.rest[:0], scores: d.scores[:0], labels: d.labels[:0],
		row: fmt.Sprint(row),
	}
	if n > 1 {
		d.row += fmt.Sprintf(".%d", n)
	}
}

// know tells templates a value of the source.
func (d *draft) know(name string, value *string) {
	if value != nil {
		d.known = append(d.known, member{name, *value})
	}
}

// keep puts a JSON value into metadata_json.
func (d *draft) keep(name, json string) {
	if json != "null" {
		d.rest = append(d.rest, member{name, json})
	}
}

// number gives the turns their numbers and counts them.
func (d *draft) number() {
	d.AssistantTurns, d.Exchanges = 0, 0
	asked := false
	for i := range d.turns {
		t := &d.turns[i]
		t.Index = int32(i)
		switch {
		case t.Role == "user":
			asked = true
		case t.Role == "assistant" && (t.Prefilled == nil || !*t.Prefilled):
			d.AssistantTurns++
			if asked {
				d.Exchanges++
			}
			asked = false
		}
	}
	d.Turns = d.turns
}

// longestName bounds what is a name: it stands several times in a file's structure.
const longestName = 32 << 10

// short is nil if no name is too long.
func (d *draft) short() error {
	check := func(field string, name *string) error {
		if name == nil || len(*name) <= longestName {
			return nil
		}
		return &fault{field, fmt.Errorf("%d bytes, where a name has at most %d", len(*name), longestName)}
	}
	err := cmp.Or(
		check("trajectory_id", &d.TrajectoryID), check("system", &d.System), check("model", d.Model), check("agent", d.Agent),
		check("scenario", &d.Scenario), check("condition", d.Condition), check("split", d.Split),
	)
	for i := range d.turns {
		if err == nil && d.turns[i].Name != nil {
			err = check(fmt.Sprintf("messages[%d].name", i), d.turns[i].Name)
		}
	}
	return err
}

// opening names what stands before the first answer; "" if nothing does.
func (d *draft) opening() string {
	n := 0
	for n < len(d.turns) && d.turns[n].Role != "assistant" {
		n++
	}
	if n == 0 {
		return ""
	}
	return "opening-" + digest(d.turns[:n])[:16]
}

// digest is over all that is said, and what else is given.
func digest(turns []schema.Turn, more ...string) string {
	h := sha256.New()
	part := func(s string) {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	for i := range turns {
		t := &turns[i]
		part(t.Role)
		part(t.Text)
		for _, s := range []*string{t.Reasoning, t.Name, t.ToolCallsJSON, t.ToolCallID} {
			if s == nil {
				part("-")
				continue
			}
			part("+" + *s)
		}
	}
	for _, s := range more {
		part(s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// metadata is what is kept of the rest, as one JSON object; nil for nothing.
func (d *draft) metadata() *string {
	if d.media {
		d.keep("lossy_media", "true")
	}
	if len(d.rest) == 0 {
		return nil
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, m := range d.rest {
		if seen[m.name] {
			continue
		}
		seen[m.name] = true
		if b.Len() == 0 {
			b.WriteByte('{')
		} else {
			b.WriteByte(',')
		}
		name, _ := jsontext.AppendQuote(nil, m.name)
		b.Write(name)
		b.WriteByte(':')
		b.WriteString(m.value)
	}
	b.WriteByte('}')
	s := b.String()
	return &s
}
