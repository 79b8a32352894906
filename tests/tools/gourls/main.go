// Reads URLs with the real net/url, chooses proxies with the real net/http and reads PEM with the real encoding/pem, for
// comparison with kubectl_svc/access/go_url.py, proxy.py and pem.py.
//
// stdin: one question per line (a JSON object whose texts are base64, so that any bytes can travel). stdout: one JSON
// answer per line. net/http reads the environment once in a process, so all questions of a run share it.
package main

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

type question struct {
	URL       []byte
	Reference []byte // where set, what it leads to from the URL
	Proxy     bool   // whether to choose a proxy for the URL
	PEM       []byte // where set, a text to read blocks from instead of a URL
}

type answer struct {
	Redacted, Target, Hostname, Port []byte
	Username, Password               []byte
	Resolved                         []byte
	Proxy                            []byte
	Blocks                           []byte // a JSON list
	Left                             []byte // what is behind the last block
	Error                            []byte
}

type block struct {
	Type, Bytes []byte
	HasHeaders  bool
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		check(json.Unmarshal(lines.Bytes(), &asked))
		read, err := read(asked)
		if err != nil {
			read = answer{Error: []byte(err.Error())}
		}
		check(answers.Encode(read))
	}
	check(lines.Err())
}

func read(asked question) (answer, error) {
	if len(asked.PEM) > 0 {
		return readPEM(asked.PEM)
	}
	parsed, err := url.Parse(string(asked.URL))
	if err != nil {
		return answer{}, err
	}
	result := answer{
		Redacted: []byte(parsed.Redacted()),
		Target:   []byte(parsed.RequestURI()),
		Hostname: []byte(parsed.Hostname()),
		Port:     []byte(parsed.Port()),
		Username: []byte(parsed.User.Username()),
	}
	password, _ := parsed.User.Password()
	result.Password = []byte(password)
	if len(asked.Reference) > 0 {
		resolved, err := parsed.Parse(string(asked.Reference))
		if err != nil {
			return answer{}, err
		}
		result.Resolved = []byte(resolved.Redacted())
	}
	if asked.Proxy {
		proxy, err := http.ProxyFromEnvironment(&http.Request{URL: parsed})
		if err != nil {
			return answer{}, err
		}
		if proxy != nil {
			result.Proxy = []byte(proxy.Redacted())
		}
	}
	return result, nil
}

func readPEM(text []byte) (answer, error) {
	blocks := []block{}
	for {
		next, rest := pem.Decode(text)
		if next == nil {
			break
		}
		blocks = append(blocks, block{[]byte(next.Type), next.Bytes, len(next.Headers) > 0})
		text = rest
	}
	packed, err := json.Marshal(blocks)
	return answer{Blocks: packed, Left: text}, err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
