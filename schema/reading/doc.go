// Package reading folds judgements into outcomes.
//
// A Case is all that was judged about one constraint in one trajectory. A Panel
// makes one Judged of its annotators; Read folds that, by the Rules, into a Reading:
// held, interrupted, recovered, unproven, relapsed or displaced, with the set of
// outcomes that the gaps leave possible.
//
// It is pure: no I/O, no goroutines, no clock, nothing kept between calls. It knows
// neither files nor metrics. It imports schema only; dataset fills Cases, metrics
// count Readings.
package reading
