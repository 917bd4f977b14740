package jobs

import "github.com/riverqueue/river"

// Events tells how jobs ended.
func (w *Workers) Events() (<-chan *river.Event, func()) {
	return w.client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed, river.EventKindJobCancelled)
}
