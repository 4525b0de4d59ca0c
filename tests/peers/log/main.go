// Command log-peer checks a proof file of Kosha's log with the libraries of Go's checksum database: golang.org/x/mod/sumdb/note
// for the signed checkpoint, golang.org/x/mod/sumdb/tlog for the proofs. It shares no code with Kosha; docs/formats.md is all
// that it was written from.
//
//	log-peer PROOF [CHECKPOINT]
//
// It prints one JSON document and ends with status 0, or names on standard error what does not hold and ends with status 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type entry struct {
	Index int64    `json:"index"`
	Entry []byte   `json:"entry"`
	Salt  []byte   `json:"salt"`
	Path  [][]byte `json:"path"`
}

type proof struct {
	Kosha      string  `json:"kosha"`
	V          int     `json:"v"`
	Verifier   string  `json:"verifier"`
	Checkpoint string  `json:"checkpoint"`
	Entries    []entry `json:"entries"`
	Since      *struct {
		Size       int64    `json:"size"`
		Path       [][]byte `json:"path"`
		Checkpoint string   `json:"checkpoint"`
	} `json:"since"`
}

type shown struct {
	Index  int64  `json:"index"`
	TimeMs int64  `json:"timeMs"`
	Event  string `json:"event"`
	Detail string `json:"detail"`
}

type report struct {
	Log     string  `json:"log"`
	Size    int64   `json:"size"`
	Entries []shown `json:"entries"`
	Since   []int64 `json:"since"`
}

// tree opens a checkpoint with the verifier.
func tree(text string, verifier note.Verifier) (string, tlog.Tree, error) {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return "", tlog.Tree{}, err
	}
	lines := strings.SplitN(opened.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return "", tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return "", tlog.Tree{}, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != 32 {
		return "", tlog.Tree{}, errors.New("no root")
	}
	found := tlog.Tree{N: size}
	copy(found.Hash[:], root)
	return lines[0], found, nil
}

func hashes(path [][]byte) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(path))
	for i, node := range path {
		if len(node) != 32 {
			return nil, errors.New("a node is 32 bytes")
		}
		copy(out[i][:], node)
	}
	return out, nil
}

// canonical reads a canonical entry, version 1.
func canonical(index int64, data []byte) (shown, error) {
	wrong := errors.New("not a canonical entry")
	if len(data) < 1+16+8 || data[0] != 1 {
		return shown{}, wrong
	}
	out := shown{Index: index, TimeMs: int64(binary.LittleEndian.Uint64(data[17:25]))}
	rest := data[25:]
	for _, into := range []*string{&out.Event, &out.Detail} {
		if len(rest) < 4 {
			return shown{}, wrong
		}
		length := uint64(binary.LittleEndian.Uint32(rest))
		rest = rest[4:]
		if uint64(len(rest)) < length {
			return shown{}, wrong
		}
		*into, rest = string(rest[:length]), rest[length:]
	}
	if len(rest) != 0 {
		return shown{}, wrong
	}
	return out, nil
}

// grown checks that the tree begins with an older one. tlog knows no proof from a tree to itself or from nothing.
func grown(path [][]byte, tree, older tlog.Tree) error {
	if older.N == tree.N {
		if older.Hash != tree.Hash {
			return errors.New("two logs of one size")
		}
		return nil
	}
	nodes, err := hashes(path)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(nodes), tree.N, tree.Hash, older.N, older.Hash)
}

func check(file, held string) (*report, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var read proof
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return nil, err
	}
	if read.Kosha != "log-proof" || read.V != 1 {
		return nil, errors.New("not a proof file of version 1")
	}
	verifier, err := note.NewVerifier(read.Verifier)
	if err != nil {
		return nil, err
	}
	name, current, err := tree(read.Checkpoint, verifier)
	if err != nil {
		return nil, err
	}
	out := &report{Log: name, Size: current.N, Entries: []shown{}, Since: []int64{}}
	for _, entry := range read.Entries {
		leaf := sha256.Sum256(append(append([]byte{0}, entry.Salt...), entry.Entry...))
		path, err := hashes(entry.Path)
		if err != nil {
			return nil, err
		}
		if err := tlog.CheckRecord(tlog.RecordProof(path), current.N, current.Hash, entry.Index, tlog.Hash(leaf)); err != nil {
			return nil, fmt.Errorf("entry %d: %w", entry.Index, err)
		}
		one, err := canonical(entry.Index, entry.Entry)
		if err != nil {
			return nil, err
		}
		out.Entries = append(out.Entries, one)
	}
	notes := []string{}
	if read.Since != nil && read.Since.Checkpoint != "" {
		notes = append(notes, read.Since.Checkpoint)
	}
	if held != "" {
		notes = append(notes, held)
	}
	for _, text := range notes {
		_, older, err := tree(text, verifier)
		if err != nil {
			return nil, err
		}
		var path [][]byte
		if read.Since != nil && read.Since.Size == older.N {
			path = read.Since.Path
		}
		if err := grown(path, current, older); err != nil {
			return nil, fmt.Errorf("since %d: %w", older.N, err)
		}
		out.Since = append(out.Since, older.N)
	}
	return out, nil
}

func main() {
	if len(os.Args) != 2 && len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "log-peer PROOF [CHECKPOINT]")
		os.Exit(2)
	}
	held := ""
	if len(os.Args) == 3 {
		text, err := os.ReadFile(os.Args[2])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		held = string(text)
	}
	found, err := check(os.Args[1], held)
	if err != nil {
		fmt.Fprintln(os.Stderr, "log-peer:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		os.Exit(1)
	}
}
