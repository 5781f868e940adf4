package convert

// All lists the formats, by name.
var All = []*Format{
	inspect,
	openAIChat,
	petri,
	scout,
	tauBench,
}
