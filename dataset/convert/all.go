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
	inspect,
	lmEval,
	openAIChat,
	openAIResponses,
	petri,
	promptfoo,
	scout,
	shareGPT,
	sts,
	tauBench,
	tau2,
}
