package dataset

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// Why an annotation does not match the trajectories: kinds of Unmatched.
var (
	// ErrUnknownTrajectory: no trajectory has that id.
	ErrUnknownTrajectory = errors.New("unknown trajectory")
	// ErrNoTurn: the trajectory has no such turn, or no such exchange.
	ErrNoTurn = errors.New("no such turn")
	// ErrNotAssistant: the turn is not one of the system's own.
	ErrNotAssistant = errors.New("not an assistant turn")
	// ErrDisagrees: the annotation says of its trajectory what is not so.
	ErrDisagrees = errors.New("disagrees with its trajectory")
)

// An Unmatched is why one annotation does not match: the kind, the annotation's column
// that a person should look at, and the reason in words.
type Unmatched struct {
	Kind   error
	Column string
	why    string
}

func (e *Unmatched) Error() string { return e.why }

// Unwrap gives errors.Is the kind.
func (e *Unmatched) Unwrap() error { return e.Kind }

// An Index is what trajectories lend to annotations: the columns that annotations copy,
// and which of their turns is which. It holds ids, names and a byte a turn, no text. The
// zero value is empty; one goroutine at a time may use it.
type Index struct {
	// SourceIDs, set before the first Add, keeps the turns' source ids, for Turn.
	SourceIDs bool

	rows      map[string]*indexed
	ids       []string // in the order they came
	words     map[string]*string
	designs   map[string]bool
	scenarios []schema.Scenario
	compared  int // ids that were compared with unknown ones
}

// indexed is one trajectory.
type indexed struct {
	system, scenario, setting  string
	model, condition, terminal *string
	repeat                     int32
	assistantTurns, exchanges  int32
	turns                      string // a speaker for each
	sources                    map[string]int32
}

// Speakers as an Index tells them apart.
const (
	speakerAssistant = 'a' // the system's own words
	speakerPrefilled = 'p'
	speakerUser      = 'u'
	speakerOther     = 'o' // system, developer, tool
)

func speaker(u *schema.Turn) byte {
	switch {
	case u.Role == "assistant" && u.Prefilled != nil && *u.Prefilled:
		return speakerPrefilled
	case u.Role == "assistant":
		return speakerAssistant
	case u.Role == "user":
		return speakerUser
	}
	return speakerOther
}

// walk tells of each turn which of the system's own turns it is and in which exchange,
// both from 1; 0 = none. An exchange begins with the first of the system's own turns
// after a user turn, and goes on to the next user turn. What the system says before any
// user turn belongs to none.
func walk(speakers string, see func(turn, assistantTurn, exchange int32)) {
	assistant, exchange := int32(0), int32(0)
	user, asked := false, false // there was a user turn; it is not yet answered
	for i := range len(speakers) {
		own, in := int32(0), int32(0)
		switch speakers[i] {
		case speakerUser:
			user, asked = true, true
		case speakerAssistant:
			assistant++
			own = assistant
			if asked {
				exchange++
				asked = false
			}
			if user {
				in = exchange
			}
		}
		see(int32(i), own, in)
	}
}

// Count numbers the turns from 0, in the order they stand in, and counts assistant_turns
// and exchanges.
func Count(t *schema.Trajectory) {
	for i := range t.Turns {
		t.Turns[i].Index = int32(i)
	}
	t.AssistantTurns, t.Exchanges = 0, 0
	walk(speakers(t), func(_, own, in int32) {
		t.AssistantTurns, t.Exchanges = max(t.AssistantTurns, own), max(t.Exchanges, in)
	})
}

func speakers(t *schema.Trajectory) string {
	of := make([]byte, len(t.Turns))
	for i := range t.Turns {
		of[i] = speaker(&t.Turns[i])
	}
	return string(of)
}

