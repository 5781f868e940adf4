package bench

import (
	"maps"

	"github.com/righting-bench/righting/schema/reading"
)

// agreeing is what one row group is counted with.
type agreeing struct {
	all, kinds *booth
	again      map[string]*booth
	work       map[string]*AnnotatorWork
	self       selfCount
	who        Who
	dropped    int64
	clusters   map[string]bool
	ids        [2]bool // ask, contradicts_turn were given
	into       []reading.Judged
	readings   []*reading.Reading
	voices     []voice
}

func newAgreeing(qs []*question) *agreeing {
	return &agreeing{
		all: newBooth(qs), kinds: newBooth(qs), again: map[string]*booth{}, work: map[string]*AnnotatorWork{}, self: selfCount{},
		clusters: map[string]bool{},
	}
}

// count adds a case.
func (a *agreeing) count(c *reading.Case, cluster string, rules *reading.Rules, people, models []string) error {
	a.clusters[cluster] = true
	p := &rules.Panel
	for len(a.into) < len(c.By) {
		a.into = append(a.into, reading.Judged{})
	}
	a.voices = a.voices[:0]
	a.readings = a.readings[:0]
	for i := range c.By {
		j := &c.By[i]
		a.readings = append(a.readings, nil)
		a.ids[0] = a.ids[0] || !j.By[reading.Ask].Judged.Empty()
		a.ids[1] = a.ids[1] || !j.By[reading.Contradicts].Judged.Empty()
		if j.Pass != 0 {
			continue
		}
		w := a.work[j.Annotator]
		if w == nil {
			w = &AnnotatorWork{Name: j.Annotator}
			a.work[j.Annotator] = w
		}
		w.Judgements += int64(j.Judgements)
		a.who.Seen = add(a.who.Seen, j.Annotator)
		r, err := alone(c, j.Annotator, rules, &a.into[i])
		if err != nil {
			return err
		}
		a.readings[i] = r
		if !p.Sits(j, &c.Key) {
			if p.ExcludeSelf && p.Self(j.Annotator, &c.Key) {
				a.dropped += int64(j.Judgements)
			}
			continue
		}
		w.Sits = true
		if gives, _ := controls(j, rules); gives {
			a.who.Controls = add(a.who.Controls, j.Annotator)
		}
		a.voices = append(a.voices, voice{j.Annotator, j, r})
	}
	a.all.count(cluster, a.voices)
	if err := a.repeats(c, cluster, rules); err != nil {
		return err
	}
	if len(people) > 0 && len(models) > 0 {
		if err := a.sides(c, cluster, rules, people, models); err != nil {
			return err
		}
	}
	return a.self.count(c, cluster, rules, a.readings)
}

// Names of the two passes, and of the two kinds, as voices.
const (
	firstPass, secondPass = "pass 0", "pass 1"
	peoplePanel           = "human"
	modelsPanel           = "model"
)

// repeats compares each annotator's first two passes.
func (a *agreeing) repeats(c *reading.Case, cluster string, rules *reading.Rules) error {
	for i := range c.By {
		j := &c.By[i]
		if j.Pass != 1 || i == 0 || c.By[i-1].Annotator != j.Annotator || c.By[i-1].Pass != 0 {
			continue
		}
		if first := &c.By[i-1]; !rules.Panel.Sits(first, &c.Key) {
			continue
		}
		again := c.Clone()
		again.By = again.By[i : i+1]
		again.By[0].Pass = 0
		r, err := alone(again, j.Annotator, rules, &a.into[i])
		if err != nil {
			return err
		}
		if a.again[j.Annotator] == nil {
			a.again[j.Annotator] = newBooth(a.all.questions)
		}
		a.again[j.Annotator].count(cluster, []voice{{firstPass, &c.By[i-1], a.readings[i-1]}, {secondPass, &again.By[0], r}})
	}
	return nil
}

// sides compares the panel of people with the panel of models.
func (a *agreeing) sides(c *reading.Case, cluster string, rules *reading.Rules, people, models []string) error {
	var voices []voice
	for _, side := range []struct {
		who string
		of  []string
	}{{peoplePanel, people}, {modelsPanel, models}} {
		r := *rules
		r.Panel.Of = side.of
		into := new(reading.Judged)
		read, err := readBy(c, &r, into)
		if err != nil {
			return err
		}
		if into.Judgements > 0 {
			voices = append(voices, voice{side.who, into, read})
		}
	}
	a.kinds.count(cluster, voices)
	return nil
}

func (a *agreeing) add(o *agreeing) {
	a.all.add(o.all)
	a.kinds.add(o.kinds)
	for who, b := range o.again {
		if a.again[who] == nil {
			a.again[who] = newBooth(a.all.questions)
		}
		a.again[who].add(b)
	}
	for who, w := range o.work {
		if a.work[who] == nil {
			a.work[who] = &AnnotatorWork{Name: who}
		}
		a.work[who].Judgements += w.Judgements
		a.work[who].Sits = a.work[who].Sits || w.Sits
	}
	a.self.add(o.self)
	a.who.add(o.who)
	a.dropped += o.dropped
	maps.Copy(a.clusters, o.clusters)
	a.ids[0], a.ids[1] = a.ids[0] || o.ids[0], a.ids[1] || o.ids[1]
}
