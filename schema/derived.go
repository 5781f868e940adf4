package schema

// A ReadingRow is what the annotator of record says of one constraint in one
// trajectory: the derived table readings. Units are assistant messages (or
// exchanges), numbered from 1.
type ReadingRow struct {
	TrajectoryID        string  `parquet:"trajectory_id,dict" doc:"the trajectory read"`
	ConstraintID        string  `parquet:"constraint_id,dict" doc:"which governing constraint"`
	Annotator           string  `parquet:"annotator,dict" doc:"annotator of record: a name, or the panel"`
	System              string  `parquet:"system,dict" doc:"what is ranked"`
	Model               *string `parquet:"model,optional,dict" doc:"the model inside the system"`
	Scenario            string  `parquet:"scenario,dict" doc:"cluster"`
	Condition           *string `parquet:"condition,optional,dict" doc:"experimental arm"`
	Repeat              int32   `parquet:"repeat" doc:"0-based repetition"`
	Setting             string  `parquet:"setting,dict" enum:"setting" doc:"interaction or baseline"`
	Units               int32   `parquet:"units" doc:"length of the sequence read"`
	Terminal            *string `parquet:"terminal,optional,dict" enum:"terminal" doc:"how the trajectory ended"`
	Judged              int32   `parquet:"judged" doc:"units whose control is known"`
	Tested              string  `parquet:"tested,dict" enum:"tested" doc:"whether anything pressed"`
	Outcome             string  `parquet:"outcome,dict" doc:"held, interrupted, recovered, unproven, relapsed, displaced, or undecided: the gaps would decide"`
	Credit              *int32  `parquet:"credit,optional" doc:"1 for held, interrupted, recovered, else 0; null = the gaps would decide"`
	CreditWorst         int32   `parquet:"credit_worst" doc:"credit with every gap neutralised"`
	CreditBest          int32   `parquet:"credit_best" doc:"credit with every gap governed, unproven and no_room as 1"`
	FirstLoss           *int32  `parquet:"first_loss,optional" doc:"unit of the first judged loss (turn of flip)"`
	ExposureAtLoss      *int32  `parquet:"exposure_at_loss,optional" doc:"units under test up to and with the first loss on the clock"`
	Losses              int32   `parquet:"losses" doc:"entries into neutralised from governs or from the start"`
	Returns             int32   `parquet:"returns" doc:"neutralised to governs between judged units"`
	ReturnsLost         int32   `parquet:"returns_lost" doc:"returns followed by a later loss"`
	DurableAt           *int32  `parquet:"durable_at,optional" doc:"unit at which control after the last loss became durable"`
	TrailingRun         int32   `parquet:"trailing_run" doc:"governed units at the end, unbroken"`
	FirstControl        *string `parquet:"first_control,optional,dict" enum:"control" doc:"control of the first unit (starting posture)"`
	LastControl         *string `parquet:"last_control,optional,dict" enum:"control" doc:"control of the last unit"`
	NeverHeld           bool    `parquet:"never_held" doc:"the first unit was already neutralised"`
	NoRoom              bool    `parquet:"no_room" doc:"the last loss began too late for recovery to be shown"`
	Unchallenged        bool    `parquet:"unchallenged" doc:"control came back and was never pressed again"`
	Released            bool    `parquet:"released" doc:"read only up to a loss to a legitimate target"`
	Split               bool    `parquet:"split" doc:"the panel's two middle judgements differed somewhere"`
	LengthUnknown       bool    `parquet:"length_unknown" doc:"length taken from the highest judged unit"`
	Onset               string  `parquet:"onset,dict" enum:"onset" doc:"how the first loss came"`
	Course              string  `parquet:"course,dict" enum:"course" doc:"the shape of the reading"`
	DisplacedTo         *string `parquet:"displaced_to,optional,dict" enum:"target" doc:"active target at the first loss"`
	DisplacedLegitimacy *string `parquet:"displaced_legitimacy,optional,dict" enum:"legitimacy" doc:"its legitimacy"`
	DisplacedPrincipal  *string `parquet:"displaced_principal,optional,dict" enum:"principal" doc:"its principal"`
	MoveBeforeLoss      *string `parquet:"move_before_loss,optional,dict" enum:"move" doc:"the move that came before the first loss"`
	FailureKind         *string `parquet:"failure_kind,optional,dict" enum:"failure_kind" doc:"kind of the first loss that names one"`
	Refusals            int32   `parquet:"refusals" doc:"refusing units"`
	Leaking             int32   `parquet:"leaking" doc:"refusing units with leakage of 1 or more"`
	Symbolic            int32   `parquet:"symbolic" doc:"refusing units that are neutralised"`
	SymbolTurns         int32   `parquet:"symbol_turns" doc:"units that carry a sign of safety"`
	Performative        int32   `parquet:"performative" doc:"units that warn, apologise or keep an ethical tone while neutralised, or refuse while leaking"`
	Recognitions        int32   `parquet:"recognitions" doc:"units that admit an earlier violation, at or after the first loss"`
	EmptyRecognitions   int32   `parquet:"empty_recognitions" doc:"of these, not followed by durable control"`
	Claims              int32   `parquet:"claims" doc:"units that claim a target and whose active target is known"`
	ClaimGaps           int32   `parquet:"claim_gaps" doc:"of these, claimed other than active (stated-revealed gap)"`
	Contradictions      int32   `parquet:"contradictions" doc:"units said to contradict an earlier one"`
	GrantedLater        int32   `parquet:"granted_later" doc:"requests refused first and granted later"`
	Rules               string  `parquet:"rules,dict" doc:"digest of the rules of reading"`
}

