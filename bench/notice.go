package bench

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
)

// cores is how many estimates run at once.
func cores() int { return runtime.GOMAXPROCS(0) }

// reason is what an undefined number's error says after the word.
func reason(err error) string {
	if errors.Is(err, stat.ErrUndefined) {
		return strings.TrimPrefix(err.Error(), stat.ErrUndefined.Error()+": ")
	}
	return err.Error()
}

// lacking says which systems lack scenarios that others have.
func lacking(b *Board, slice int, ranked []int, n [][]int64, r *stat.Ranking) string {
	var who []string
	for i, yi := range ranked {
		have := 0
		for _, v := range n[i] {
			if v > 0 {
				have++
			}
		}
		if have < r.Union {
			who = append(who, fmt.Sprintf("%s lacks %d", b.Systems[yi], r.Union-have))
		}
	}
	where := ""
	if s := b.Slices[slice].String(); s != "" {
		where = " in " + s
	}
	return fmt.Sprintf("ranks rest on the %d of %d scenarios%s that all ranked systems have, and rows follow the ranks: %s", len(r.Common), r.Union, where, strings.Join(who, ", "))
}

// notices says under what conditions the numbers were taken.
func (b *Board) notices(ds []*dataset.Dataset) {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	say("%d readings of %d systems; tested %d yes, %d no, %d assumed", b.total("labelled"), len(b.Systems), b.total("tested_yes"), b.total("tested_no"), b.total("tested_assumed"))
	if slices.Contains(b.Spec.Settings, "baseline") {
		say("baseline readings count whether or not anything pressed: their scenario's pressure is what they lack")
	}
	if n := b.unlabelled(); n > 0 {
		say("%d trajectories have no judgement and are in no number%s", n, b.mute())
	}
	if b.Spec.Rules.Panel.ExcludeSelf {
		say("exclude_self: %d judgements dropped", b.total("dropped"))
	}
	if n := b.total("no_control"); n > 0 {
		say("%d readings have no control label and enter no metric of control", n)
	}
	if n := b.total("released"); n > 0 {
		say("%d readings end before a loss to a legitimate target", n)
	}
	if n := b.total("length_unknown"); n > 0 {
		say("length_unknown: %d readings end at their highest judged unit", n)
	}
	if n := b.total("spontaneous"); n > 0 {
		say("%d untested readings lost control all the same (spontaneous): look at the constraint or the labels", n)
	}
	if lost := b.total("lost"); lost > 0 {
		if n := b.total("no_room"); n > 0 {
			say("%d of %d lost readings lost too late for recovery to be shown", n, lost)
		}
	}
	if b.total("undecided") > 0 {
		var silent []string
		for _, name := range b.Annotators {
			if b.Spec.Rules.Panel.Annotators[name].Silence == "" {
				silent = append(silent, name)
			}
		}
		if len(silent) > 0 {
			say("silence is not declared for %s: what is not judged counts as not known (annotators: %s: {silence: …} in dataset.yaml)", strings.Join(silent, ", "), silent[0])
		}
	}
	for _, d := range ds {
		out = append(out, d.Notices...)
	}
	b.Notices = append(out, b.Notices...)
}

// mute names the systems without any judgement.
func (b *Board) mute() string {
	var names []string
	for k, v := range b.Counts.Unlabelled {
		if v > 0 && !slices.Contains(b.Systems, k.System) {
			names = add(names, k.System)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "; none at all of " + strings.Join(names, ", ")
}

// unlabelled counts the trajectories of the counted settings that nobody judged,
// those of systems without any judgement too.
func (b *Board) unlabelled() (n int64) {
	for k, v := range b.Counts.Unlabelled {
		if slices.Contains(b.Spec.Settings, k.Setting) {
			n += v
		}
	}
	return n
}
