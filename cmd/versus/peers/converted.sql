-- What a conversion has to have kept, of DuckDB's file.
COPY (
  SELECT scenario, NULL, NULL, NULL, count(*), sum(len(messages)), sum(list_sum(list_transform(messages, m -> coalesce(strlen(m.content), 0)))),
    sum(list_sum(list_transform(messages, m -> coalesce(strlen(m.tool_calls::VARCHAR), 0)))), 0
  FROM '$IN' GROUP BY scenario ORDER BY scenario
) TO '$OUT' (DELIMITER '\t', HEADER false);
