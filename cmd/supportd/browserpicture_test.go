package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"slices"
)

// paletteSize is how many colours a picture in the docs has: a page has few, and
// between them the shades of its letters' edges.
const paletteSize = 64

// keepPicture writes a picture of the docs, unless the one that is there shows the
// same: two drawings of one page differ in a few pixels of its letters' edges.
func keepPicture(file string, shot []byte) error {
	few, err := fewColours(shot)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(file); err == nil && alike(old, few) {
		return nil
	}
	return os.WriteFile(file, few, 0o644)
}

// alike reports whether less than one of two thousand pixels differs.
func alike(a, b []byte) bool {
	one, err := png.Decode(bytes.NewReader(a))
	if err != nil {
		return false
	}
	other, err := png.Decode(bytes.NewReader(b))
	if err != nil || one.Bounds() != other.Bounds() {
		return false
	}
	differ := 0
	for y := range one.Bounds().Dy() {
		for x := range one.Bounds().Dx() {
			if at(one, x, y) != at(other, x, y) {
				differ++
			}
		}
	}
	return differ*2000 < one.Bounds().Dx()*one.Bounds().Dy()
}

// fewColours is a picture with the colours that it has most of, each other pixel in
// the nearest of them: a third of the size.
func fewColours(shot []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	bounds := full.Bounds()
	count := map[color.RGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(full, x, y)]++
		}
	}
	most := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	palette := color.Palette{}
	for _, c := range most[:min(paletteSize, len(most))] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	few := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := at(full, x, y)
			i, ok := nearest[c]
			if !ok {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			few.SetColorIndex(x, y, i)
		}
	}
	var b bytes.Buffer
	best := png.Encoder{CompressionLevel: png.BestCompression}
	if err := best.Encode(&b, few); err != nil {
		return nil, fmt.Errorf("writing a picture: %w", err)
	}
	return b.Bytes(), nil
}

func at(i image.Image, x, y int) color.RGBA { return color.RGBAModel.Convert(i.At(x, y)).(color.RGBA) }
