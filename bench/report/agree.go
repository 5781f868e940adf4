package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
)

// AgreeTables is what `agree` prints: agreement question by question, elements of lists,
// annotators, the matrix of pairs, pairs, repeats, kinds, versions, self-judging, flips,
// ranges over judges, boards, tau. What there is nothing of is left out; Notes of the last
// table say why.
//
// For people rows and numbers that need no look are left out: elements, all but the
// headline question's annotators, pairs and boards, Gwet's where no class prevails.
func AgreeTables(a *bench.Agreement, people bool) []*Table {
	head := headline(a)
	agreement := agreedTable("agreement", a.Questions, people, func(q *bench.Agreed) bool { return q.Group != bench.ElementQuestion })
	agreement.Caption = append([]string{agreeCaption(a)}, a.Notices...)
	list := []*Table{agreement}
	if people {
		agreement.Notes = append(agreement.Notes, pooled(a)...)
	} else {
		list = append(list, agreedTable("elements", a.Questions, people, func(q *bench.Agreed) bool { return q.Group == bench.ElementQuestion }))
	}
	list = append(list, annotatorAnswers(a, head, people), matrix(a, head))
	if !people {
		list = append(list, pairTable("pairs", a.Pairs))
	}
	repeats := agreedTable("repeats", a.Repeats, people, func(q *bench.Agreed) bool {
		return !people || q.Group != bench.ElementQuestion && (q.Of == "" || is(q.Group, q.Question, head))
	})
	repeats.Caption = []string{"the same annotator twice: pass 0 against pass 1"}
	kinds := agreedTable("kinds", a.Kinds, people, func(q *bench.Agreed) bool {
		return !people || q.Group != bench.ElementQuestion && sitting(a) > 2 // of two it is the first table again
	})
	kinds.Caption = []string{"the panel of people against the panel of models"}
	list = append(list, repeats, kinds, versionTable(a, people), selfTable(a, people), selfMeasures(a, people), flipTable(a))
	if b := a.Boards; b != nil {
		list = append(list, rangeTable(b))
		if !people {
			list = append(list, boardTable(b))
		}
		list = append(list, tauTable(b, people))
	}
	var out []*Table
	for _, t := range list {
		if len(t.Rows) > 0 || t == agreement {
			if people {
				t.drop()
			}
			out = append(out, t)
		}
	}
	last := out[len(out)-1]
	last.Notes = append(last.Notes, lacking(a)...)
	return out
}

// drop leaves out columns in which nothing stands.
func (t *Table) drop() {
	for c := len(t.Columns) - 1; c >= 0; c-- {
		if slices.ContainsFunc(t.Rows, func(row []any) bool { return row[c] != nil }) {
			continue
		}
		t.Columns = slices.Delete(t.Columns, c, c+1)
		for i := range t.Rows {
			t.Rows[i] = slices.Delete(t.Rows[i], c, c+1)
		}
	}
}

// sitting is how many annotators sit on the panel.
func sitting(a *bench.Agreement) (n int) {
	for _, w := range a.Annotators {
		if w.Sits {
			n++
		}
	}
	return n
}

// pooled says which questions are lists.
func pooled(a *bench.Agreement) []string {
	var lists []string
	for i := range a.Questions {
		if list, _, of := strings.Cut(a.Questions[i].Question, "["); of && a.Questions[i].Group == bench.ElementQuestion && !slices.Contains(lists, list) {
			lists = append(lists, list)
		}
	}
	if lists == nil {
		return nil
	}
	return []string{"lists, their elements pooled (units times elements; one by one with --table elements): " + strings.Join(lists, ", ")}
}

