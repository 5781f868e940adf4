// Package recipe is the declarative language: files of any layout to rows of ours,
// without code. Load reads a recipe, Named one for a published dataset; Recipe.Read makes
// transcripts, scenarios and judgements of the CSV, TSV, JSON, JSONL and Parquet files
// that it takes, those of text also with .gz or .zst.
//
// A recipe is YAML: `dataset` is what goes into dataset.yaml; `trajectories`, `scenarios`
// and `annotations` say how files become rows, each once or as a list, for files of
// several layouts. To write one, name the files, say where each of our columns comes from,
// run it, and put what the errors ask for. See the Examples; Language lists every key.
//
// What a recipe names is {row}, the number of the data row; another column of ours; a
// named group of a regexp; or else a column of the source. A group with the name of a
// column of ours fills it, a source column never does so by itself. The keys of a JSON
// object inside another are joined by dots; columns of ours that end in _json take
// objects and lists whole. Texts stay as they are written. Words that a vocabulary has as
// aliases are written as its own.
//
// Turns lie in a list in each record (turns.from), in columns side by side
// (turns.unpivot), or in records of their own (turns.group). They are numbered from 0 as
// they come, or in an order that is named; assistant turns and exchanges are counted.
// Judgements are joined to the transcripts by trajectory_id, take over what these say, and
// are placed in them.
//
// A recipe that does not fit is an error with its place, and nothing of what was read
// counts: an unknown key, a source column that no key names, a column of ours that
// nothing fills. What is wrong with the data is data: the record or cell is rejected
// with its place and the reason, counted, and reading goes on. A transcript with a turn
// that cannot be taken is rejected whole.
//
// Every table goes the same way: a source yields records, which may be pivoted or
// grouped; a plan binds names to cells; a row is filled from a record, or from each of
// its cells; a turn is such a row inside another.
//
// Open gives the records of a file as they are, and Judge takes those that a caller made:
// annotate reads other people's tables so, with the same readers and the same errors.
//
// It imports schema and dataset, and is imported by dataset's other subfolders and cmd.
package recipe
