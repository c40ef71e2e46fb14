package main

import "path/filepath"

// dataFolder is the layout of data_dir.
type dataFolder string

func (d dataFolder) journal() string    { return filepath.Join(string(d), "journal") }
func (d dataFolder) archive() string    { return filepath.Join(string(d), "archive") }
func (d dataFolder) sent() string       { return filepath.Join(string(d), "sent") }
func (d dataFolder) keys() string       { return filepath.Join(string(d), keyFolder) }
func (d dataFolder) erasures() string   { return filepath.Join(string(d), "erasures") }
func (d dataFolder) bolt() string       { return filepath.Join(string(d), "store.bolt") }
func (d dataFolder) outgoing() string   { return filepath.Join(string(d), "outgoing") }
func (d dataFolder) adminToken() string { return filepath.Join(string(d), adminTokenFile) }
