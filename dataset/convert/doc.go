// Package convert is other people's transcripts: each Format says how files of one
// layout become trajectories, scenarios and, where the source has scores, annotations.
//
// Run finds the format by the files' content, or takes the one that is asked for, and
// writes a dataset, whole or not at all. Input is cut into pieces of some 32 MiB at the
// ends of records; any core may work on a piece, and what becomes of them is put down in
// the order of the input: the same input gives the same bytes, in bounded memory. A run
// that was killed is gone on with by the same call.
//
// What is wrong with the data is data: the record is rejected with its place, the reason
// and its bytes, counted, and reading goes on. Read = written + rejected + skipped.
//
// A format is one file and one line in All. Most are made of JSON values, one a line,
// in an array, alone or inside an object, one after another, or the rows of a Parquet
// file: these only say how to know a value and how to read one. In others the values of
// a file are gathered into conversations. Others cut their files themselves.
//
// A Writer is a layout in which trajectories leave, beside the Format that reads it, so
// that what is lost on the way stands with both.
//
// It imports schema and dataset, and is imported by cmd. It prints nothing.
package convert
