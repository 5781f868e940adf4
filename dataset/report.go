package dataset

import (
	"slices"

	"github.com/righting-bench/righting/schema"
)

// A Tally is what became of what was read: Read = Written + Missing + Rejected +
// Skipped.
type Tally struct {
	Read int
	// Written made a row of ours, or a part of one; Missing says that there is nothing to
	// take; Rejected is wrong; Skipped is no data.
	Written, Missing, Rejected, Skipped int

	Rejects []Reject // the first ones, of long ones the beginning; Rejecting.Reject sees all
	Notices []string // what a reader should know
}

// A Reject is a record, or a part of one, that gave no row, and why.
type Reject struct {
	schema.RowError
	Units  int    // how many of the units that are counted it stands for
	Offset int64  // of the record's first byte in the file, after decompression
	Raw    []byte // the record as it stands, cut if it is longer than can be read
}

// Rejecting says what is done with rejects. The zero value keeps the first 100.
type Rejecting struct {
	Keep   int                // rejects in the tally; 0 = 100, below 0 = none
	Reject func(Reject) error // sees every one as it happens; an error ends the reading
}

// Bounds of what is held in memory: rejects, and bytes of one.
const (
	defaultKeep = 100
	keptRaw     = 4 << 10
)

// Reject counts one and passes it on.
func (t *Tally) Reject(o Rejecting, e Reject) error {
	t.Rejected += e.Units
	keep := o.Keep
	if keep == 0 {
		keep = defaultKeep
	}
	if len(t.Rejects) < keep {
		short := e
		if len(short.Raw) > keptRaw {
			short.Raw = slices.Clone(short.Raw[:keptRaw])
		}
		t.Rejects = append(t.Rejects, short)
	}
	if o.Reject == nil {
		return nil
	}
	return o.Reject(e)
}
