package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

func (s *shower) transcript() {
	unit := -1
	for k := range s.v.Trajectory.Turns {
		turn := &s.v.Trajectory.Turns[k]
		s.line()
		at := -1
		head := fmt.Sprintf("[%d] ", turn.Index)
		if _, ok := schema.Roles.Code(turn.Role); ok {
			head += turn.Role
		} else {
			head += plain.JSON(turn.Role)
		}
		switch prefilled := turn.Prefilled != nil && *turn.Prefilled; {
		case prefilled:
			head += ", prefilled: not scored"
		case turn.Role == "assistant":
			unit++
			at = unit
			head += fmt.Sprintf(", turn %d", unit+1)
		}
		if turn.Name != nil { // in quotes: it cannot pass for words of ours
			head += ", name " + plain.JSON(*turn.Name)
		}
		if turn.ToolCallID != nil {
			head += ", answers " + plain.JSON(*turn.ToolCallID)
		}
		s.line(head)
		if at >= 0 {
			s.marks("", at)
		}
		said := false
		say := func(title, text string, limit int) {
			if text == "" {
				return
			}
			if title != "" {
				s.line("  ", title, ":")
			}
			s.text(s.glyphs(at), text, limit)
			said = true
		}
		if turn.Reasoning != nil {
			say("reasoning", *turn.Reasoning, asideMax)
		}
		title := ""
		if said {
			title = "text"
		}
		say(title, turn.Text, textMax)
		if turn.ToolCallsJSON != nil {
			say("tool calls", *turn.ToolCallsJSON, asideMax)
		}
		if !said {
			s.line("  (no text)")
		}
	}
	for _, t := range s.tellers {
		if t.c.T > unit+1 {
			s.line()
			s.line(fmt.Sprintf("the transcript has %s of the system, constraint %s was read on %d", count(unit+1, "turn"), t.c.Constraint, t.c.T))
		}
	}
}

// text prints what others wrote behind a bar, │ for a line of theirs and ┆ where it
// goes on, and says how much it leaves out. The mark has no bar: it is ours.
func (s *shower) text(glyphs, text string, limit int) {
	bar, on := "│ ", "┆ "
	if s.o.ASCII {
		bar, on = "| ", ": "
	}
	left := 0
	if !s.o.Full {
		text, left = head(text, limit)
	}
	for l := range strings.SplitSeq(text, "\n") {
		mark := bar
		for _, part := range s.wrap(plain.Terminal(l), plain.Width(glyphs)+2) {
			s.b.WriteString(strings.TrimRight(glyphs+mark+part, " ") + "\n")
			mark = on
		}
	}
	if left > 0 && s.o.ASCII {
		s.line("  ... (", thousands(left), " more characters, --full)")
	} else if left > 0 {
		s.line("  … (", thousands(left), " more characters, --full)")
	}
}

// head is the first characters of a text, at most limit and linesMax lines of them,
// and how many more there are.
func head(text string, limit int) (string, int) {
	n, lines := 0, 0
	for i, r := range text {
		if r == '\n' {
			lines++
		}
		if n == limit || lines == linesMax {
			left := utf8.RuneCountInString(text[i:])
			if left < cutLeast && strings.Count(text[i:], "\n") < 2 {
				return text, 0
			}
			return text[:i], left
		}
		n++
	}
	return text, 0
}

// wrap is one line of printable text in lines that fit beside a margin, at least one.
// It breaks after a blank, which stays at the end of its line, else between
// characters, never inside an escape.
func (s *shower) wrap(text string, margin int) []string {
	columns := max(columnMin, s.o.Width-margin)
	if s.o.Width <= 0 || plain.Width(text) <= columns {
		return []string{text}
	}
	var out []string
	from, blank, used, afterBlank := 0, 0, 0, 0 // blank: where the line may break; afterBlank: columns from there
	for i := 0; i < len(text); {
		n := character(text[i:])
		w := plain.Width(text[i : i+n])
		if used+w > columns && i > from && text[i] != ' ' {
			at := i
			if blank > from {
				at, used = blank, afterBlank
			} else {
				used = 0
			}
			out = append(out, text[from:at])
			from, blank = at, at
			afterBlank = used
		}
		used += w
		afterBlank += w
		i += n
		if text[i-1] == ' ' {
			blank, afterBlank = i, 0
		}
	}
	return append(out, text[from:])
}

// character is the bytes of the first character of printable text: an escape, or a
// rune with the marks on it.
func character(s string) int {
	for _, e := range [...]struct {
		start  string
		digits int
	}{{`\x`, 2}, {`\u`, 4}, {`\U`, 8}} {
		if n := 2 + e.digits; strings.HasPrefix(s, e.start) && len(s) >= n && strings.Trim(s[2:n], "0123456789abcdef") == "" {
			return n
		}
	}
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		_, more := utf8.DecodeRuneInString(s[n:])
		if plain.Width(s[n:n+more]) > 0 {
			break
		}
		n += more
	}
	return n
}
