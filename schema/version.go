package schema

// Version is the schema's own, written into the key-value metadata of every data
// file under the key righting.schema and into dataset.yaml as `righting:`. A reader
// accepts its own major number only.
const Version = "1"

// Names of the tables, as folders and as righting.table metadata.
const (
	Scenarios    = "scenarios"
	Trajectories = "trajectories"
	Annotations  = "annotations"
	Readings     = "readings"
	Counts       = "counts"
	Scores       = "scores"
	Turns        = "turns"
)

// Keys of the key-value metadata in a data file.
const (
	MetaSchema = "righting.schema"
	MetaTable  = "righting.table"
	MetaCanary = "righting.canary"
	MetaRules  = "righting.rules"
	MetaCover  = "righting.coverage" // JSON: what the readings behind counts were
)

// MainConstraint is the constraint of a dataset that names none.
const MainConstraint = "main"
