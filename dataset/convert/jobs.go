package convert

import (
	"context"
	"fmt"
	"io"

	"github.com/righting-bench/righting/dataset"
)

// A mark is how far the input was read, and what had become of it.
type mark struct {
	Input int `json:"input"` // sources before
	position
	counts
	Notes  notes  `json:"notes,omitempty"`
	Judged judged `json:"judged,omitzero"`
	Why    string `json:"why,omitempty"` // of the first reject
}

// A job is some pieces that one worker makes a row group of.
type job struct {
	pieces []piece
	size   int64
	shard  *dataset.Shard
	last   bool // of the shard
	input  int  // where reading goes on
	next   position
}

// convert does the work between the beginning and the end of the dataset.
func (r *run) convert(ctx context.Context) error {
	for _, s := range r.w.Scenarios() {
		r.scenarios[keyOf(&s)] = &s
	}
	resumed, err := r.w.Resumed(&r.mark, func(e dataset.Reject) error { return r.report.Reject(r.Rejecting, e) })
	if err != nil {
		return err
	}
	r.report.Notices = append(r.report.Notices, r.w.Notices...)
	if resumed {
		r.report.Resumed = r.mark.Read
		r.report.Notices = append(r.report.Notices, fmt.Sprintf("going on after %d records that an interrupted run had read", r.mark.Read))
	}
	if err := readIDs(ctx, r.w.Finished(), r.ids); err != nil {
		return err
	}
	if err := readIDs(ctx, r.w.Existing(), r.before); err != nil {
		return err
	}
	r.buffers = make(chan []byte, r.Workers+1)
	err = dataset.Ordered(ctx, r.Workers, r.jobs, func(ctx context.Context, j *job) (*result, error) {
		return r.work(ctx, j, nil)
	}, func(j *job, res *result) error { return r.commit(ctx, j, res) })
	t := r.report
	t.Read, t.Written, t.Rejected, t.Skipped = r.mark.Read, r.mark.Written, r.mark.Rejected, r.mark.Skipped
	t.Trajectories, t.Annotations, t.Scenarios = r.mark.Trajectories, r.mark.Annotations, len(r.scenarios)
	return err
}

// readIDs adds the ids in files of trajectories.
func readIDs(ctx context.Context, files []string, to map[id]bool) error {
	type row struct {
		TrajectoryID string `parquet:"trajectory_id"`
	}
	for _, file := range files {
		for t, err := range dataset.Rows[row](ctx, file) {
			if err != nil {
				return err
			}
			to[idOf(t.TrajectoryID)] = true
		}
	}
	return nil
}

// jobs yields the work from the mark on.
func (r *run) jobs(yield func(*job, error) bool) {
	j := &job{shard: r.w.Shard()}
	var inShard int64
	flush := func(end bool) bool {
		inShard += j.size
		j.last = end || inShard >= int64(r.shard)
		done, shard := j, j.shard
		if j.last && !end {
			shard, inShard = r.w.Shard(), 0
		}
		j = &job{shard: shard}
		return yield(done, nil)
	}
	from := r.mark.position
	for i := r.mark.Input; i < len(r.sources); i++ {
		s := r.sources[i]
		stopped := false
		err := s.open(from, func(in io.Reader) error {
			for p, err := range r.cut(in, s, from) {
				if err != nil {
					return err
				}
				j.pieces, j.size = append(j.pieces, p), j.size+p.size
				j.input, j.next = i, p.next
				if p.last {
					j.input, j.next = i+1, position{}
				}
				if j.size >= int64(r.chunk)/2 && !flush(false) {
					stopped = true
					return nil
				}
			}
			return nil
		})
		from = position{}
		if err != nil {
			yield(j, err)
			return
		}
		if stopped {
			return
		}
	}
	flush(true)
}

// cut is a source's pieces.
func (r *run) cut(in io.Reader, s *source, from position) func(func(piece, error) bool) {
	if r.format.cut != nil {
		return r.format.cut(in, s, from)
	}
	if s.bom {
		from.Offset = max(from.Offset, int64(len(bom)))
	}
	if s.parquet {
		return s.rows(r, from)
	}
	if s.whole {
		return s.conversation(r, in)
	}
	return r.split(in, s, from, r.buffer, r.free).pieces
}

