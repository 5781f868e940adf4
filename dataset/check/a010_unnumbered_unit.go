package check

import "github.com/righting-bench/righting/schema"

var unnumberedUnit = &Rule{
	Code: "A010", Name: "unnumbered-unit", Severity: Error,
	Doc: `a judgement names a turn, but not the unit that is scored

Scoring never looks at transcripts: it reads assistant_turn, or exchange where the rules
say unit: exchange. A row that has neither and is not about the whole cannot be scored,
and score refuses the dataset. Only the first row of each annotator is named.`,
	Fix: `Join the labels to their trajectories with righting annotate, which numbers them.`,
	Start: func(d *Data) Visitor {
		told := map[string]bool{}
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			n, _ := unit(a, &d.Manifest.Rules)
			if n != nil || a.Whole() || told[a.Annotator] {
				return
			}
			told[a.Annotator] = true
			lacks, has, is := "assistant_turn", "turn", a.Turn
			if d.Manifest.Rules.Unit == "exchange" {
				lacks = "exchange"
			}
			switch {
			case is != nil:
			case a.Exchange != nil:
				has, is = "exchange", a.Exchange
			default:
				has, is = "assistant_turn", a.AssistantTurn
			}
			at.Report(lacks, "null where %s is %d, so it is not known which unit %s judged", has, *is, quote(a.Annotator))
		}}
	},
}
