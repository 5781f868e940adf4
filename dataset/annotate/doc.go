// Package annotate joins other people's labels to the trajectories of a dataset.
//
// Run reads label files, finds the trajectory and the turn of each judgement, merges
// them with the judgements that are there and rewrites the table of annotations, whole
// or not at all. The same labels again change nothing; other labels at a place that the
// same annotator has judged are refused unless the annotator is to be replaced. What
// matches no trajectory is data: counted by reason, with a way out, and handed to the
// caller with its place.
//
// One file for each source; All lists them. A source says what its answers are, in a
// table of who said what of which trajectory and turn (replies); a table is read by
// recipes that are made of its header, so that a source's faults are told, counted and
// placed as any table's are. A recipe over a source's table (Options.From) gives other
// people's questions and words our names. What spreadsheets do to a table is taken off
// again where that is certain, and told.
//
// Tasks goes the other way: it makes the requests for model judges, whose answers Run
// takes, and can ask only for the turns on which credit depends; PeopleTasks and
// LabelConfig make those for people in Label Studio. WriteLong writes the long CSV.
//
// It imports schema, schema/reading, dataset and dataset/recipe, and is imported by cmd.
package annotate
