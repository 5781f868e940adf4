# Makes scan.parquet, to the specification of the results of Scout's scans: python3 testdata/scan.py
import json

import pyarrow as pa
import pyarrow.parquet as pq

names = ["transcript_id", "transcript_source_uri", "id", "epoch", "scanner_key", "value", "value_type", "explanation", "message_references", "scan_error", "scan_error_type", "input_type", "input_ids", "scan_model_usage"]
refs = json.dumps([{"type": "event", "id": "e1"}, {"type": "message", "id": "m102", "cite": "[M1]"}, {"type": "message", "id": "m104"}])
results = json.dumps([
    {"uuid": "r1", "label": "threat", "value": True, "explanation": "first", "references": [{"type": "message", "id": "m102", "cite": "[M1]"}]},
    {"uuid": "r2", "label": "threat", "value": False, "references": []},
    {"uuid": "r3", "label": "threat", "value": None, "references": []}])
rows = [
    dict(transcript_id="a", scanner_key="refusal", value="true", value_type="boolean", explanation="It says no.", message_references=refs, scan_model_usage='{"x/judge": {"input_tokens": 3}}'),
    dict(transcript_id="a", scanner_key="tone", value="0.25", value_type="number"),
    dict(transcript_id="a", scanner_key="grade", value="B", value_type="string", input_type="message", input_ids='["m104"]'),
    dict(transcript_id="a", scanner_key="events", value=results, value_type="resultset"),
    dict(transcript_id="b", scanner_key="dims", value='{"harm": 3, "[care]": 1.5}', value_type="object"),
    dict(transcript_id="b", scanner_key="refusal", value_type="null", scan_error="timeout"),
    dict(transcript_id="b", scanner_key="tone", value_type="null", scan_error="no", scan_error_type="refusal"),
    dict(transcript_id="c", scanner_key="tone", value=None, value_type="null"),
    dict(transcript_id="c", scanner_key="tone", value="much", value_type="number"),
    dict(transcript_id="nobody", scanner_key="refusal", value="false", value_type="boolean"),
    dict(transcript_id="", scanner_key="refusal", value="false", value_type="boolean"),
]
for r in rows:
    r.update(transcript_source_uri=f"/logs/log.eval", id=r["transcript_id"], epoch="0")
schema = pa.schema([(n, pa.string()) for n in names])
pq.write_table(pa.Table.from_pylist([{n: r.get(n) for n in names} for r in rows], schema=schema), "testdata/scan.parquet", compression="zstd")
