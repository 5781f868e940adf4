package convert

// All lists the formats, by name.
var All = []*Format{
	agentDojo,
	anthropic,
	atif,
	claudeCode,
	codex,
	eee,
	helm,
	lmEval,
	openAIChat,
	openAIResponses,
	promptfoo,
	shareGPT,
	sts,
	tauBench,
	tau2,
}
