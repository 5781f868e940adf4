// Package plain makes hostile text visible: transcripts, names and labels were
// written by others, and showing them must never act on the terminal, the page or
// the spreadsheet that shows them.
//
// Terminal is the base: one line of printable runes, everything else as an escape
// such as \x1b or \u202e. Line and Excerpt cut it, with a mark, by columns and by
// bytes; Width counts its columns. Markdown and LaTeX show that same line and
// nothing but it. These are for eyes: two different strings may look the same.
//
// CSV, YAML and JSON are for machines, which read back exactly what was written.
//
// Every function takes any string, of any length and not necessarily UTF-8, and
// never fails. What is numeric is not its business: whoever formats a number knows
// that "-0.5" needs no care.
//
// It knows nothing of trajectories and imports the standard library only. Every
// other package may import it.
package plain
