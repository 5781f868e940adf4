package recipe_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// designed is what a scenario says, in one line.
func designed(s schema.Scenario) string {
	var b strings.Builder
	b.WriteString(s.Scenario)
	for _, p := range []*string{s.Condition, s.Opening, s.Language, s.Description, s.MetadataJSON} {
		if p != nil {
			b.WriteString(" " + *p)
		}
	}
	if s.Pressures != nil {
		fmt.Fprintf(&b, " %q", s.Pressures)
	}
	for _, c := range s.Constraints {
		b.WriteString(" | " + c.ID)
		for _, p := range []*string{c.Text, c.Protects, c.Authority} {
			if p != nil {
				b.WriteString(" " + *p)
			}
		}
		if c.Rank != nil {
			fmt.Fprintf(&b, " %d", *c.Rank)
		}
		if c.Irreversible != nil {
			fmt.Fprintf(&b, " %t", *c.Irreversible)
		}
	}
	for _, o := range s.Objectives {
		b.WriteString(" < " + o.ID)
		for _, p := range []*string{o.Text, o.Target, o.Principal, o.Legitimacy} {
			if p != nil {
				b.WriteString(" " + *p)
			}
		}
	}
	return b.String()
}

func TestScenarios(t *testing.T) {
	const traj = `trajectories:
  files: ["t.jsonl"]
  id: "{id}"
  columns: {scenario: q, condition: c}
  set: {system: s}
  turns: {from: m, columns: {role: r}}
`
	files := map[string]string{
		"t.jsonl": `{"id":1,"q":"b","c":"hard","m":[{"r":"user"}]}
{"id":2,"q":"a","c":"easy","m":[{"r":"user"}]}
{"id":3,"q":"b","c":"hard","m":[{"r":"user"}]}
{"id":4,"q":"a","c":null,"m":[{"r":"user"}]}
`,
		"s.csv": "id,how,rule,kind,hard,p\nb,hard,\"be kind\",policy,1,\nb,hard,\"be kind\",policy,1,\nb,hard,\"be nice\",policy,1,\na,easy,,safety,0,3\na,easy,,safety,0,4\nc,,x,nothing,0,1\n",
	}
	t.Run("from trajectories", func(t *testing.T) {
		write(t, files)
		rows, reports, err := readAll(t, traj+`scenarios:
  from: trajectories
  set:
    opening: tool_task
    language: en
    constraints: [{id: main, text: keep it, protects: policy, authority: developer, rank: 1, irreversible: true}, {id: second}]
    objectives: [{id: o, target: helpfulness, legitimacy: apparent}]
  columns: {pressures: {from: condition, map: {hard: [rewarded, pushback], easy: []}}}
`, recipe.Options{})
		require.NoError(t, err)
		const rest = ` | main keep it developer_policy developer 1 true | second < o helpfulness apparent`
		require.Equal(t, []string{
			`b hard tool_task en ["rewarded" "socially_reinforced"]` + rest, `a easy tool_task en []` + rest, `a tool_task en` + rest,
		}, rows[4:])
		require.Equal(t, "3 records = 3 written + 0 missing + 0 rejected + 0 skipped; 3 rows", reports[1].String())
	})
	t.Run("unmapped", func(t *testing.T) {
		write(t, files)
		rows, reports, err := readAll(t, traj+`scenarios: {from: trajectories, columns: {pressures: {from: condition, map: {hard: rewarded}}}}`, recipe.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{`b hard ["rewarded"]`, "a"}, rows[4:])
		require.Equal(t, []string{`trajectories:2: condition: "easy" is not in the map of pressures; add it there, or list it under missing`}, why(reports[1]))
	})
	t.Run("from files", func(t *testing.T) {
		write(t, files)
		rows, reports, err := readAll(t, `scenarios:
  files: ["s.csv"]
  missing: [""]
  set: {constraints: [{id: main, authority: norm}]}
  columns:
    scenario: id
    condition: how
    constraints.main.text: rule
    constraints.main.protects: kind
    constraints.other.irreversible: hard
    path_to_victory: p
`, recipe.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"b hard | main be kind developer_policy norm | other true", "a easy | main safety norm | other false"}, rows)
		require.Equal(t, "6 records = 2 written + 0 missing + 3 rejected + 1 skipped; 2 rows", reports[0].String())
		require.Equal(t, []string{
			`s.csv:4: id: "b", condition "hard" is said otherwise at s.csv:2; leave out what differs, or give it a condition of its own`,
			`s.csv:6: p: "4" is not 0 to 3, which path_to_victory needs; map it, or list it under missing`,
			`s.csv:7: kind: unknown target "nothing" (to use it, name and document it under vocabulary.targets in dataset.yaml)`,
		}, why(reports[0]))
	})
}

