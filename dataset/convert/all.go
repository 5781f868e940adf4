package convert

// All lists the formats, by name.
var All = []*Format{
	agentDojo,
	anthropic,
	atif,
	claudeCode,
	codex,
	openAIChat,
	openAIResponses,
	shareGPT,
	sts,
	tau2,
	tauBench,
}