// lacking says why parts are not there.
func lacking(a *bench.Agreement) (out []string) {
	for _, part := range []struct{ what, why string }{
		{"the same annotator twice", a.NoRepeats},
		{"people against models", a.NoKinds},
		{"judge versions", a.NoVersions},
		{"self-judging", a.NoSelf},
		{"boards by judge", a.NoBoards},
	} {
		if part.why != "" {
			out = append(out, part.what+": "+part.why)
		}
	}
	if a.NoKinds == "" && sitting(a) <= 2 {
		out = append(out, "people against models: one person and one model, the first table compares them")
	}
	if len(a.NotGiven) > 0 {
		out = append(out, "nobody gave: "+strings.Join(a.NotGiven, ", "))
	}
	return out
}

func agreeCaption(a *bench.Agreement) string {
	var sits []string
	for _, w := range a.Annotators {
		if w.Sits {
			sits = append(sits, w.Name)
		}
	}
	return fmt.Sprintf("agreement of %d annotators (%s), settings %s, rules %s: alpha by Krippendorff, intervals over scenarios",
		len(sits), strings.Join(sits, ", "), strings.Join(a.Spec.Settings, " and "), short(a.Digest))
}

// A named question.
type asked struct {
	group bench.QuestionGroup
	name  string
}

func is(g bench.QuestionGroup, name string, q asked) bool { return q == asked{g, name} }

// headline is the question on which annotators are compared where only one fits: control
// as given, else as taken from a measure, else the first.
func headline(a *bench.Agreement) asked {
	for _, g := range []bench.QuestionGroup{bench.LabelQuestion, bench.ReadingQuestion} {
		for i := range a.Questions {
			if q := &a.Questions[i]; q.Group == g && q.Question == "control" {
				return asked{g, q.Question}
			}
		}
	}
	if len(a.Questions) == 0 {
		return asked{}
	}
	return asked{a.Questions[0].Group, a.Questions[0].Question}
}