func TestSectionsRefused(t *testing.T) {
	const turns = "trajectories:\n  files: [x.csv]\n  columns: {scenario: q, system: s}\n"
	for name, c := range map[string]struct{ doc, want string }{
		"no turns":         {turns, "recipe.yaml:1:1: trajectories: says nothing of the turns; write turns: {from: messages, columns: {role: role, text: content}}"},
		"no role":          {turns + "  turns: {from: m, columns: {text: t}}\n", "recipe.yaml:4:3: trajectories.turns: role is required and nothing fills it"},
		"no way":           {turns + "  turns: {columns: {role: r}}\n", "recipe.yaml:4:3: trajectories.turns: how do the turns lie?"},
		"two ways":         {turns + "  turns: {from: m, group: [g], columns: {role: r}}\n", "recipe.yaml:4:3: trajectories.turns: how do the turns lie?"},
		"index":            {turns + "  turns: {from: m, columns: {role: r, index: i}}\n", "recipe.yaml:4:39: trajectories.turns.columns.index: index is counted from the turns as they stand; take it out"},
		"counts":           {turns + "  set: {assistant_turns: 3}\n  turns: {from: m, columns: {role: r}}\n", "recipe.yaml:4:9: trajectories.set.assistant_turns: assistant_turns is counted"},
		"turn's column":    {turns + "  turns: {from: m, columns: {rol: r}}\n", `recipe.yaml:4:30: trajectories.turns.columns.rol: turns has no column "rol"; did you mean role?`},
		"turn's constant":  {turns + "  turns: {from: m, set: {role: bot}}\n", `recipe.yaml:4:26: trajectories.turns.set.role: unknown role "bot"; it is one of`},
		"unpivot":          {turns + "  turns: {from: m, columns: {role: r}}\n  unpivot: {columns: x, to: text}\n", `recipe.yaml:5:3: trajectories.unpivot: is a key of scenarios and annotations, not of trajectories; for turns in several columns write turns: {unpivot: …}`},
		"unused group":     {turns + "  turns: {unpivot: {columns: '(?P<m>.)', to: text}, set: {role: user}}\n", "recipe.yaml:4:21: trajectories.turns.unpivot.columns: the group m is used nowhere and fills no column"},
		"no such group":    {turns + "  turns: {unpivot: {columns: '(?P<m>.)', to: text, ordr: m}, set: {role: user}}\n", `recipe.yaml:4:52: trajectories.turns.unpivot: unknown key "ordr"; did you mean order?`},
		"inside a whole":   {turns + "  turns: {from: m, columns: {role: r, name: c.a, tool_calls_json: c}}\n", `recipe.yaml:4:39: trajectories.turns.columns.name: "m.c.a" lies in "m.c", which is taken whole; take one of the two`},
		"ignored below":    {turns + "  turns: {from: m, columns: {role: r}}\n  ignore: [m.r]\n", `recipe.yaml:4:30: trajectories.turns.columns.role: "m.r" is also under ignore or skip_columns`},
		"several sources":  {turns + "  set: {split: a}\n  turns: {from: m, columns: {role: r, name: [a, b]}}\n", `recipe.yaml:5:39: trajectories.turns.columns.name: a list of sources makes a JSON object, and name is no column of JSON; name one source`},
		"not JSON":         {turns + "  set: {metadata_json: x}\n  turns: {from: m, columns: {role: r}}\n", `recipe.yaml:4:9: trajectories.set.metadata_json: "x" is not JSON, which metadata_json needs`},
		"turns in labels":  {strings.Replace(plain, "  id", "  turns: {from: x}\n  id", 1), `recipe.yaml:3:3: annotations.turns: is a key of trajectories, not of annotations`},
		"from nothing":     {"scenarios: {from: trajectories}\n", "recipe.yaml:1:13: scenarios.from: the recipe has no trajectories to make scenarios from; name files"},
		"from elsewhere":   {"scenarios: {from: annotations, columns: {scenario: x}}\n", `recipe.yaml:1:13: scenarios.from: "annotations" is not trajectories`},
		"both":             {"scenarios: {from: trajectories, files: [x]}\n", "recipe.yaml:1:13: scenarios.from: scenarios come from trajectories or from files"},
		"other columns":    {"scenarios: {from: trajectories, columns: {language: split}}\n", `recipe.yaml:1:43: scenarios.columns.language: "split" is not known here: trajectories lend scenario and condition`},
		"a list's column":  {"scenarios: {files: [x], columns: {scenario: x, constraints: y}}\n", "recipe.yaml:1:48: scenarios.columns.constraints: constraints is a list of mappings, each with an id"},
		"entry's column":   {"scenarios: {files: [x], columns: {scenario: x, constraints.main.txt: y}}\n", `recipe.yaml:1:48: scenarios.columns.constraints.main.txt: constraints of scenarios have no column "txt"; did you mean text?; they have id, text, protects, authority, rank, irreversible`},
		"constant's key":   {"scenarios: {files: [x], columns: {scenario: x}, set: {constraints: [{id: a, protect: safety}]}}\n", `recipe.yaml:1:77: scenarios.set.constraints[0].protect: constraints of scenarios have no column "protect"; did you mean protects?`},
		"constant's value": {"scenarios: {files: [x], columns: {scenario: x}, set: {constraints: [{id: a, protects: safty}]}}\n", `recipe.yaml:1:77: scenarios.set.constraints[0].protects: unknown target "safty"; did you mean safety?`},
		"no id":            {"scenarios: {files: [x], columns: {scenario: x}, set: {objectives: [{text: a}]}}\n", `recipe.yaml:1:68: scenarios.set.objectives[0]: has no id; give it one, such as main`},
		"id again":         {"scenarios: {files: [x], columns: {scenario: x}, set: {objectives: [{id: a}, {id: a}]}}\n", `recipe.yaml:1:78: scenarios.set.objectives[1].id: the id "a" is there already`},
		"twice":            {"scenarios: {files: [x], columns: {scenario: x, constraints.a.text: y}, set: {constraints: [{id: a, text: x}]}}\n", `recipe.yaml:1:48: scenarios.columns.constraints.a.text: constraints.a.text is filled already, by scenarios.set.constraints[0].text; keep one of the two`},
		"mappings":         {"scenarios: {files: [x], columns: {scenario: x}, set: {pressures: [{id: a}]}}\n", `recipe.yaml:1:55: scenarios.set.pressures: pressures is not a list of mappings`},
		"rank":             {"scenarios: {files: [x], columns: {scenario: x}, set: {constraints: [{id: a, rank: 0}]}}\n", `"0" is not 1 or more, which rank needs`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := recipe.Load("recipe.yaml", []byte(c.doc))
			require.ErrorContains(t, err, c.want)
		})
	}
}
