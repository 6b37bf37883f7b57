// Checks what a folder holds of an audit log with Go's own sumdb/note and sumdb/tlog: the verifier key, a checkpoint and
// an older one, the tiles of the tree, the data of leaves, and the service's proofs. Nothing here is ours but the reading.
package main

import (
  "encoding/base64"
  "encoding/json"
  "fmt"
  "os"
  "path/filepath"
  "strconv"
  "strings"

  "golang.org/x/mod/sumdb/note"
  "golang.org/x/mod/sumdb/tlog"
)

// What the service said of a leaf, and of the growth between the two checkpoints.
type claims struct {
  Leaves []struct {
    Index int64
    Data  string
    Proof []string
  }
  Growth []string
}

// Tiles in files that are named as C2SP names them: without the height, which is always 8.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
  var found [][]byte
  for _, each := range wanted {
    path := strings.Replace(each.Path(), "tile/8/", "tile/", 1)
    data, err := os.ReadFile(filepath.Join(t.folder, filepath.FromSlash(path)))
    if err != nil {
      return nil, err
    }
    found = append(found, data)
  }
  return found, nil
}

func main() {
  folder := os.Args[1]
  key := strings.TrimSpace(string(read(folder, "key")))
  tree, old := open(key, read(folder, "checkpoint")), open(key, read(folder, "old-checkpoint"))
  var said claims
  must(json.Unmarshal(read(folder, "claims.json"), &said))

  hashes := tlog.TileHashReader(tree, tiles{folder})
  root, err := tlog.TreeHash(tree.N, hashes)
  must(err)
  if root != tree.Hash {
    fail("the tiles have the root %v, the checkpoint %v", root, tree.Hash)
  }
  for _, leaf := range said.Leaves {
    own := tlog.RecordHash([]byte(leaf.Data))
    stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, leaf.Index)})
    must(err)
    if stored[0] != own {
      fail("leaf %d is %v in the tiles, and its data %v", leaf.Index, stored[0], own)
    }
    proof := tlog.RecordProof(parse(leaf.Proof))
    must(tlog.CheckRecord(proof, tree.N, tree.Hash, leaf.Index, own))
    expected, err := tlog.ProveRecord(tree.N, leaf.Index, hashes)
    must(err)
    same("the proof of leaf "+strconv.FormatInt(leaf.Index, 10), proof, expected)
  }
  growth := tlog.TreeProof(parse(said.Growth))
  must(tlog.CheckTree(growth, tree.N, tree.Hash, old.N, old.Hash))
  expected, err := tlog.ProveTree(tree.N, old.N, hashes)
  must(err)
  same("the proof of growth", growth, expected)
  fmt.Printf("%d leaves of %d are proven, and that the tree grew from %d.\n", len(said.Leaves), tree.N, old.N)
}

func open(key string, text []byte) tlog.Tree {
  verifier, err := note.NewVerifier(key)
  must(err)
  opened, err := note.Open(text, note.VerifierList(verifier))
  must(err)
  lines := strings.Split(opened.Text, "\n")
  if len(lines) != 4 || lines[0] != verifier.Name() {
    fail("the checkpoint is %q", opened.Text)
  }
  size, err := strconv.ParseInt(lines[1], 10, 64)
  must(err)
  root, err := tlog.ParseHash(lines[2])
  must(err)
  return tlog.Tree{N: size, Hash: root}
}

func parse(texts []string) []tlog.Hash {
  var hashes []tlog.Hash
  for _, text := range texts {
    if raw, err := base64.StdEncoding.DecodeString(text); err != nil || len(raw) != tlog.HashSize {
      fail("%q is not a hash", text)
    }
    hash, err := tlog.ParseHash(text)
    must(err)
    hashes = append(hashes, hash)
  }
  return hashes
}

func same(what string, left, right []tlog.Hash) {
  if fmt.Sprint(left) != fmt.Sprint(right) {
    fail("%s is %v, and should be %v", what, left, right)
  }
}

func read(folder, name string) []byte {
  data, err := os.ReadFile(filepath.Join(folder, name))
  must(err)
  return data
}

func must(err error) {
  if err != nil {
    fail("%v", err)
  }
}

func fail(format string, values ...interface{}) {
  fmt.Fprintf(os.Stderr, format+"\n", values...)
  os.Exit(1)
}
