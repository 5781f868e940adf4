// Package schema says what a trajectory is: the tables as Go structs, the
// vocabularies their labels are taken from, places in input files, the version.
//
// One row of Scenario is what was designed, one Trajectory is one conversation of
// one system on one scenario, one Annotation is one judgement by one annotator
// about one constraint at one place. Reading, Count and Score are derived tables:
// what notebooks load and what travels between machines.
//
// The struct tags are the specification: `parquet` names a column and its physical
// shape, `doc` says what it means, `enum` names the vocabulary its values come
// from. Columns lists them; the codebook, cards and findings quote them.
//
// It does no I/O, knows no metric and imports the standard library only. Every
// other package may import it.
package schema
