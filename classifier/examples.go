package classifier

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed examples/*.txt
var exampleFiles embed.FS

// readExamples reads the embedded examples, one file a language, one text a
// line: "category: text". They teach the scorer its categories, and the letter
// model its languages; "text" alone teaches only the language.
func readExamples() (examples []Example, samples [len(languages)]string, err error) {
	files, err := fs.Glob(exampleFiles, "examples/*.txt")
	if err != nil {
		return nil, samples, fmt.Errorf("listing examples: %w", err)
	}
	for _, name := range files {
		tag := strings.TrimSuffix(path.Base(name), ".txt")
		lang := slices.Index(languages[:], tag)
		if lang < 0 {
			return nil, samples, fmt.Errorf("reading %s: no language %q", name, tag)
		}
		b, err := exampleFiles.ReadFile(name)
		if err != nil {
			return nil, samples, fmt.Errorf("reading examples: %w", err)
		}
		var sample strings.Builder
		for n, line := range strings.Split(string(b), "\n") {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			category, text, ok := strings.Cut(line, ": ")
			if !ok || category != "text" && !slices.Contains(categories[:], category) {
				return nil, samples, fmt.Errorf("reading %s: line %d: want \"category: text\", got %q", name, n+1, line)
			}
			sample.WriteString(text + "\n")
			if category != "text" {
				examples = append(examples, Example{Category: category, Text: text})
			}
		}
		samples[lang] = sample.String()
	}
	return examples, samples, nil
}
