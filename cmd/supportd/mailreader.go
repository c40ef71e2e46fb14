package main

import (
	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/ticket"
)

// mailReader reads and understands one mail, as the daemon would.
type mailReader struct {
	parser     *parser.Parser
	classifier *classifier.Classifier
	prefix     string // of tracking IDs
}

func newMailReader(prefix string) (mailReader, error) {
	p, err := parser.New(parser.Config{})
	if err != nil {
		return mailReader{}, err
	}
	c, err := classifier.New(classifier.Config{})
	if err != nil {
		return mailReader{}, err
	}
	return mailReader{p, c, prefix}, nil
}

// read never fails: what could not be read is in the message's flags. It is
// safe for concurrent use.
func (r mailReader) read(raw []byte) mail {
	m := r.parser.Parse(raw)
	return mail{message: m, reading: r.classifier.Classify(m), clues: ticket.Clues(m, nil, r.prefix)}
}
