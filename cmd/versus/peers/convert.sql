-- JSONL of conversations to Parquet with the schema given, so that nothing is guessed.
SET preserve_insertion_order = false;
COPY (
  SELECT * FROM read_json('$IN', format = 'newline_delimited', columns = {
    id: 'VARCHAR', model: 'VARCHAR', scenario: 'VARCHAR', repeat: 'INTEGER',
    messages: 'STRUCT("role" VARCHAR, content VARCHAR, tool_calls JSON, tool_call_id VARCHAR)[]'})
) TO '$OUT' (FORMAT parquet, COMPRESSION zstd);
