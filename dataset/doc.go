// Package dataset is where trajectories live: a folder with dataset.yaml and Parquet
// files of scenarios, trajectories and annotations.
//
// Create writes one, whole or not at all; Open reads one; Rows yields a table's rows,
// Blocks many of them at once; Cases fills reading.Cases from the label columns that a
// score needs, on all cores, without touching text. Only this package knows Parquet; it
// guards every file that it opens.
//
// It imports schema, schema/reading and schema/plain. It knows no metric, prints nothing and reads
// no environment. Its subfolders bring data in (recipe, convert, annotate) and say
// what can be wrong with it (check).
package dataset
