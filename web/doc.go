// Package web is the door for HTTP: a thin skin over the desk that offers its
// answers as a JSON API described by OpenAPI, and says whether the daemon is
// well.
//
// It stands on floor 3. Its one rule: nothing is decided here but who may ask;
// every answer and every refusal is the desk's.
package web
