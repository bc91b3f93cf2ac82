// Runs one command through masterzen/winrm, an independent WinRM client, over HTTPS with Basic authentication, and says what it got.
// Standard input: JSON with host, port, user, password, ca (a file), script or command. Standard output: JSON.
package main

import (
	"encoding/json"
	"io/ioutil"
	"os"
	"time"

	"github.com/masterzen/winrm"
)

type job struct {
	Host, User, Password, Ca, Script, Command, Stdin string
	Port                                             int
}

type answer struct {
	Status int    `json:"status"`
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	Error  string `json:"error,omitempty"`
}

func main() {
	var asked job
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	ca, err := ioutil.ReadFile(asked.Ca)
	if err != nil {
		panic(err)
	}
	var result answer
	endpoint := winrm.NewEndpoint(asked.Host, asked.Port, true, false, ca, nil, nil, 30*time.Second)
	client, err := winrm.NewClient(endpoint, asked.User, asked.Password)
	if err == nil {
		command := asked.Command
		if asked.Script != "" {
			command = winrm.Powershell(asked.Script)
		}
		result.Stdout, result.Stderr, result.Status, err = client.RunWithString(command, asked.Stdin)
	}
	if err != nil {
		result.Error = err.Error()
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}
