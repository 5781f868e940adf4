package metrics

import (
	"sync"

	"github.com/righting-bench/righting/schema/reading"
)

// names gives the texts of keys numbers, the same for all tables that share them. It may
// be used from several goroutines.
type names struct {
	mu sync.Mutex
	id map[string]int32
	of []string
}

// none is the number of a condition that is absent.
const none int32 = -1

func (n *names) number(text string) int32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, ok := n.id[text]
	if !ok {
		id = int32(len(n.of))
		n.id[text] = id
		n.of = append(n.of, text)
	}
	return id
}

// ids is a key in numbers: system, setting, scenario, condition, constraint.
type ids [5]int32

func (n *names) ids(k Key) ids {
	out := ids{n.number(k.System), n.number(k.Setting), n.number(k.Scenario), none, n.number(k.Constraint)}
	if k.HasCondition {
		out[3] = n.number(k.Condition)
	}
	return out
}

func (n *names) key(i ids) Key {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := Key{System: n.of[i[0]], Setting: n.of[i[1]], Scenario: n.of[i[2]], Constraint: n.of[i[4]]}
	if i[3] != none {
		k.Condition, k.HasCondition = n.of[i[3]], true
	}
	return k
}

// codes remembers the numbers of the codes of one row group: texts are looked up once.
type codes struct {
	group *reading.Group
	of    [len(ids{})][]int32 // by code, number + 1; 0 is not looked up yet
}

// ids are the numbers of a case's key.
func (m *codes) ids(n *names, c *reading.Case) ids {
	if c.Group == nil {
		return n.ids(keyOf(c))
	}
	if c.Group != m.group {
		m.group = c.Group
		for i := range m.of {
			clear(m.of[i])
		}
	}
	var out ids
	for i, code := range c.Codes {
		if code < 0 {
			out[i] = none
			continue
		}
		of := m.of[i]
		for int(code) >= len(of) {
			of = append(of, 0)
			m.of[i] = of
		}
		if of[code] == 0 {
			of[code] = n.number(c.Text(i)) + 1
		}
		out[i] = of[code] - 1
	}
	return out
}