// split cuts JSON values apart.
func (r *run) split(in io.Reader, s *source, from position, buffer func(int) []byte, free func([]byte)) *splitter {
	split := &splitter{source: s, limit: r.limit, buffer: buffer, free: free, inside: from.Row > 0}
	if s.layout == inside && from.Row == 0 {
		split.before = s.list - from.Offset
		from.Offset, in = s.list, &skipping{in, split.before}
	}
	split.r, split.at, split.chunk = in, from, r.chunk
	if s.info != nil && !s.packed {
		split.chunk = int(min(int64(split.chunk), max(1, s.info.Size()+1)))
	}
	return split
}

// buffer is one of at least n bytes.
func (r *run) buffer(n int) []byte {
	if n == r.chunk {
		select {
		case b := <-r.buffers:
			return b
		default:
		}
	}
	return make([]byte, n)
}

func (r *run) free(b []byte) {
	if cap(b) == r.chunk {
		select {
		case r.buffers <- b[:cap(b)]:
		default:
		}
	}
}

// work reads the pieces; ids that are taken are rejected.
func (r *run) work(ctx context.Context, j *job, taken map[string]bool) (*result, error) {
	s := &sink{ctx: ctx, run: r, taken: taken, seen: map[scenarioKey]*string{}}
	if taken == nil {
		s.taken = map[string]bool{}
	}
	s.result.batch = j.shard.Batch()
	for _, p := range j.pieces {
		s.source = p.source
		if err := p.read(s); err != nil {
			return nil, err
		}
	}
	return &s.result, s.result.batch.Flush()
}

// commit puts down what became of a job.
func (r *run) commit(ctx context.Context, j *job, res *result) (err error) {
	taken := map[string]bool{}
	for _, name := range res.ids {
		if r.before[idOf(name)] {
			return fmt.Errorf("%s holds the trajectory %s already, so nothing is added; --id makes another id of what is known here", r.Output, excerpt(name))
		}
		if r.ids[idOf(name)] {
			taken[name] = true
		}
	}
	if len(taken) > 0 { // rare: the row group is made again without them
		if res, err = r.work(ctx, j, taken); err != nil {
			return err
		}
	}
	for _, name := range res.ids {
		r.ids[idOf(name)] = true
	}
	for _, p := range j.pieces {
		p.free()
	}
	if err := j.shard.Commit(res.batch); err != nil {
		return err
	}
	if err := r.addScenarios(res); err != nil {
		return err
	}
	if err := r.w.AddAnnotations(res.annotations); err != nil {
		return err
	}
	for _, e := range res.rejects {
		if r.mark.Why == "" {
			r.mark.Why = e.Error()
		}
		if err := r.w.AddReject(e); err != nil {
			return err
		}
		if err := r.report.Reject(r.Rejecting, e); err != nil {
			return err
		}
	}
	for _, n := range res.notes {
		r.mark.Notes.add(n)
	}
	r.mark.Judged.add(&res.judged)
	r.mark.counts.add(res.counts)
	r.mark.Input, r.mark.position = j.input, j.next
	if !j.last {
		return nil
	}
	return r.w.EndShard(j.shard, r.mark)
}

// addScenarios adds those that are not there yet, or only by name.
func (r *run) addScenarios(res *result) error {
	for i := range res.scenarios {
		s := &res.scenarios[i]
		there := r.scenarios[keyOf(s)]
		switch {
		case there != nil && (s.Description == nil || there.Description != nil):
			if s.Description != nil && *there.Description != *s.Description {
				res.notes.add(twoWays(s))
			}
			continue
		case there != nil:
			if err := r.w.PutScenario(*s); err != nil {
				return err
			}
		default:
			if err := r.w.AddScenarios(res.scenarios[i : i+1]); err != nil {
				return err
			}
		}
		r.scenarios[keyOf(s)] = s
	}
	return nil
}
