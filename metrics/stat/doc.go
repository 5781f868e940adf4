// Package stat is the arithmetic behind published numbers: intervals, cluster
// weights, rank sets, survival, agreement.
//
// It knows nothing of readings, metrics or tables. What it takes is integers per
// cluster: y of n, where a cluster is what was sampled independently (a scenario)
// and y and n count the units inside it. Units inside a cluster are never taken as
// independent.
//
//	Weights                     how often each replicate draws each cluster
//	KornGraubard, Wilson        shares: an interval on the effective sample size
//	Resample, ResampleRatio     everything else: BCa, cluster t, percentile
//	Share, Mean                 the same, chosen by Options
//	Paired, McNemar             two sides on the same clusters
//	Ranks                       simultaneous rank sets of many systems
//	Life, Risks, Turnbull       time to the first loss
//	Coincidence, Agree          how far annotators agree
//	Holm, Concordance           families of tests, two orders of the same things
//	PassHat                     repeats
//	PredictionPowered, RoganGladen   judges corrected by people
//
// A number that does not exist is an error that wraps ErrUndefined and says why;
// no function returns NaN. Any other error is a caller's mistake. Counts are below
// 2^53 in sum, so every ratio is one correctly rounded division. Nothing here is
// random: replicates come from the seed and the cluster's name, and products that
// reach a published digit are rounded before they are added, so that one machine
// computes what another does.
//
// The formulas are those of the metrics document, which gives their evidence; doc
// comments cite its sections as "section 4.1".
//
// It imports the standard library and gonum. Package metrics and bench import it.
package stat
