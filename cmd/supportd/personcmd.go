package main

type personCommand struct{}
