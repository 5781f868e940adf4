package check

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// A Format is one way to write findings.
type Format struct {
	Name, Doc string
	write     func(*bufio.Writer, []Finding)
}

// Formats are all formats of Write.
var Formats = []Format{
	{"full", "a line for each finding; what its rule means and the way out, the first time", full},
	{"concise", "one line for each finding: file:row: field: why (CODE)", concise},
	{"json", "one array of objects with all that is known of each finding", jsonArray},
	{"github", "workflow commands of GitHub Actions, which show findings at the files of a pull request", github},
}

// Write writes findings in one of the Formats. Text from the data is shown and never
// acts on a terminal, a parser or a workflow. The error is w's, or names the format
// that is nearest to an unknown one.
func Write(w io.Writer, format string, findings []Finding) error {
	var names []string
	for _, f := range Formats {
		if f.Name == format {
			b := bufio.NewWriter(w)
			f.write(b, findings)
			return b.Flush()
		}
		names = append(names, f.Name)
	}
	hint := "it is one of " + strings.Join(names, ", ")
	if near := schema.Nearest(short(format), names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return fmt.Errorf("unknown format %s; %s", quote(format), hint)
}

func concise(b *bufio.Writer, findings []Finding) {
	for _, f := range findings {
		fmt.Fprintln(b, f)
	}
}

func full(b *bufio.Writer, findings []Finding) {
	told := map[*Rule]bool{}
	for _, f := range findings {
		fmt.Fprintln(b, f)
		if told[f.Rule] {
			continue
		}
		told[f.Rule] = true
		fmt.Fprintf(b, "    %s %s: %s\n", f.Rule.Severity, f.Rule.Name, f.Rule.what())
		for line := range strings.Lines(f.Rule.Fix) {
			fmt.Fprintf(b, "    %s\n", strings.TrimSuffix(line, "\n"))
		}
	}
}

// what is the first line of the rule's Doc.
func (r *Rule) what() string {
	first, _, _ := strings.Cut(r.Doc, "\n")
	return first
}

// fix is the way out on one line.
func (r *Rule) fix() string { return strings.ReplaceAll(r.Fix, "\n", " ") }

func jsonArray(b *bufio.Writer, findings []Finding) {
	b.WriteByte('[')
	for i, f := range findings {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n{")
		text := func(name, value string) { fmt.Fprintf(b, "%s:%s,", plain.JSON(name), plain.JSON(value)) }
		text("path", f.Path)
		text("file", f.Place.File)
		if f.Place.Row > 0 {
			fmt.Fprintf(b, "\"row\":%d,", f.Place.Row)
		}
		if f.Place.Field != "" {
			text("field", f.Place.Field)
		}
		text("code", f.Rule.Code)
		text("rule", f.Rule.Name)
		text("severity", f.Rule.Severity.String())
		text("why", f.Why)
		text("what", f.Rule.what())
		fmt.Fprintf(b, "\"fix\":%s}", plain.JSON(f.Rule.fix()))
	}
	if len(findings) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
}

// github writes `::error file=F,line=N,title=T::message`. In a message, the runner
// decodes %25, %0D and %0A; in a property, %3A and %2C besides.
func github(b *bufio.Writer, findings []Finding) {
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range findings {
		line := ""
		if f.Place.Row > 0 {
			line = ",line=" + strconv.Itoa(f.Place.Row)
		}
		fmt.Fprintf(b, "::%s file=%s%s,title=%s::%s\n", f.Rule.Severity, property.Replace(plain.Terminal(f.Path)), line,
			property.Replace(f.Rule.Code+" "+f.Rule.Name),
			message.Replace(plain.Terminal(f.String())+"\n"+f.Rule.what()+"\n"+f.Rule.Fix))
	}
}