// A CountRow is one integer of one metric for one scenario of one system: the
// derived table counts, which adds up in any order and on any engine.
type CountRow struct {
	System       string  `parquet:"system,dict" doc:"what is ranked"`
	Setting      string  `parquet:"setting,dict" enum:"setting" doc:"interaction or baseline"`
	Scenario     string  `parquet:"scenario,dict" doc:"cluster"`
	Condition    *string `parquet:"condition,optional,dict" doc:"experimental arm"`
	ConstraintID string  `parquet:"constraint_id,dict" doc:"which governing constraint"`
	Metric       string  `parquet:"metric,dict" doc:"name of the metric"`
	Slot         int32   `parquet:"slot" doc:"which of the metric's integers"`
	N            int64   `parquet:"n" doc:"the integer; zeros are not written"`
}

// A ScoreRow is one number with all that it needs to be read: the derived table
// scores, one row per system, slice and metric.
type ScoreRow struct {
	System     string   `parquet:"system,dict" doc:"what is ranked"`
	Slice      string   `parquet:"slice,dict" doc:"the slice as column=value, joined by commas; empty = the whole"`
	Metric     string   `parquet:"metric,dict" doc:"name of the metric"`
	Value      *float64 `parquet:"value,optional" doc:"the number; null = undefined, see there"`
	Low        *float64 `parquet:"low,optional" doc:"lower end of the interval"`
	High       *float64 `parquet:"high,optional" doc:"upper end of the interval"`
	Interval   *string  `parquet:"interval,optional,dict" doc:"how the interval was made"`
	Worst      *float64 `parquet:"worst,optional" doc:"the value with every gap neutralised"`
	Best       *float64 `parquet:"best,optional" doc:"the value with every gap governed, unproven and no_room as 1"`
	Rank       *int32   `parquet:"rank,optional" doc:"1 + systems strictly better; ties share"`
	RankLow    *int32   `parquet:"rank_low,optional" doc:"best rank the data allow, simultaneously for all systems"`
	RankHigh   *int32   `parquet:"rank_high,optional" doc:"worst rank the data allow"`
	N          int64    `parquet:"n" doc:"denominator: readings, units or judgements"`
	Scenarios  int64    `parquet:"scenarios" doc:"clusters in it"`
	Missing    int64    `parquet:"missing" doc:"left out for a null label"`
	Untested   int64    `parquet:"untested" doc:"readings left out because nothing pressed"`
	Undecided  int64    `parquet:"undecided" doc:"left out because the gaps would decide"`
	Unlabelled *int64   `parquet:"unlabelled,optional" doc:"trajectories without a judgement; null where the table of trajectories is absent"`
	Undefined  *string  `parquet:"undefined,optional" doc:"why there is no value"`
	Notes      []string `parquet:"notes,list" doc:"what a reader should know"`
	Rules      string   `parquet:"rules,dict" doc:"digest of the rules of reading"`
}

// A TurnRow is one turn of one trajectory, for people who dislike nested columns: the
// derived table turns.
type TurnRow struct {
	TrajectoryID  string  `parquet:"trajectory_id,dict" doc:"the trajectory"`
	System        string  `parquet:"system,dict" doc:"what is ranked"`
	Model         *string `parquet:"model,optional,dict" doc:"the model inside the system"`
	Scenario      string  `parquet:"scenario,dict" doc:"cluster"`
	Condition     *string `parquet:"condition,optional,dict" doc:"experimental arm"`
	Repeat        int32   `parquet:"repeat" doc:"0-based repetition"`
	Setting       string  `parquet:"setting,dict" enum:"setting" doc:"interaction or baseline"`
	Turn          int32   `parquet:"turn" doc:"0-based index of the turn"`
	AssistantTurn *int32  `parquet:"assistant_turn,optional" doc:"its 1-based number among the system's own turns; null for others"`
	Exchange      *int32  `parquet:"exchange,optional" doc:"the 1-based exchange it belongs to; null for others"`
	Role          string  `parquet:"role,dict" enum:"role" doc:"who speaks"`
	Text          string  `parquet:"text" doc:"what is said"`
	Reasoning     *string `parquet:"reasoning,optional" doc:"what is thought aloud"`
	Name          *string `parquet:"name,optional,dict" doc:"the speaker's or tool's name"`
	ToolCallsJSON *string `parquet:"tool_calls_json,optional" doc:"tool calls as JSON"`
	ToolCallID    *string `parquet:"tool_call_id,optional" doc:"the call a tool turn answers"`
	SourceID      *string `parquet:"source_id,optional" doc:"the source's message id"`
	Prefilled     *bool   `parquet:"prefilled,optional" doc:"words put into the system's mouth"`
}
