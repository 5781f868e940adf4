// Package check says what can be wrong with a dataset: one file per rule, a line in
// All, an archive in testdata that holds a bad side, what the rule says to it, and a
// good side.
//
// Run shows the rows of a dataset to rules, each table once, and hands on a Finding
// for everything a rule reports. Findings are data: an error means that the job could
// not be done. Find and Explain answer what a code means.
//
// Codes are a letter and three digits, never reused: A is annotations, whose first six
// rules protect scoring, T is trajectories and their turns, S is scenarios, M is the
// manifest. A rule keeps what it remembers in the Visitor of one run. It changes no row
// and repairs nothing.
//
// The package imports schema, schema/reading, schema/plain and dataset. It never meets
// recipe, convert or annotate; bench and cmd may import it.
package check
