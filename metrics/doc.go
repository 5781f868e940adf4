// Package metrics says how much: each metric is integer counts per scenario and one
// formula over weighted scenarios.
//
// A Table counts readings for many metrics at once and adds up in any order. A Shape
// says what the counts of a metric mean and so which interval it deserves. All lists
// the families; Parse makes metrics of their names: held_turns@5, measure_share@3[severity].
//
// It sees readings, never files. It imports schema, schema/reading and metrics/stat;
// bench decides which numbers count, and for whom.
package metrics
