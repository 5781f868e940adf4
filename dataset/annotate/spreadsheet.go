package annotate

import (
	"errors"
	"regexp"

	"github.com/righting-bench/righting/dataset"
)

// rewritten is what a spreadsheet makes of ids that look like numbers or dates: the
// digits behind the first are gone, so that nothing can be put back.
var rewritten = regexp.MustCompile(`^\d(?:[.,]\d+)?[eE]\+\d+$|^\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-\d{2,4})?$|^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2,4}$|^\d{1,2}/\d{1,2}/\d{2,4}$|^#(?:NAME\?|REF!|N/A|VALUE!)$`)

const unrewrite = "labels whose ids are not yet through a spreadsheet, or a column of ids that is formatted as text there"

// spreadsheet says of an id that fits no trajectory what became of it.
func (j *join) spreadsheet(id string, why error) error {
	if !errors.Is(why, dataset.ErrUnknownTrajectory) || !rewritten.MatchString(id) {
		return why
	}
	j.rewritten++
	return unmatched(dataset.ErrUnknownTrajectory, columnOf(why), "%s; it looks like an id that a spreadsheet made a number or a date of", why)
}
