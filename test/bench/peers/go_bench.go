// Measures masterzen/winrm (HTTPS, Basic) against a listener. Standard input: a line of JSON, then a line to start each part.
// Standard output: cold, ready (a shell is open and warm) and warm as milliseconds a round, rows as milliseconds, processor time and count.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/ioutil"
	"os"
	"syscall"
	"time"

	"github.com/masterzen/winrm"
)

type job struct {
	Host, User, Password, Ca, Script, Rows string
	Port, Rounds, RowRounds                int
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpu() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Sec+usage.Stime.Sec)*1000 + float64(usage.Utime.Usec+usage.Stime.Usec)/1000
}

func tell(value interface{}) {
	line, err := json.Marshal(value)
	must(err)
	fmt.Println(string(line))
}

func main() {
	input := bufio.NewReader(os.Stdin)
	wait := func() []byte {
		line, err := input.ReadBytes('\n')
		must(err)
		return line
	}
	var asked job
	must(json.Unmarshal(wait(), &asked))
	ca, err := ioutil.ReadFile(asked.Ca)
	must(err)
	connect := func() *winrm.Client {
		client, err := winrm.NewClient(winrm.NewEndpoint(asked.Host, asked.Port, true, false, ca, nil, nil, 120*time.Second), asked.User, asked.Password)
		must(err)
		return client
	}
	timed := func(action func()) []float64 {
		times := []float64{}
		for i := 0; i < asked.Rounds; i++ {
			start := time.Now()
			action()
			times = append(times, float64(time.Since(start).Microseconds())/1000)
		}
		return times
	}
	wait()
	tell(timed(func() {
		_, _, _, err := connect().RunWithString(winrm.Powershell(asked.Script), "")
		must(err)
	}))
	wait()
	shell, err := connect().CreateShell()
	must(err)
	run := func(script string) int {
		command, err := shell.Execute(winrm.Powershell(script))
		must(err)
		go ioutil.ReadAll(command.Stderr)
		out, err := ioutil.ReadAll(command.Stdout)
		must(err)
		command.Wait()
		command.Close()
		return bytes.Count(out, []byte("\n"))
	}
	run(asked.Script)
	tell("ready")
	wait()
	tell(timed(func() { run(asked.Script) }))
	for i := 0; i < asked.RowRounds; i++ {
		wait()
		start, used := time.Now(), cpu()
		rows := run(asked.Rows)
		tell(map[string]interface{}{"milliseconds": float64(time.Since(start).Microseconds()) / 1000, "cpu": cpu() - used, "rows": rows})
	}
	shell.Close()
}
