// Package decision keeps the decisions register: records of decision of the safeguarding partners, of other bodies and of
// the partnership itself.
//
// A Record moves through stages (notice, proposed, made, called in, confirmed, implemented, or withdrawn). What each stage
// asks for, the periods of notice and of waiting, the form of numbers and the bank holidays are data (Rules). The rules
// themselves are pure: Needs, Missing, Compute and Check take a Record and look at nothing else.
package decision