func agreedTable(name string, list []bench.Agreed, people bool, keep func(*bench.Agreed) bool) *Table {
	t := &Table{Name: name}
	of := slices.ContainsFunc(list, func(q bench.Agreed) bool { return q.Of != "" })
	if of {
		t.Columns = append(t.Columns, Column{Name: "annotator", Doc: "whose repeats; empty = all"})
	}
	t.Columns = append(t.Columns,
		Column{Name: "group", Doc: "label, element of a list, measure, or what a reading of one annotator alone says"},
		Column{Name: "question", Doc: "what was answered; a list column has its elements pooled"},
		Column{Name: "scale", Doc: "of alpha: nominal, ordinal or interval"},
		Column{Name: "annotators", Kind: Int, Doc: "that answered"},
		Column{Name: "units", Kind: Int, Doc: "answered by two or more; of a pooled list, times its elements"},
		Column{Name: "scenarios", Kind: Int, Doc: "with such a unit"},
		Column{Name: "alpha", Kind: Float, Doc: "Krippendorff's alpha"},
		Column{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		Column{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		Column{Name: "percent", Kind: Float, Doc: "share of pairs at a unit that are equal"},
		Column{Name: "ac1", Kind: Float, Title: "AC1", Doc: "Gwet's AC1; people see it where one answer is above .80 of all"},
		Column{Name: "ac2", Kind: Float, Title: "AC2", Doc: "Gwet's AC2, quadratic weights; as ac1"},
		Column{Name: "within_1", Kind: Float, Title: "within 1", Doc: "of first_loss: share of pairs at most one unit apart; no loss is near no loss only"},
		Column{Name: "top", Doc: "the most frequent answer"},
		Column{Name: "top_share", Kind: Float, Digits: 2, Doc: "its share of all answers"},
		Column{Name: "undefined", Title: "why not", Doc: "why there is no alpha"},
		Column{Name: "interval", Wide: true, Doc: "how the interval was made"},
		Column{Name: "single", Kind: Int, Wide: true, Doc: "units answered by one"},
		Column{Name: "answers", Kind: Int, Wide: true, Doc: "given in all"},
		Column{Name: "alpha_nominal", Kind: Float, Wide: true, Doc: "alpha on the nominal scale"},
		Column{Name: "alpha_ordinal", Kind: Float, Wide: true, Doc: "on the ordinal one, where answers have an order"},
		Column{Name: "alpha_interval", Kind: Float, Wide: true, Doc: "on the interval one, where answers are numbers"},
		Column{Name: "fleiss", Kind: Float, Wide: true, Doc: "Fleiss' kappa, where every unit has all annotators"},
		Column{Name: "both_lost", Kind: Int, Wide: true, Doc: "of first_loss: units where two or more saw a loss"},
		Column{Name: "within_1_if_lost", Kind: Float, Wide: true, Doc: "of first_loss: within_1 among pairs that both saw a loss"},
		Column{Name: "notes", Wide: true, Doc: "what a reader must know beside it"},
	)
	for i := range list {
		q := &list[i]
		if !keep(q) {
			continue
		}
		var row []any
		if of {
			row = append(row, whole(q.Of, people))
		}
		ac1, ac2 := q.AC1, q.AC2
		if people && !q.Prevalent {
			ac1, ac2 = nil, nil
		}
		t.Rows = append(t.Rows, append(row,
			string(q.Group), q.Question, q.Scale, int64(q.Voices), q.Units, int64(q.Scenarios), number(q.Alpha), number(q.Low), number(q.High),
			number(q.Percent), number(ac1), number(ac2), number(q.Within), q.Top, q.TopShare, orNone(q.Undefined), orNone(string(q.Interval)),
			q.Single, q.Answers, number(q.Nominal), number(q.Ordinal), number(q.Spaced), number(q.Fleiss), q.Both, number(q.NearIf),
			orNone(strings.Join(q.Notes, "; "))))
		for _, note := range q.Notes {
			if people {
				t.Notes = append(t.Notes, strings.TrimSpace(q.Of+" "+q.Question)+": "+note)
			}
		}
	}
	return t
}

func annotatorAnswers(a *bench.Agreement, head asked, people bool) *Table {
	t := &Table{Name: "annotators", Caption: []string{"who judged what, and how often the others say the same"}, Columns: []Column{
		{Name: "annotator", Doc: "who judged"},
		{Name: "kind", Doc: "human, model, rule or self, as declared"},
		{Name: "model", Doc: "the model behind it, as declared"},
		{Name: "sits", Kind: Bool, Doc: "on the panel, somewhere"},
		{Name: "judgements", Kind: Int, Doc: "rows with a label or a value, first pass"},
		{Name: "group", Wide: true, Doc: "group of the question"},
		{Name: "question", Doc: "what was answered"},
		{Name: "n", Kind: Int, Doc: "units it answered"},
		{Name: "coverage", Kind: Float, Doc: "of the units that anybody answered"},
		{Name: "agreement", Kind: Float, Doc: "share of its answers that equal another's at the same unit, over all others"},
		{Name: "shared", Kind: Int, Wide: true, Doc: "pairs of its answers with another's"},
		{Name: "shares", Doc: "how its answers are spread"},
	}}
	for i := range a.Annotators {
		w := &a.Annotators[i]
		row := []any{w.Name, orNone(w.Kind), orNone(w.Model), w.Sits, w.Judgements}
		any := false
		for k := range w.Answers {
			x := &w.Answers[k]
			if people && !is(x.Group, x.Question, head) {
				continue
			}
			any = true
			t.Rows = append(t.Rows, append(slices.Clone(row), string(x.Group), x.Question, x.N, x.Coverage, number(x.Agreement), x.Shared, shares(x.Shares)))
		}
		if !any {
			t.Rows = append(t.Rows, append(row, nil, nil, nil, nil, nil, nil, nil))
		}
	}
	return t
}

// shares is `governs .62, neutralised .38`, the first six and how many more.
func shares(list []bench.ClassShare) string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y bench.ClassShare) int { return cmp.Compare(y.N, x.N) })
	var parts []string
	for i, s := range list {
		if i == 6 {
			parts = append(parts, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %.2f", s.Class, s.Share))
	}
	return strings.Join(parts, ", ")
}

// matrix is the headline question's alpha two by two.
func matrix(a *bench.Agreement, head asked) *Table {
	t := &Table{Name: "matrix", Columns: []Column{{Name: "annotator", Doc: "one of two"}}}
	var names []string
	alpha := map[[2]string]any{}
	for i := range a.Pairs {
		p := &a.Pairs[i]
		if !is(p.Group, p.Question, head) {
			continue
		}
		names = append(names, p.First, p.Second)
		alpha[[2]string{p.First, p.Second}], alpha[[2]string{p.Second, p.First}] = number(p.Alpha), number(p.Alpha)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	t.Caption = []string{fmt.Sprintf("alpha of %s (%s) two by two", head.name, head.group)}
	for _, name := range names {
		t.Columns = append(t.Columns, Column{Name: "with=" + name, Title: name, Kind: Float, Doc: "alpha with " + name})
	}
	for _, x := range names {
		row := []any{x}
		for _, y := range names {
			row = append(row, alpha[[2]string{x, y}])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func pairTable(name string, list []bench.Pair) *Table {
	t := &Table{Name: name, Columns: []Column{
		{Name: "first", Doc: "one annotator"},
		{Name: "second", Doc: "another"},
		{Name: "group", Doc: "group of the question"},
		{Name: "question", Doc: "what both answered"},
		{Name: "units", Kind: Int, Doc: "both answered"},
		{Name: "alpha", Kind: Float, Doc: "Krippendorff's alpha"},
		{Name: "percent", Kind: Float, Doc: "share of equal answers"},
		{Name: "kappa", Kind: Float, Doc: "Cohen's kappa; by quadratic weights where answers have an order"},
		{Name: "undefined", Title: "why not", Doc: "why there is no alpha"},
	}}
	for i := range list {
		p := &list[i]
		t.Rows = append(t.Rows, []any{p.First, p.Second, string(p.Group), p.Question, p.Units, number(p.Alpha), number(p.Percent), number(p.Kappa), orNone(p.Undefined)})
	}
	return t
}

func versionTable(a *bench.Agreement, people bool) *Table {
	list := a.Versions
	if people {
		list = slices.DeleteFunc(slices.Clone(list), func(p bench.Pair) bool { return p.Group == bench.ElementQuestion })
	}
	t := pairTable("versions", list)
	t.Caption = []string{"versions of one judge: annotators whose declared models differ after their first digit only"}
	return t
}

// whole is a name, or what stands for all of them: nothing, which people see as "all".
func whole(name string, people bool) any {
	if name == "" && people {
		return "(all)"
	}
	return orNone(name)
}

func selfTable(a *bench.Agreement, people bool) *Table {
	t := &Table{
		Name:    "self_judging",
		Caption: []string{"how an annotator that is the system judges it: its own verdict against the panel without it, where credit is decided by both"},
		Columns: []Column{
			{Name: "system", Doc: "empty = all"},
			{Name: "annotator", Doc: "which is the system"},
			{Name: "n", Kind: Int, Doc: "readings with a verdict by both"},
			{Name: "own", Kind: Float, Doc: "share with credit by its own verdict"},
			{Name: "panel", Kind: Float, Doc: "share with credit by the panel without it"},
			{Name: "gap", Kind: Float, Doc: "own − panel"},
			{Name: "low", Kind: Float, Doc: "lower end of its interval, paired by scenario"},
			{Name: "high", Kind: Float, Doc: "upper end"},
			{Name: "panel_lost", Title: "panel: lost", Kind: Int, Doc: "readings without credit by the panel without it"},
			{Name: "own_agrees", Title: "own too", Kind: Int, Doc: "of them, without credit by its own verdict too"},
			{Name: "own_only", Title: "own only", Kind: Int, Doc: "without credit by its own verdict only"},
			{Name: "sat", Kind: Int, Doc: "readings where it is on the panel and credit is decided with and without it"},
			{Name: "flips", Kind: Int, Doc: "of them, with another credit without it"},
			{Name: "undefined", Title: "why not", Doc: "why there is no gap or no interval"},
			{Name: "p", Kind: Float, Wide: true, Doc: "two-sided, of no gap"},
			{Name: "scenarios", Kind: Int, Wide: true, Doc: "with a reading"},
		},
	}
	for i := range a.Self {
		s := &a.Self[i]
		var gap, low, high, p any
		if s.Gap != nil {
			gap, low, high, p = s.Gap.Value, s.Gap.Low, s.Gap.High, s.Gap.P
		}
		t.Rows = append(t.Rows, []any{
			whole(s.System, people), orNone(s.Annotator), s.N, number(s.Own), number(s.Panel), gap, low, high, s.PanelLost, s.OwnAgrees, s.OwnOnly,
			s.Sat, s.Flips, orNone(s.NoGap), p, int64(s.Scenarios),
		})
	}
	return t
}

func selfMeasures(a *bench.Agreement, people bool) *Table {
	t := &Table{Name: "self_judging_measures", Caption: []string{"the same for the means of measures"}, Columns: []Column{
		{Name: "system", Doc: "empty = all"},
		{Name: "annotator", Doc: "which is the system"},
		{Name: "measure", Doc: "name of a score"},
		{Name: "n", Kind: Int, Doc: "places with a value by both"},
		{Name: "own", Kind: Float, Doc: "mean by its own verdict"},
		{Name: "panel", Kind: Float, Doc: "mean by the panel without it"},
		{Name: "gap", Kind: Float, Doc: "own − panel"},
		{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		{Name: "high", Kind: Float, Doc: "upper end"},
		{Name: "undefined", Title: "why not", Doc: "why there is no interval"},
	}}
	for i := range a.Self {
		s := &a.Self[i]
		for _, m := range s.Measures {
			t.Rows = append(t.Rows, []any{
				whole(s.System, people), orNone(s.Annotator), m.Measure, m.N, m.Own, m.Panel, m.Gap, number(m.Low), number(m.High), orNone(m.NoInterval),
			})
		}
	}
	return t
}

func flipTable(a *bench.Agreement) *Table {
	t := &Table{
		Name:    "flips",
		Caption: []string{"readings whose credit turns on whether the system's own judge is heard"},
		Columns: []Column{
			{Name: "trajectory_id", Title: "trajectory", Doc: "which reading"},
			{Name: "constraint_id", Title: "constraint", Wide: true, Doc: "of which constraint"},
			{Name: "system", Doc: "what was judged"},
			{Name: "scenario", Wide: true, Doc: "where"},
			{Name: "condition", Wide: true, Doc: "under what"},
			{Name: "annotator", Doc: "which is the system"},
			{Name: "own", Kind: Int, Doc: "credit by its own verdict"},
			{Name: "with", Kind: Int, Doc: "credit by the panel with it"},
			{Name: "without", Kind: Int, Doc: "credit by the panel without it"},
			{Name: "measure", Doc: "that control is taken from"},
			{Name: "own_value", Kind: Float, Digits: 1, Doc: "its value, by its own verdict"},
			{Name: "with_value", Kind: Float, Digits: 1, Doc: "by the panel with it"},
			{Name: "without_value", Kind: Float, Digits: 1, Doc: "by the panel without it"},
		},
	}
	for i := range a.Flips {
		f := &a.Flips[i]
		var own any
		if f.Own != nil {
			own = int64(*f.Own)
		}
		t.Rows = append(t.Rows, []any{
			f.TrajectoryID, f.Constraint, f.System, f.Scenario, optional(f.Condition), f.Annotator, own, int64(f.With), int64(f.Without),
			orNone(f.Measure), number(f.OwnValue), number(f.WithValue), number(f.WithoutValue),
		})
	}
	return t
}

func rangeTable(b *bench.JudgeBoards) *Table {
	t := &Table{
		Name:    "judge_ranges",
		Caption: []string{b.Primary + " by the panel, by each judge alone, with each judge left out, by the strictest and the mildest"},
		Columns: []Column{
			{Name: "system", Doc: "what is ranked"},
			{Name: "panel", Kind: Float, Doc: b.Primary + " as scored"},
			{Name: "judge_low", Kind: Float, Title: "judge: low", Doc: "the lowest of one-judge boards"},
			{Name: "judge_high", Kind: Float, Title: "high", Doc: "the highest of one-judge boards"},
			{Name: "judge_range", Kind: Float, Title: "range", Doc: "judge_high − judge_low"},
			{Name: "judges", Kind: Int, Doc: "one-judge boards that have a value"},
			{Name: "without_low", Kind: Float, Title: "one out: low", Doc: "the lowest of boards without one judge"},
			{Name: "without_high", Kind: Float, Title: "high", Doc: "the highest of boards without one judge"},
			{Name: "strict", Kind: Float, Doc: "the worst that anybody gave counts"},
			{Name: "lenient", Kind: Float, Doc: "the best that anybody gave counts"},
			{Name: "undefined", Title: "why not", Doc: "why the panel gives no value"},
		},
	}
	panel, strict, lenient := b.Board(bench.PanelBoard, ""), b.Board(bench.StrictBoard, ""), b.Board(bench.LenientBoard, "")
	for i, r := range b.Ranges {
		t.Rows = append(t.Rows, []any{
			r.System, number(panel.Scores[i].Value), number(r.Alone.Low), number(r.Alone.High), number(r.Alone.Width()), int64(r.Alone.Boards),
			number(r.Without.Low), number(r.Without.High), number(strict.Scores[i].Value), number(lenient.Scores[i].Value), orNone(panel.Scores[i].Undefined),
		})
	}
	return t
}

func boardTable(b *bench.JudgeBoards) *Table {
	t := &Table{Name: "boards", Columns: []Column{
		{Name: "board", Doc: "panel, strict, lenient, judge NAME alone, without NAME, human and model: the panels of people and of models"},
		{Name: "system", Doc: "what is ranked"},
		{Name: "value", Kind: Float, Doc: b.Primary},
		{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		{Name: "worst", Kind: Float, Doc: "with every gap lost"},
		{Name: "best", Kind: Float, Doc: "with every gap governed"},
		{Name: "rank_low", Kind: Int, Doc: "best rank that the data allow"},
		{Name: "rank_high", Kind: Int, Doc: "worst rank that the data allow"},
		{Name: "n", Kind: Int, Doc: "readings in it"},
		{Name: "undefined", Doc: "why there is no value"},
	}}
	for i := range b.Boards {
		for k := range b.Boards[i].Scores {
			s := &b.Boards[i].Scores[k]
			var first, last any
			if s.Rank != nil {
				first, last = int64(s.Rank.Low), int64(s.Rank.High)
			}
			t.Rows = append(t.Rows, []any{
				b.Boards[i].Name(), s.System, number(s.Value), number(s.Low), number(s.High), number(s.Worst), number(s.Best), first, last, s.N, orNone(s.Undefined),
			})
		}
	}
	return t
}

func tauTable(b *bench.JudgeBoards, people bool) *Table {
	t := &Table{
		Name:    "tau",
		Caption: []string{"Kendall's tau-b between boards: 1 is the same order"},
		Columns: []Column{
			{Name: "first", Doc: "a board"},
			{Name: "second", Doc: "another"},
			{Name: "systems", Kind: Int, Doc: "that both have"},
			{Name: "tau_b", Kind: Float, Doc: "Kendall's tau-b"},
			{Name: "concordant", Kind: Int, Doc: "pairs of systems in the same order"},
			{Name: "discordant", Kind: Int, Doc: "pairs in opposite order"},
			{Name: "undefined", Title: "why not", Doc: "why there is no tau"},
		},
	}
	for _, x := range b.Taus {
		if people && x.First != string(bench.PanelBoard) {
			continue
		}
		t.Rows = append(t.Rows, []any{x.First, x.Second, int64(x.Systems), number(x.Value), x.Concordant, x.Discordant, orNone(x.Undefined)})
	}
	return t
}