// Add takes a trajectory in; nothing of it is kept alive. It is an error if one with
// that id is there already.
func (x *Index) Add(t *schema.Trajectory) error {
	if x.rows == nil {
		x.rows, x.words, x.designs = map[string]*indexed{}, map[string]*string{}, map[string]bool{}
	}
	if x.rows[t.TrajectoryID] != nil {
		return fmt.Errorf("trajectory %s is there already", quoteID(t.TrajectoryID))
	}
	e := &indexed{
		system: *x.word(&t.System), scenario: *x.word(&t.Scenario), setting: *x.word(&t.Setting),
		model: x.word(t.Model), condition: x.word(t.Condition), terminal: x.word(t.Terminal),
		repeat: t.Repeat, assistantTurns: t.AssistantTurns, exchanges: t.Exchanges, turns: speakers(t),
	}
	if x.SourceIDs {
		e.sources = map[string]int32{}
		for i := range t.Turns {
			if id := t.Turns[i].SourceID; id != nil {
				if _, again := e.sources[*id]; again {
					e.sources[*id] = ambiguous
				} else {
					e.sources[strings.Clone(*id)] = int32(i)
				}
			}
		}
	}
	id := strings.Clone(t.TrajectoryID)
	x.rows[id], x.ids = e, append(x.ids, id)
	key := e.scenario + "\x00"
	if e.condition != nil {
		key += "\x00" + *e.condition
	}
	if !x.designs[key] {
		x.designs[key] = true
		x.scenarios = append(x.scenarios, schema.Scenario{Scenario: e.scenario, Condition: e.condition})
	}
	return nil
}

// ambiguous stands for a source id that two turns have.
const ambiguous = -1

// word is a copy of s that all who say the same share.
func (x *Index) word(s *string) *string {
	if s == nil {
		return nil
	}
	w := x.words[*s]
	if w == nil {
		w = new(strings.Clone(*s))
		x.words[*w] = w
	}
	return w
}

// Len is the number of trajectories.
func (x *Index) Len() int { return len(x.ids) }

// Has is whether there is a trajectory of that id.
func (x *Index) Has(id string) bool { return x.rows[id] != nil }

// Scenarios lists each scenario and condition met, in the order they came, with no
// other column filled. The rows are shared.
func (x *Index) Scenarios() []schema.Scenario { return x.scenarios }

// Turn is the index of the turn that has this id in its source. The error is an
// *Unmatched.
func (x *Index) Turn(trajectory, source string) (int32, error) {
	e, err := x.row(trajectory)
	if err != nil {
		return 0, err
	}
	at, ok := e.sources[source]
	switch {
	case !ok:
		return 0, unmatched(ErrNoTurn, "turn", "no turn of the trajectory has the source id %s", quoteID(source))
	case at == ambiguous:
		return 0, unmatched(ErrNoTurn, "turn", "several turns of the trajectory have the source id %s", quoteID(source))
	}
	return at, nil
}

// maxCompared bounds how many ids are compared to find what was meant.
const maxCompared = 1 << 18

// row is the trajectory of that id.
func (x *Index) row(id string) (*indexed, error) {
	if e := x.rows[id]; e != nil {
		return e, nil
	}
	hint := ""
	if x.compared < maxCompared {
		x.compared += len(x.ids)
		if near := schema.Nearest(id[:min(len(id), 200)], x.near(id)); near != "" {
			hint = fmt.Sprintf("; did you mean %s?", quoteID(near))
		}
	}
	return nil, unmatched(ErrUnknownTrajectory, "trajectory_id", "no trajectory has the id %s%s", quoteID(id), hint)
}

// near is the ids that may be near enough.
func (x *Index) near(id string) []string {
	var out []string
	for _, other := range x.ids {
		if d := len(other) - len(id); d <= len(id)/3+1 && -d <= len(id)/3+1 {
			out = append(out, other)
		}
	}
	return out
}

func unmatched(kind error, column, format string, args ...any) *Unmatched {
	return &Unmatched{Kind: kind, Column: column, why: fmt.Sprintf(format, args...)}
}

// quoteID is an id in quotes, cut where it is very long.
func quoteID(s string) string { return strconv.Quote(plain.Excerpt(s, 120)) }
