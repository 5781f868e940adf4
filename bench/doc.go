// Package bench says which numbers count and who leads: a Spec, the Score of
// datasets by it, the Board with intervals and simultaneous rank sets.
//
// Score reads every case once, on all cores, into integer counts; everything after
// that is arithmetic on the counts, so the same input gives the same board however it
// was cut. Agree says how far annotators agree and what a board owes to who judged; an
// Exam holds judges against conversations whose right labels are known.
//
// It imports dataset and metrics and what those import. It prints nothing: report makes
// tables of a Board, an Agreement, an ExamResult.
package bench
