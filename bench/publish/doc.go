// Package publish makes the folder that leaves the house, and holds such folders to
// what they say: Init writes the questions that a publisher has to answer, Pack makes of
// a dataset a folder ready to upload, Verify recomputes it from its own tables, Diff says
// what became of it between two versions.
//
// A packed folder is a dataset: dataset.yaml and the stored tables are its sources,
// everything else in it (derived tables, leaderboard, card, Croissant, schemas, views,
// notebook) is made of them by one function that Pack and Verify share. So a number that
// somebody edits is found, even where the sums were edited along. Nothing is invented: an
// answer that the publisher leaves empty stays empty, and is listed.
//
// Text from the data and from dataset.yaml is hostile in Markdown, YAML, HTML, SQL, CSV
// and notebooks: it passes schema/plain or bench/report on its way to each.
//
// It imports bench/report and what that imports, and dataset/check. It starts no
// goroutine, prints nothing and asks no network; cmd may import it.
package publish
