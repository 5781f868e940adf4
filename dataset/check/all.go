package check

// All is every rule, by code.
var All = []*Rule{
	duplicateKey,
	unknownLabel,
	sortOrder,
	copiedColumns,
	labelsOnMeasureRow,
	valueOffStep,
}
