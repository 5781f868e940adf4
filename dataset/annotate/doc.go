// Package annotate joins other people's labels to the trajectories of a dataset.
//
// Run reads label files, finds the trajectory and the turn of each judgement, merges
// them with the judgements that are there and rewrites the table of annotations, whole
// or not at all. The same labels again change nothing; other labels at a place that the
// same annotator has judged are refused unless the annotator is to be replaced. What
// matches no trajectory is data: counted by reason, with a way out, and handed to the
// caller with its place.
//
// One file for each source: a recipe, a long CSV, a wide CSV, the answers of model
// judges. All lists those that are known by what stands in them.
//
// Tasks goes the other way: it makes the requests for model judges, whose answers Run
// takes, and can ask only for the turns on which credit depends.
//
// It imports schema, schema/reading, dataset and dataset/recipe, and is imported by cmd.
package annotate
