package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// sumOf is the hash of a file's bytes.
func sumOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// slots are the integers of a line: those of constraint_integrity.
const slots = 5

// tableOfCounts writes righting's counts of constraint_integrity as every engine has to
// give them: system, scenario, condition, constraint and five integers, tab-separated, in
// the order of the bytes of the four names.
func tableOfCounts(counts, out string) error {
	f, err := os.Open(counts)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.ReuseRecord = '\t', true
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", counts, err)
	}
	var at [7]int
	for i, name := range [...]string{"system", "scenario", "condition", "constraint_id", "slot", "n", "metric"} {
		if at[i] = slices.Index(head, name); at[i] < 0 {
			return fmt.Errorf("%s: has no column %s", counts, name)
		}
	}
	rows := map[[4]string][slots]int64{}
	for {
		rec, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", counts, err)
		}
		if rec[at[6]] != "constraint_integrity" {
			continue
		}
		slot, err := strconv.Atoi(rec[at[4]])
		n, err2 := strconv.ParseInt(rec[at[5]], 10, 64)
		if err := errors.Join(err, err2); err != nil || slot < 0 || slot >= slots {
			return fmt.Errorf("%s: slot %q, n %q: %w", counts, rec[at[4]], rec[at[5]], err)
		}
		var key [4]string
		for i := range key {
			key[i] = strings.Clone(rec[at[i]])
		}
		row := rows[key]
		row[slot] = n
		rows[key] = row
	}
	return writeTable(rows, out)
}

func writeTable(rows map[[4]string][slots]int64, out string) error {
	keys := make([][4]string, 0, len(rows))
	for k := range rows {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [4]string) int { return slices.Compare(a[:], b[:]) })
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, k := range keys {
		n := rows[k]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", strings.Join(k[:], "\t"), n[0], n[1], n[2], n[3], n[4])
	}
	return errors.Join(w.Flush(), f.Close())
}

// sameBoard is nil if the board that a timed run of righting wrote says of every system
// what the table adds up to.
func sameBoard(board, table string) error {
	want := map[string]*[slots]int64{}
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4+slots {
			return fmt.Errorf("%s: %d columns, not %d", table, len(f), 4+slots)
		}
		row := want[f[0]]
		if row == nil {
			row = new([slots]int64)
			want[f[0]] = row
		}
		for i := range row {
			n, err := strconv.ParseInt(f[4+i], 10, 64)
			if err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			row[i] += n
		}
	}
	text, err = os.ReadFile(board)
	if err != nil {
		return err
	}
	var doc struct {
		Scores []struct {
			System, Metric     string
			Slice              map[string]*string
			Value, Worst, Best json.Number
			N, Undecided       int64
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return fmt.Errorf("%s: %w", board, err)
	}
	seen := 0
	for _, s := range doc.Scores {
		if s.Metric != "constraint_integrity" || len(s.Slice) > 0 {
			continue
		}
		seen++
		w := want[s.System]
		if w == nil {
			return fmt.Errorf("%s: system %s is not in the table", board, s.System)
		}
		says := fmt.Sprintf("%s %s %s %d %d", s.Value, s.Worst, s.Best, s.N, s.Undecided)
		is := fmt.Sprintf("%s %s %s %d %d", ratio6(w[0], w[1]), ratio6(w[2], w[4]), ratio6(w[3], w[4]), w[1], w[4]-w[1])
		if says != is {
			return fmt.Errorf("%s: system %s: value, worst, best, n, undecided are %s, the table adds up to %s", board, s.System, says, is)
		}
	}
	if seen != len(want) {
		return fmt.Errorf("%s: %d systems, the table has %d", board, seen, len(want))
	}
	return nil
}

// ratio6 is a ratio with six significant digits.
func ratio6(y, n int64) string { return strconv.FormatFloat(float64(y)/float64(n), 'g', 6, 64) }
