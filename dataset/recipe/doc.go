// Package recipe is the declarative language: any table of labels to rows of ours,
// without code. Load reads a recipe, Named one for a published dataset, and
// Recipe.Annotations makes rows of the CSV, TSV and JSONL files that it takes, also
// with .gz.
//
// A recipe is YAML: `dataset` is what goes into dataset.yaml, `annotations` says how
// files become annotations; it may be a list, for files of several layouts. To write
// one, name the files, say where each of our columns comes from, run it, and put what
// the errors ask for. See the Example. The keys of a section:
//
//	files         globs below the input folder, "!" excludes
//	path          regexp on a file's path; its groups are sources
//	id            template of trajectory_id: "{scenario}/{system}"
//	columns       ours: theirs, or {from, map, split, missing, add}; from is a name or a
//	              template, map turns texts into ours, split makes a list, add: 1 turns
//	              numbers from 0 into numbers from 1
//	set           ours: constant
//	unpivot       wide tables: {columns: regexp, to: ours, map, split, missing, add} makes a
//	              row of each cell under the columns that match; groups are sources
//	pivot         long tables: {by: [theirs], field, value} makes one record of those that
//	              agree in `by`; the texts under `field` become columns
//	pass          {order_by, within: []}: numbers repeated judgements of the same place
//	missing       texts that mean: no judgement; they write no row
//	skip_rows     {theirs: [texts]}: records that are no data, such as sums
//	skip_columns  columns that are no data
//	ignore        columns and JSON objects that are not taken over
//	separator     between cells, where the header does not show it
//
// A name in braces is {row}, the number of the data row; another column of ours; a
// group; or else a column of the source. A group with the name of a column of ours
// fills it, a source column never does so by itself. The keys of a JSON object inside
// another are joined by dots. Texts stay as they are written. Words that a vocabulary
// has as aliases are written as its own.
//
// A recipe that does not fit is an error with its place, and nothing of what was read
// counts: an unknown key, a source column that no key names, a column of ours that
// nothing fills. What is wrong with the data is data: the record or cell is rejected
// with its place and the reason, counted, and reading goes on.
//
// Every table goes the same way: a source yields records, which may be pivoted; a plan
// binds names to cells; a row is filled from a record, or from each of its cells.
//
// It imports schema and dataset, and is imported by dataset's other subfolders and cmd.
package recipe
