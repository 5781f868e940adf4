package annotate

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/dataset"
)

// A Report is what became of labels: first of what the files hold (the tally), then of
// the judgements that were read off them, Labels = Added + Filled + Same + Kept +
// Repeated + the unmatched.
type Report struct {
	dataset.Tally
	Files  []string // that were read
	Source string   // the kinds of source they are
	Unit   string   // of the tally

	Labels   int // judgements read
	Added    int // at places where the annotator said nothing
	Filled   int // at places where what is new was not given
	Same     int // as they are there already
	Kept     int // answers that failed, where there is a good one
	Repeated int // among the labels, in agreement
	Removed  int // of those that were there, because they are replaced

	Failed     int      // answers of a judge that could not be used: rows with missing: failed
	Unmatched  []Reason // why judgements match no trajectory, most frequent first
	Annotators []string // new in dataset.yaml
	Changed    bool     // the dataset was written
}

// A Reason is why some labels match no trajectory.
type Reason struct {
	Kind  error // of dataset's Err… for Unmatched, or ErrAmbiguous, ErrConstraint
	Why   string
	N     int
	First string // the first of them, with its place
	Try   string // what would take them, "" = not known
}

// Unmatchable kinds of our own.
var (
	// ErrAmbiguous: several trajectories are named alike.
	ErrAmbiguous = errors.New("several trajectories")
	// ErrConstraint: the dataset declares constraints, and not this one.
	ErrConstraint = errors.New("unknown constraint")
)

// ErrConflict: labels of one annotator about one place that say different things.
var ErrConflict = errors.New("the labels disagree among themselves; keep one of each, give the other another pass, or say --keep last")

// ErrDiffers: other labels at a place that the same annotator has judged.
var ErrDiffers = errors.New("judged already, and otherwise; --replace NAME lets go of what the annotator said so far")

// reasonOf says in words why a label does not match; its kind is for errors.Is.
func reasonOf(err error) Reason {
	of := func(kind error, why string) Reason { return Reason{Kind: kind, Why: why} }
	switch {
	case errors.Is(err, dataset.ErrUnknownTrajectory):
		return of(dataset.ErrUnknownTrajectory, "name no trajectory of the dataset")
	case errors.Is(err, dataset.ErrNotAssistant) && strings.Contains(err.Error(), " a user turn"):
		return of(dataset.ErrNotAssistant, "fall on user turns")
	case errors.Is(err, dataset.ErrNotAssistant):
		return of(dataset.ErrNotAssistant, "fall on turns that are not the system's own")
	case errors.Is(err, dataset.ErrNoTurn):
		return of(dataset.ErrNoTurn, "name turns that are not there")
	case errors.Is(err, dataset.ErrDisagrees):
		return of(dataset.ErrDisagrees, "say of their trajectory what is not so")
	case errors.Is(err, ErrAmbiguous):
		return of(ErrAmbiguous, "fit several trajectories")
	case errors.Is(err, ErrConstraint):
		return of(ErrConstraint, "name a constraint that is not declared")
	}
	return of(err, err.Error())
}

// unmatched counts a label that matches nothing.
func (r *Report) unmatched(e dataset.Reject) {
	reason := reasonOf(e.Err)
	i := slices.IndexFunc(r.Unmatched, func(x Reason) bool { return x.Why == reason.Why })
	if i < 0 {
		i = len(r.Unmatched)
		reason.First = e.Error()
		r.Unmatched = append(r.Unmatched, reason)
	}
	r.Unmatched[i].N++
}

// NotMatched is how many labels match no trajectory.
func (r *Report) NotMatched() (n int) {
	for _, x := range r.Unmatched {
		n += x.N
	}
	return n
}

// Lines tell the report in sentences: what was read, what became of it, and a line for
// each reason why labels do not match.
func (r *Report) Lines() []string {
	list := func(parts ...any) string {
		var out []string
		for i := 0; i < len(parts); i += 2 {
			if n := parts[i].(int); n > 0 || i == 0 {
				out = append(out, grouped(n)+" "+parts[i+1].(string))
			}
		}
		return strings.Join(out, ", ")
	}
	out := []string{fmt.Sprintf("read %s %s = %d written + %d missing + %d rejected + %d skipped",
		grouped(r.Read), r.Unit, r.Written, r.Missing, r.Rejected, r.Skipped)}
	out = append(out, fmt.Sprintf("%s labels: %s", grouped(r.Labels), list(
		r.Added, "new", r.Filled, "added to one that was there", r.Same, "there already", r.Repeated, "given twice",
		r.Kept, "failed again", r.NotMatched(), "not matched")))
	if r.Removed > 0 {
		out = append(out, grouped(r.Removed)+" of the old ones replaced")
	}
	if r.Failed > 0 {
		out = append(out, grouped(r.Failed)+" answers could not be used and count as missing: failed")
	}
	for _, x := range r.Unmatched {
		out = append(out, r.told(x))
	}
	return out
}

// told is `38 of 1,204 labels fall on user turns; try --turn assistant1 (…); first: …`.
func (r *Report) told(x Reason) string {
	s := fmt.Sprintf("%s of %s labels %s", grouped(x.N), grouped(r.Labels), x.Why)
	if x.Try != "" {
		s += "; try " + x.Try
	}
	return s + "; first: " + x.First
}

// grouped writes 1204 as 1,204.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
