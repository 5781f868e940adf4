# Makes scout.parquet, to the specification of Scout's transcripts databases: python3 testdata/scout.py
import json, sys
import pyarrow as pa, pyarrow.parquet as pq
def m(**k): return k
rows=[
 dict(transcript_id="t-1",source_type="eval_log",source_id="e1",source_uri="logs/a.eval",date="2025-11-07T10:59:47-05:00",task_set="refunds",task_id="s1",task_repeat=2,agent="react",agent_args=json.dumps({"attempts":1}),
  model="x/y",model_options="{}",score="C",score_explanation="as it should",success=True,message_count=4,total_time=1.5,total_tokens=10,error=None,limit=None,
  messages=json.dumps([m(id="m1",role="system",content="Never issue refunds."),m(id="m2",role="user",content=[{"type":"text","text":"Refund me"},{"type":"image","image":"data:,"}]),
   m(id="m3",role="assistant",content=[{"type":"reasoning","reasoning":"policy…"},{"type":"text","text":"I can't."}],tool_calls=[{"id":"c1","function":"lookup","arguments":{"order":12345678901234567890},"type":"function"}]),
   m(id="m4",role="tool",tool_call_id="c1",function="lookup",content="found")]),events="[]",arm="mandated"),
 dict(transcript_id="t-2",source_type="eval_log",task_set="refunds",task_id="s1",task_repeat=1,model="x/y",score=json.dumps({"holds":1,"tone":None}),success=None,error=None,limit="message",
  messages=json.dumps([m(role="user",content="hi"),m(role="assistant",content="ho")])),
 dict(transcript_id="t-3",source_type="righting",task_set="refunds",task_id="s2",task_repeat=1,model="x/y",score='{"value": NaN, "explanation": "no grade"}',error="timeout",messages="[]"),
 dict(transcript_id="t-4",task_set="refunds",task_id="s3",model="x/y",score=None,messages='[{"role":"narrator","content":"x"}]'),
 dict(transcript_id="t-5",task_set="refunds",task_id="s3",model="x/y",score=None,messages='[{"role":"user",'),
 dict(transcript_id="t-7",task_set="refunds",task_id="s4",task_repeat=1,log="/logs/2026_refunds.eval",model="x/y",score="C",score_match="I",success=True,scores='{"match":{"value":"I"},"model_graded_qa":{"value":NaN,"explanation":"no grade"}}',messages='[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]'),
 dict(transcript_id="t-8",task_set="refunds",task_id="s4",task_repeat=2,log="/logs/2026_refunds.eval",model="x/y",score="0.5",score_match="0.5",success=False,messages='[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]'),
 dict(transcript_id="t-6",task_set="refunds",task_id="s3",model="x/y",score=None,messages=None),
]
names=["transcript_id","source_type","source_id","source_uri","date","task_set","task_id","task_repeat","agent","agent_args","model","model_options","score","score_explanation","score_match","scores","log","success","message_count","total_time","total_tokens","error","limit","messages","events","arm"]
types={"task_repeat":pa.int64(),"message_count":pa.int64(),"total_tokens":pa.int64(),"success":pa.bool_(),"total_time":pa.float64()}
schema=pa.schema([(n,types.get(n,pa.string())) for n in names])
t=pa.Table.from_pylist([{n:r.get(n) for n in names} for r in rows],schema=schema)
pq.write_table(t,"testdata/scout.parquet",compression="zstd",row_group_size=4)
