package schema

// A Scenario is what was designed, one row per scenario and condition. Null is
// not known; an empty list of pressures is "by design none".
type Scenario struct {
	Scenario      string       `parquet:"scenario,dict" doc:"the unit of independence: statistics cluster on it"`
	Condition     *string      `parquet:"condition,optional,dict" doc:"experimental arm"`
	Opening       *string      `parquet:"opening,optional,dict" enum:"opening" doc:"how the case begins"`
	Framing       *string      `parquet:"framing,optional,dict" enum:"framing" doc:"how the situation presents itself"`
	Pressures     []string     `parquet:"pressures,optional,list,dict" enum:"pressure" doc:"pressures acting by design; empty = by design none"`
	PathToVictory *int32       `parquet:"path_to_victory,optional" doc:"0 none to 3 plain and easy: how clear a path the competing objective has (opportunity, affordance)"`
	Constraints   []Constraint `parquet:"constraints,list" doc:"what should govern (policy, criterion, rule)"`
	Objectives    []Objective  `parquet:"objectives,list" doc:"what competes with it"`
	Language      *string      `parquet:"language,optional,dict" doc:"BCP 47 tag"`
	Description   *string      `parquet:"description,optional" doc:"for people"`
	MetadataJSON  *string      `parquet:"metadata_json,optional" doc:"the rest, as one JSON object"`
}

// A Constraint is what should govern. A scenario's own entry wins over dataset.yaml's.
type Constraint struct {
	ID           string  `parquet:"id" yaml:"id" doc:"its name"`
	Text         *string `parquet:"text,optional" yaml:"text" doc:"in words"`
	Protects     *string `parquet:"protects,optional" yaml:"protects" enum:"target" doc:"the target that ought to win"`
	Authority    *string `parquet:"authority,optional" yaml:"authority" enum:"authority" doc:"whose it is"`
	Rank         *int32  `parquet:"rank,optional" yaml:"rank" doc:"1 = highest"`
	Irreversible *bool   `parquet:"irreversible,optional" yaml:"irreversible" doc:"a loss cannot be taken back"`
}

// An Objective is what competes with a constraint.
type Objective struct {
	ID         string  `parquet:"id" doc:"its name"`
	Text       *string `parquet:"text,optional" doc:"in words"`
	Target     *string `parquet:"target,optional" enum:"target" doc:"which target it is"`
	Principal  *string `parquet:"principal,optional" enum:"principal" doc:"whose it is"`
	Legitimacy *string `parquet:"legitimacy,optional" enum:"legitimacy" doc:"may it govern here"`
}

// A Trajectory is one conversation of one system on one scenario: the only place
// where the conversation's text lives.
type Trajectory struct {
	TrajectoryID   string  `parquet:"trajectory_id" doc:"unique in the dataset (transcript, trace, session, rollout)"`
	System         string  `parquet:"system,dict" doc:"what is ranked: model, scaffold and settings, as the publisher names it"`
	Model          *string `parquet:"model,optional,dict" doc:"the model inside the system"`
	Agent          *string `parquet:"agent,optional,dict" doc:"the scaffold inside the system"`
	Scenario       string  `parquet:"scenario,dict" doc:"key into scenarios"`
	Condition      *string `parquet:"condition,optional,dict" doc:"key into scenarios"`
	Repeat         int32   `parquet:"repeat" doc:"0-based repetition (epoch, trial)"`
	Setting        string  `parquet:"setting,dict" enum:"setting" doc:"interaction, or baseline: without pressure or history"`
	AssistantTurns int32   `parquet:"assistant_turns" doc:"turns of role assistant that are not prefilled, tool-call-only ones included"`
	Exchanges      int32   `parquet:"exchanges" doc:"user to assistant exchanges"`
	Turns          []Turn  `parquet:"turns,list" doc:"the conversation (messages, steps)"`
	Terminal       *string `parquet:"terminal,optional,dict" enum:"terminal" doc:"how it ended"`
	Error          *string `parquet:"error,optional" doc:"what broke"`
	Split          *string `parquet:"split,optional,dict" doc:"train, test, …"`
	SourceFormat   *string `parquet:"source_format,optional,dict" doc:"the format it was converted from"`
	SourceID       *string `parquet:"source_id,optional" doc:"its id there"`
	MetadataJSON   *string `parquet:"metadata_json,optional" doc:"the rest, as one JSON object"`
	StartedAt      *int64  `parquet:"started_at,optional,timestamp(microsecond:utc)" doc:"UTC, microseconds"`
}

// A Turn is one message. Null content is the empty string.
type Turn struct {
	Index         int32   `parquet:"index" doc:"0-based and dense"`
	Role          string  `parquet:"role,dict" enum:"role" doc:"who speaks"`
	Text          string  `parquet:"text" doc:"what is said; null content is empty"`
	Reasoning     *string `parquet:"reasoning,optional" doc:"what is thought aloud, where the source keeps it"`
	Name          *string `parquet:"name,optional,dict" doc:"the speaker's or tool's name"`
	ToolCallsJSON *string `parquet:"tool_calls_json,optional" doc:"tool calls as JSON"`
	ToolCallID    *string `parquet:"tool_call_id,optional" doc:"the call a tool turn answers"`
	SourceID      *string `parquet:"source_id,optional" doc:"the source's message id, on which other people's labels join"`
	Prefilled     *bool   `parquet:"prefilled,optional" doc:"words put into the system's mouth, never scored as its own"`
}

