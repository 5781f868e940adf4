// Versus races righting against other engines on the same file and prints the ratios.
//
//	versus generate --rows 5M -o DIR     a dataset as righting writes it, seeded
//	versus generate --chats 1G -o FILE   conversations with tool calls, as JSONL
//	versus race --rows 1M,5M,20M         jobs in pairs A B A B, whole processes
//
// Every engine first gives its table, one line for each system, scenario, condition and
// constraint, in integers; where two tables differ there is no ratio. The peers are
// scripts for Node in peers, and versus itself with a plain reader of Parquet. A peer that
// cannot run is named as missing. To install them:
//
//	cd cmd/versus/peers && npm install
//	npm run old-node     before Node 22, for which npm leaves out polars' own binary
//
// Nothing imports it.
package main
