// Package report is what people and their tools read: one Table and every way to
// print it.
//
// A verb fills a Table: named, documented, typed columns, rows of cells, the lines
// above and below. A Format of All prints it: text, Markdown and LaTeX for people,
// with few digits, yes and no, headings, and a dash for what is absent; TSV, CSV and
// JSON for programs, with every column but drawings, six significant digits, and
// nothing for what is absent. Text that others wrote passes schema/plain on its way
// to each of them. The same table gives the same bytes, whatever the locale.
//
// Trajectory shows one conversation: a ribbon of control, ten answers, the transcript
// with its labels in the margin. Overview shows what a dataset holds.
//
// It computes no number, opens no file and prints nothing by itself: it writes to
// the io.Writer it is given and returns that writer's error. Parquet is written
// elsewhere from the same Columns and Rows.
//
// bench/publish and cmd may import it.
package report
