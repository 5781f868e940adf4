package metrics

import "github.com/righting-bench/righting/schema/reading"

// decide counts a question that has an answer in the slots of question: yes, decided,
// certainly yes, possibly yes. All is the caller's.
func decide(n []int64, yes bool) {
	n[1]++
	if yes {
		n[0]++
		n[2]++
		n[3]++
	}
}

// ask is decide for a question about the outcome, where the gaps may leave it open.
func ask(r *reading.Reading, set reading.Outcomes, n []int64) {
	if yes, known := r.In(set); known {
		decide(n, yes)
	} else {
		n[3]++
	}
}

// unknown is the units of the sequence whose control is not known.
func unknown(r *reading.Reading) reading.Units {
	return r.Sequence.AndNot(r.G).AndNot(r.C).AndNot(r.N)
}
