package web

import (
	"cmp"
	"context"

	"aismarttalk.tech/supportd/faq"
)

type faqRequest struct {
	Question string `query:"q" required:"true" minLength:"1" maxLength:"500" doc:"As somebody puts it, in Danish or English, misspelt or not."`
	Language string `query:"language" maxLength:"10" doc:"In which the question probably is, da or en; absent: da. One in the other language is answered in that."`
}

// FAQ is what a question found.
type FAQ struct {
	Found  bool          `json:"found" doc:"Whether an entry answers it. If none does, say so and offer to open a ticket."`
	Answer *FAQEntry     `json:"answer,omitempty"`
	Near   []FAQQuestion `json:"near,omitempty" doc:"Where none does surely: questions that may have been meant."`
}

// FAQEntry is an answer.
type FAQEntry struct {
	FAQQuestion
	Text   string      `json:"text" doc:"The answer, as plain text."`
	Blocks []faq.Block `json:"blocks" doc:"The same in paragraphs and items."`
}

// FAQQuestion names an entry.
type FAQQuestion struct {
	ID       string `json:"id"`
	Language string `json:"language"`
	Question string `json:"question"`
}

type faqAnswer struct{ Body FAQ }

func (s *Server) searchFAQ(_ context.Context, r *faqRequest) (*faqAnswer, error) {
	m := s.parts.FAQ.Find(cmp.Or(r.Language, "da"), r.Question)
	out := FAQ{Found: m.Found}
	if m.Found {
		out.Answer = &FAQEntry{faqQuestion(m.Entry), m.Entry.Text(), m.Entry.Answer}
	}
	for _, e := range m.Near {
		out.Near = append(out.Near, faqQuestion(e))
	}
	return &faqAnswer{out}, nil
}

func faqQuestion(e faq.Entry) FAQQuestion {
	return FAQQuestion{ID: e.ID, Language: e.Language, Question: e.Title()}
}
