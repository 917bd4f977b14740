// Package decision keeps the decisions register: records of decision of the safeguarding partners, of other bodies and of
// the partnership itself.
//
// A Record moves through stages (notice, proposed, made, called in, confirmed, implemented, or withdrawn). What each stage
// asks for, the periods of notice and of waiting, the form of numbers and the bank holidays are data (Rules). The rules
// themselves are pure: Needs, Missing, Compute, Check and Content take a Record and look at nothing else.
//
// Two things are kept apart. The record that is being worked on is changed by Service and seen by signed-in people with
// the right. What the public sees is the Content that Publish froze, read through Public; a change of it is a correction,
// which the database writes down with its before and after. Exempt passages are in neither: ReadExempt alone reads them.
//
// A page of the desk reads a record with Find and Read, and writes one group of it with Save (Changes has a pointer for
// each group; nil leaves the group as it is). Every writing command carries the Revision of the record that the page
// showed; a Conflict says that somebody else was quicker. Create begins a notice or a proposed record; Move takes it one
// stage on, with the days that the stage needs; CallIn, EndCallIn and Defer have their own; Override lets a stage go
// without a part, for a reason; Publish shows the record; Attach, Detach, Authorise and Unlink hang things on it; Retract
// takes out what was never published. Import takes over published history at any stage: it is flagged, never refused, for
// what disagrees. List, Facets and Calendar serve the desk; Public has List, Facets, Record, Short, ForwardPlan and
// AuthorisedBy.
//
// Faults name the field of the form that they belong to: the text of a Part, "number-printed", "number-verified",
// "called-on", "called-by", "outcome-on", "deferred-on", "deferral-reason", "override-reason", "reason", "restriction",
// "route", "stage", "part", "kind" or "exempt".
package decision
