package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Tolerances of section 9: closed for closed forms, quantile for quantiles, printed,
// half a unit of the sixth decimal, where the reference gives six.
const (
	closed   = 1e-9
	quantile = 1e-6
	printed  = 5.000001e-7
)

// TestVector recomputes the reference values of the metrics document, section 9, by
// their number there.
func TestVector(t *testing.T) {
	t.Run("01", vectorAlphaNominal)
	t.Run("02", vectorAlphaOrdinal)
	t.Run("03", vectorAlphaInterval)
	t.Run("04", vectorAlphaRatio)
	t.Run("05", vectorCompanions)
	t.Run("06", vectorFleiss)
	t.Run("07", vectorCohen)
	t.Run("08", vectorCohenWeighted)
	t.Run("09", vectorWilson)
	t.Run("10", vectorClopperPearson)
	t.Run("11", vectorJeffreys)
	t.Run("12", vectorNoneSeen)
	t.Run("13", vectorStudent)
	t.Run("14", vectorBeta)
	t.Run("15", vectorHolm)
	t.Run("16", vectorTauB)
	t.Run("17", vectorTauExact)
	t.Run("18", vectorMcNemar)
	t.Run("19", vectorMcNemarExact)
	t.Run("20", vectorApproval)
	t.Run("21", vectorAgrestiMin)
	t.Run("22", vectorNewcombe)
	t.Run("23", vectorKaplanMeier)
	t.Run("24", vectorGreenwood)
	t.Run("25", vectorLogLog)
	t.Run("26", vectorArea)
	t.Run("27", vectorLogRank)
	t.Run("28", vectorClusteredGreenwood)
	t.Run("29", vectorHeld)
	t.Run("30", vectorAalenJohansen)
	t.Run("31", vectorPassHat)
	t.Run("32", vectorClusters)
	t.Run("33", vectorTurnbull)
	t.Run("34", vectorPredictionPowered)
	t.Run("35", vectorRoganGladen)
	t.Run("36", vectorFNV)
	t.Run("37", vectorWeights)
	t.Run("38", vectorWeightsMore)
	t.Run("39", vectorODCVShare)
	t.Run("40", vectorODCVEnds)
	t.Run("41", vectorODCVRanks)
	t.Run("42", vectorSYCONShare)
	t.Run("44", vectorSYCONOrders)
	t.Run("45", vectorBCA)
	t.Run("46", vectorBCALlama)
	t.Run("47", vectorBCASeverity)
}

// requireEnds compares an interval with its printed ends.
func requireEnds(t *testing.T, low, high float64, i Interval, err error, delta float64) {
	t.Helper()
	require.NoError(t, err)
	require.InDelta(t, low, i.Low, delta)
	require.InDelta(t, high, i.High, delta)
}