// An Annotation is one judgement by one annotator about one constraint at one
// place: a unit, or the whole trajectory where turn, assistant_turn and exchange
// are all null. Labels live only in rows whose measure is null.
type Annotation struct {
	TrajectoryID     string   `parquet:"trajectory_id,dict" doc:"the trajectory judged"`
	System           string   `parquet:"system,dict" doc:"copied from the trajectory, so that scoring never joins"`
	Model            *string  `parquet:"model,optional,dict" doc:"copied"`
	Scenario         string   `parquet:"scenario,dict" doc:"copied"`
	Condition        *string  `parquet:"condition,optional,dict" doc:"copied"`
	Repeat           int32    `parquet:"repeat,dict" doc:"copied"`
	Setting          string   `parquet:"setting,dict" enum:"setting" doc:"copied"`
	AssistantTurns   *int32   `parquet:"assistant_turns,optional,dict" doc:"copied; null only in labels-only data"`
	Exchanges        *int32   `parquet:"exchanges,optional,dict" doc:"copied; null only in labels-only data"`
	Terminal         *string  `parquet:"terminal,optional,dict" enum:"terminal" doc:"copied"`
	ConstraintID     string   `parquet:"constraint_id,dict" doc:"which governing constraint; main where a dataset has one"`
	Turn             *int32   `parquet:"turn,optional,dict" doc:"index of the judged turn; null where only its number is known"`
	AssistantTurn    *int32   `parquet:"assistant_turn,optional,dict" doc:"the turn's 1-based number among assistant turns"`
	Exchange         *int32   `parquet:"exchange,optional,dict" doc:"the turn's 1-based exchange"`
	Annotator        string   `parquet:"annotator,dict" doc:"who judged (rater, judge, grader); for a model judge the model's name"`
	AnnotatorKind    string   `parquet:"annotator_kind,dict" enum:"annotator_kind" doc:"human, model, rule or self"`
	Pass             int32    `parquet:"pass,dict" doc:"0-based: the same annotator judging the same place again; panels read pass 0"`
	Control          *string  `parquet:"control,optional,dict" enum:"control" doc:"who governs; decides outcomes"`
	Outcome          *string  `parquet:"outcome,optional,dict" enum:"outcome" doc:"the annotator's own word for the whole"`
	ActiveTarget     *string  `parquet:"active_target,optional,dict" enum:"target" doc:"the objective that actually steers this turn (enacted, revealed preference, pursued goal)"`
	Principal        *string  `parquet:"principal,optional,dict" enum:"principal" doc:"whose target that is"`
	Legitimacy       *string  `parquet:"legitimacy,optional,dict" enum:"legitimacy" doc:"may that target govern here"`
	CompetingTargets []string `parquet:"competing_targets,optional,list,dict" enum:"target" doc:"other objectives visibly pulling (conflicting instructions); empty = judged, none"`
	ClaimedTarget    *string  `parquet:"claimed_target,optional,dict" enum:"target" doc:"what the turn says it is preserving (stated preference)"`
	Response         *string  `parquet:"response,optional,dict" enum:"response" doc:"the visible act"`
	Leakage          *int32   `parquet:"leakage,optional,dict" enum:"leakage" doc:"0 nothing to 3 all of what the constraint forbids"`
	Symbols          []string `parquet:"symbols,optional,list,dict" enum:"symbol" doc:"safety's signs on show; empty = judged, none"`
	Recognition      *bool    `parquet:"recognition,optional" doc:"the turn admits an earlier violation"`
	Pressures        []string `parquet:"pressures,optional,list,dict" enum:"pressure" doc:"pressures seen acting; empty = judged, none; null = nobody looked"`
	Move             *string  `parquet:"move,optional,dict" enum:"move" doc:"what the turn before did"`
	Ask              *string  `parquet:"ask,optional,dict" doc:"an id shared by turns that answer the same request"`
	FailureKind      *string  `parquet:"failure_kind,optional,dict" enum:"failure_kind" doc:"when control is lost: to what"`
	ContradictsTurn  *int32   `parquet:"contradicts_turn,optional,dict" doc:"an earlier turn this one contradicts"`
	Measure          *string  `parquet:"measure,optional,dict" doc:"name of a score at this place"`
	Value            *float64 `parquet:"value,optional,dict" doc:"the score"`
	ValueText        *string  `parquet:"value_text,optional,dict" doc:"the score where it is a letter grade"`
	Missing          *string  `parquet:"missing,optional,dict" enum:"missing" doc:"why a label is absent though it was asked for; null = not asked"`
	Context          *string  `parquet:"context,optional,dict" enum:"context" doc:"what the annotator saw"`
	Confidence       *float64 `parquet:"confidence,optional" doc:"0 to 1, the annotator's own"`
	Evidence         *string  `parquet:"evidence,optional" doc:"quoted words"`
	Rationale        *string  `parquet:"rationale,optional" doc:"why"`
	LabelledAt       *int64   `parquet:"labelled_at,optional,timestamp(microsecond:utc)" doc:"UTC, microseconds"`
}

// Whole is whether the judgement is about the trajectory as a whole.
func (a *Annotation) Whole() bool {
	return a.Turn == nil && a.AssistantTurn == nil && a.Exchange == nil
}
