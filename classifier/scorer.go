package classifier

import "math"

// scorer is a linear model over the words of a text: softmax regression with
// hashed features, trained in one short run from examples. Training is
// deterministic: the same examples give the same scorer.
type scorer struct {
	classes int
	weights []float32 // features by classes
}

const (
	featureBits = 15
	epochs      = 10
	rate        = 0.25
	decay       = 1.5e-2
	// faint is the size below which a weight is dropped: it says of no mail what
	// it is about, and would be most of what is stored.
	faint = 0.015
)

// feature is a hashed property of a text and the token it was read from, or -1.
type feature struct {
	slot  uint32
	token int
	value float32
}

// sample is a text made ready for training: its features, what the phrases say
// of it already, and its class.
type sample struct {
	features []feature
	offset   []float64
	class    int
}

func newScorer(classes int) *scorer {
	return &scorer{classes: classes, weights: make([]float32, classes<<featureBits)}
}

// train fits the weights to what the phrases leave open.
func (s *scorer) train(samples []sample) {
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	state := uint64(1)
	for epoch := range epochs {
		for i := len(order) - 1; i > 0; i-- { // shuffle, alike each time
			state = state*6364136223846793005 + 1442695040888963407
			j := int(state>>33) % (i + 1)
			order[i], order[j] = order[j], order[i]
		}
		step := rate / (1 + 0.3*float64(epoch))
		for _, i := range order {
			s.learn(samples[i], step)
		}
	}
	s.prune()
}

// prune drops faint weights.
func (s *scorer) prune() {
	for i, w := range s.weights {
		if max(w, -w) < faint {
			s.weights[i] = 0
		}
	}
}

func (s *scorer) learn(x sample, step float64) {
	p := s.score(x.features, x.offset)
	softmax(p)
	for c := range p {
		g := p[c]
		if c == x.class {
			g--
		}
		if math.Abs(g) < 1e-2 {
			continue
		}
		for _, f := range x.features {
			w := &s.weights[int(f.slot)*s.classes+c]
			*w -= float32(step * (g*float64(f.value) + decay*float64(*w)))
		}
	}
}

// score is the sum of a text's features for each class, above the offset.
func (s *scorer) score(features []feature, offset []float64) []float64 {
	out := make([]float64, s.classes)
	copy(out, offset)
	for _, f := range features {
		row := s.weights[int(f.slot)*s.classes:][:s.classes]
		for c, w := range row {
			out[c] += float64(w * f.value)
		}
	}
	return out
}

// speaksFor is how much a feature speaks for one class against the others.
func (s *scorer) speaksFor(f feature, class int) float64 {
	row := s.weights[int(f.slot)*s.classes:][:s.classes]
	var mean float32
	for _, w := range row {
		mean += w
	}
	return float64((row[class] - mean/float32(s.classes)) * f.value)
}

func softmax(v []float64) {
	top := math.Inf(-1)
	for _, x := range v {
		top = max(top, x)
	}
	sum := 0.0
	for i, x := range v {
		v[i] = math.Exp(x - top)
		sum += v[i]
	}
	for i := range v {
		v[i] /= sum
	}
}

// slot hashes the name of a feature (FNV-1a).
func slot(kind byte, name string) uint32 {
	h := uint32(2166136261)
	h = (h ^ uint32(kind)) * 16777619
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return (h ^ h>>featureBits) & (1<<featureBits - 1)
}
