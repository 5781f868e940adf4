// Package check says what can be wrong with a dataset: one file per rule, a line in
// All, an archive in testdata that holds a bad side, what the rule says to it, and a
// good side.
//
// Run shows the rows of a dataset to rules, each table once, and hands on a Finding
// for everything a rule reports. Findings are data: an error means that the job could
// not be done. Select chooses rules, Write writes findings, Find and Explain answer what
// a code means.
//
// Codes are a letter and three digits, never reused: A is annotations, T is trajectories
// and their turns, S is scenarios, D is the dataset as a whole and its manifest. A rule
// keeps what it remembers in the Visitor of one run; an Index of trajectories and the
// Cases are gathered once for all that ask. A rule changes no row and repairs nothing.
//
// Annotations come in blocks, read by column; a rule may Skip a block by what its
// dictionaries hold. Where annotations are Grouped, as righting writes them, no rule
// keeps more of them than the case it is at; where they are not, memory grows with their
// trajectories and cases (some 200 bytes each, and 20 a row of a case), and for
// duplicate-key with the rows. It always grows with the table of trajectories, by some
// 300 bytes each without their text. What is found is the same, and so are its bytes.
//
// The package imports schema, schema/reading, schema/plain and dataset. It never meets
// recipe, convert or annotate; bench and cmd may import it.
package check
