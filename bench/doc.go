// Package bench says which numbers count and who leads: a Spec, the Score of
// datasets by it, the Board with intervals and simultaneous rank sets.
//
// Score reads every case once, on all cores, into integer counts; everything after
// that is arithmetic on the counts, so the same input gives the same board however it
// was cut. Compare is one metric on two sides of the same scenarios: two systems, or a
// system's baseline and interaction, or its plain and hard paths. Agree says how far
// annotators agree and what a board owes to who judged; an Exam holds judges against
// conversations whose right labels are known. AuditOf asks what would refute the theory.
//
// It imports dataset and metrics and what those import. It prints nothing: report makes
// tables of a Board, a Comparison, an Agreement, an ExamResult, an Audited.
package bench
