package publish

import (
	"strings"

	"github.com/righting-bench/righting/schema/plain"
)

// prose is Markdown that renders as the paragraphs of an answer and nothing else: no
// markup, link, image or HTML, whoever wrote it.
func prose(answer string) string {
	var paragraphs []string
	for part := range strings.SplitSeq(strings.ReplaceAll(answer, "\r\n", "\n"), "\n\n") {
		var lines []string
		for line := range strings.SplitSeq(part, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, words(line))
			}
		}
		if len(lines) > 0 {
			paragraphs = append(paragraphs, strings.Join(lines, "  \n"))
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// words is one line of prose: only the words that could come alive are code.
func words(line string) string {
	whole := plain.Markdown(line)
	if !strings.HasPrefix(whole, "`") {
		return whole
	}
	parts := strings.Fields(line)
	for i, w := range parts {
		parts[i] = plain.Markdown(w)
	}
	return strings.Join(parts, " ")
}

// listed is a Markdown list of an answer's lines.
func listed(answer string) string {
	var b strings.Builder
	for _, line := range answerLines(answer) {
		b.WriteString("- " + words(line) + "\n")
	}
	return b.String()
}

// answerLines are the lines of an answer that say something.
func answerLines(answer string) (lines []string) {
	for line := range strings.SplitSeq(answer, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// fenced is text in a code block that nothing in it can end.
func fenced(language, text string) string {
	var lines []string
	fence := "```"
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		line = plain.Terminal(strings.ReplaceAll(line, "\t", "  "))
		for strings.Contains(line, fence) {
			fence += "`"
		}
		lines = append(lines, line)
	}
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n"
}
