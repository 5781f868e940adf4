package convert

import (
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

type petriEvents struct{ branches []int }

type eventStub struct{ kind, uuid, anchor string }

func (s *sample) lines(r *record) error                                     { return r.skip() }
func (s *sample) store(r *record) error                                     { return r.skip() }
func (s *sample) branch(r *record) error                                    { return nil }
func (s *sample) again(r *record, open func() (io.ReadCloser, error)) error { return nil }

var _ jsontext.Value
