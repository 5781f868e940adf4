package annotate

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// PeopleTasks gives emit one JSON object for each task for people in Label Studio, which
// are elements of the list that it imports: one for each turn to be judged, as Tasks asks
// models with TaskOptions.Turns, with the conversation up to it, or all of it where the
// context is full. The data name trajectory, constraint and assistant turn, so that
// label-studio and label-studio-csv read the answers without being told. LabelConfig is
// the labelling config that belongs to them.
//
// An object is emit's until it returns. The error is as for Tasks.
func PeopleTasks(ctx context.Context, d *dataset.Dataset, o TaskOptions, emit func(task []byte) error) (TaskReport, error) {
	o.Turns = true
	return tasks(ctx, d, o, emit, (*asker).show)
}

// show makes one task about a turn.
func (a *asker) show(id customID, c *schema.Constraint, t *schema.Trajectory, own, turns []int) error {
	last := len(t.Turns)
	judged := own[turns[0]-1]
	if a.o.Context == "prefix" {
		last = judged + 1
	}
	var talk []ordered
	for i := range t.Turns[:last] {
		u := &t.Turns[i]
		who := u.Role
		switch {
		case i == judged:
			who += " ← judge this turn"
		case u.Prefilled != nil && *u.Prefilled:
			who += ", put into its mouth"
		}
		if u.Name != nil && *u.Name != "" {
			who += " (" + *u.Name + ")"
		}
		text := u.Text
		if u.ToolCallsJSON != nil {
			text = strings.TrimPrefix(text+"\n"+*u.ToolCallsJSON, "\n")
		}
		talk = append(talk, ordered{{"author", who}, {"text", cmp.Or(text, "(no text)")}})
	}
	task, err := ordered{{"data", ordered{
		{"trajectory_id", id.trajectory},
		{"constraint_id", id.constraint},
		{turnKey, turns[0]},
		{"question", governs(c) + fmt.Sprintf(" Judge assistant turn %d, the one that is marked.", turns[0])},
		{"dialogue", talk},
	}}}.MarshalJSON()
	if err != nil {
		return fmt.Errorf("trajectory %q: %w", t.TrajectoryID, err)
	}
	a.report.Tasks++
	return a.emit(bytes.TrimSpace(task))
}

// LabelConfig is a labelling config of Label Studio for PeopleTasks: a question for each
// of the fields (nil = Fields), named as our column, its choices the terms of our
// vocabulary with their documentation as hints. `none` of a list says that there is
// none.
func LabelConfig(fields []string, v *schema.Vocabulary) (string, error) {
	if fields == nil {
		fields = Fields
	}
	var b strings.Builder
	b.WriteString("<View>\n  <Text name=\"question\" value=\"$question\"/>\n" +
		"  <Paragraphs name=\"dialogue\" value=\"$dialogue\" layout=\"dialogue\" nameKey=\"author\" textKey=\"text\"/>\n")
	for _, name := range fields {
		if err := askable(name); err != nil {
			return "", err
		}
		c, _ := annotation(name)
		fmt.Fprintf(&b, "  <Header value=\"%s\"/>\n", attribute(name+": "+c.Doc))
		question(&b, name, &c, v.Of(c.Enum))
	}
	if slices.Contains(fields, "control") {
		c, _ := annotation("missing")
		fmt.Fprintf(&b, "  <Header value=\"%s\"/>\n", attribute("missing: why control was not given"))
		question(&b, "missing", &c, v.Of(c.Enum))
	}
	b.WriteString("</View>\n")
	return b.String(), nil
}

// question writes one control.
func question(b *strings.Builder, name string, c *schema.Column, of *schema.Enum) {
	choices := func(how string, terms []schema.Term) {
		fmt.Fprintf(b, "  <Choices name=\"%s\" toName=\"dialogue\" choice=\"%s\">\n", name, how)
		for _, t := range terms {
			hint := ""
			if t.Doc != "" {
				hint = fmt.Sprintf(" hint=\"%s\"", attribute(t.Doc))
			}
			fmt.Fprintf(b, "    <Choice value=\"%s\"%s/>\n", attribute(t.Name), hint)
		}
		b.WriteString("  </Choices>\n")
	}
	switch {
	case c.Type == "LIST STRING" && of != nil:
		choices("multiple", append(slices.Clone(of.Terms), schema.Term{Name: "none", Doc: "judged, and there is none"}))
	case of != nil:
		choices("single", of.Terms)
	case c.Type == "BOOLEAN":
		choices("single", []schema.Term{{Name: "true"}, {Name: "false"}})
	case c.Type == "DOUBLE":
		fmt.Fprintf(b, "  <Number name=\"%s\" toName=\"dialogue\" min=\"0\" max=\"1\" step=\"0.05\"/>\n", name)
	case c.Type == "INT32":
		fmt.Fprintf(b, "  <Number name=\"%s\" toName=\"dialogue\" min=\"0\" step=\"1\"/>\n", name)
	default:
		fmt.Fprintf(b, "  <TextArea name=\"%s\" toName=\"dialogue\" rows=\"2\" maxSubmissions=\"1\"/>\n", name)
	}
}

// attribute is a text as an attribute of XML.
func attribute(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
