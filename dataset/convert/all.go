package convert

// All lists the formats, by name.
var All = []*Format{
	agentDojo,
	openAIChat,
	tau2,
	tauBench,
}
