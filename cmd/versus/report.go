package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A report is what a race has seen.
type report struct {
	Machine  machine           `json:"machine"`
	Versions map[string]string `json:"versions"`
	Pairs    int               `json:"pairs"`
	Results  []*result         `json:"results"`
	Gates    []verdict         `json:"gates"`
}

// missed is errMissed if a gate of the column was.
func (r *report) missed(column string, missingOK bool) error {
	var names []string
	for i := range r.Gates {
		v := &r.Gates[i]
		says := v.says()
		switch {
		case column == "":
		case v.Seen == nil && (missingOK && strings.Contains(v.Why, "is missing") || strings.HasPrefix(v.Why, "not seen")):
		case says == "goal", says == "least" && column == "least":
		default:
			names = append(names, v.What+": "+says)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", errMissed, strings.Join(names, "; "))
}

// markdown writes the machine, the costs and the gates.
func (r *report) markdown(out io.Writer) error {
	var b strings.Builder
	m := &r.Machine
	fmt.Fprintf(&b, "%s, %d cores, %s, %s, %s", m.CPU, m.Cores, m.Memory, m.System, m.Go)
	for _, name := range slices.Sorted(maps.Keys(r.Versions)) {
		if v := r.Versions[name]; v != "" {
			fmt.Fprintf(&b, ", %s %s", name, strings.TrimPrefix(v, name+" ")) // some say their name
		}
	}
	fmt.Fprintf(&b, "; load average at the end %s. Whole processes, warm file cache, medians of %d; ratios pair by pair.\n\n", m.Load, r.Pairs)
	b.WriteString("| job | rows | A | wall s | CPU s | peak MiB | B | wall s | CPU s | peak MiB | A ÷ B wall | CPU | peak | load |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, res := range r.Results {
		row := append([]string{res.Job, res.Rows, res.NameA}, res.A.cells()...)
		row = append(row, res.NameB)
		switch {
		case res.B != nil:
			row = append(append(row, res.B.cells()...), res.Ratio.ratios()...)
		case res.Why != "":
			row = append(row, "", "", "", res.Why, "", "")
		default:
			row = append(row, "", "", "", "", "", "")
		}
		row = append(row, res.Load)
		for i := range row {
			row[i] = strings.NewReplacer("|", "\\|", "\n", " ").Replace(row[i])
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	for _, res := range r.Results {
		for _, name := range slices.Sorted(maps.Keys(res.Extra)) {
			fmt.Fprintf(&b, "\n%s at %s: %s %s\n", res.Job, res.Rows, name, short(res.Extra[name]))
		}
	}
	if len(r.Gates) > 0 {
		b.WriteString("\n| gate | goal | least | seen | at | |\n|---|---|---|---|---|---|\n")
		for i := range r.Gates {
			v := &r.Gates[i]
			seen := "–"
			if v.Seen != nil {
				seen = short(*v.Seen) + v.Unit
			}
			fmt.Fprintf(&b, "| %s | ≤ %s%s | ≤ %s%s | %s | %s | %s |\n", v.What, short(v.Goal), v.Unit, short(v.Least), v.Unit, seen, v.At,
				strings.NewReplacer("|", "\\|", "\n", " ").Replace(v.says()))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (c *cost) cells() []string {
	if c.Wall == 0 {
		return []string{"", "", ""}
	}
	return []string{short(c.Wall), short(c.CPU), short(c.Peak)}
}

func (c *cost) ratios() []string {
	if c == nil {
		return []string{"", "", ""}
	}
	return []string{short(c.Wall), short(c.CPU), short(c.Peak)}
}

// short is a number with three significant digits.
func short(v float64) string {
	if v >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
