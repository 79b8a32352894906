// Reads command lines with the real cobra and pflag, for comparison with kubectl_svc/argv.py.
//
// stdin: one line with the declaration (a JSON array of commands, the root first), then one command line per line (a
// JSON array of words in base64, so that any bytes can travel). stdout: one JSON answer per command line.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/klog/v2"
)

const path = "kubectl svc"

type flagDeclaration struct {
	Name, Shorthand, Type, Default, Bare, Deprecated, Refused string
	Classified                                                bool
}

type commandDeclaration struct {
	Name      string
	Arguments *int // how many there must be; nil: any number
	Flags     []flagDeclaration
}

type written struct {
	Name  string
	Value []byte
}

type answer struct {
	Command string
	Args    [][]byte
	Values  map[string][][]byte // of the flags that were typed
	Written []written
	Notices []byte
	Help    bool
	Error   []byte
	See     string // the command that failed
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	var commands []commandDeclaration
	if !next(lines, &commands) {
		return
	}
	for {
		var words [][]byte
		if !next(lines, &words) {
			return
		}
		argv := make([]string, len(words))
		for i, word := range words {
			argv[i] = string(word)
		}
		check(answers.Encode(read(commands, argv)))
	}
}

func next(lines *bufio.Reader, into any) bool {
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return false
	}
	check(json.Unmarshal(line, into))
	return true
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// read runs a fresh command tree: cobra and pflag keep what they have parsed.
func read(commands []commandDeclaration, argv []string) answer {
	var result answer
	var printed bytes.Buffer
	take := func(cmd *cobra.Command, help bool) {
		result.Command, result.Help = strings.TrimPrefix(cmd.CommandPath()[len(path):], " "), help
		if !help {
			takeFlags(cmd.Flags(), argv, &result)
		}
	}
	root := tree(commands, take)
	root.SetArgs(argv)
	root.SetOut(&printed)
	root.SetErr(&printed)
	if cmd, err := root.ExecuteC(); err != nil {
		return answer{Error: []byte(err.Error()), See: cmd.CommandPath()}
	}
	result.Notices = printed.Bytes()
	return result
}

// tree is set up as kubectl sets up its own (pkg/cmd/cmd.go): global flags persist, root prints help, `_` means `-`.
func tree(commands []commandDeclaration, take func(cmd *cobra.Command, help bool)) *cobra.Command {
	root := &cobra.Command{
		Use:           "kubectl-svc",
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: path},
		SilenceErrors: true,
		SilenceUsage:  true,
		Run:           func(cmd *cobra.Command, _ []string) { check(cmd.Help()) },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { take(cmd, true) })
	root.SetUsageFunc(func(cmd *cobra.Command) error { take(cmd, true); return nil })
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(strings.ReplaceAll(name, "_", "-"))
	})
	for _, declared := range commands[0].Flags {
		declare(root.PersistentFlags(), declared)
	}
	for _, command := range commands[1:] {
		if command.Name == "help" { // cobra brings its own
			continue
		}
		root.AddCommand(subcommand(command, root.PersistentFlags(), take))
	}
	return root
}

func subcommand(declared commandDeclaration, global *pflag.FlagSet, take func(cmd *cobra.Command, help bool)) *cobra.Command {
	command := &cobra.Command{Use: declared.Name, Run: func(cmd *cobra.Command, _ []string) { take(cmd, false) }}
	command.Args = func(cmd *cobra.Command, args []string) error {
		if err := refusal(cmd, declared); err != nil {
			return err
		}
		if declared.Arguments == nil {
			return nil
		}
		if *declared.Arguments == 0 && len(args) > 0 { // kubectl's pkg/cmd/version
			return fmt.Errorf("extra arguments: %v", args)
		}
		if *declared.Arguments == 1 && len(args) != 1 { // kubectl's pkg/cmd/create
			return fmt.Errorf("exactly one NAME is required, got %d", len(args))
		}
		return nil
	}
	for _, flag := range declared.Flags {
		if global.Lookup(flag.Name) == nil {
			declare(command.Flags(), flag)
		}
	}
	return command
}

// refusal is the error of the first flag typed that is declared only to be refused.
func refusal(command *cobra.Command, declared commandDeclaration) (err error) {
	command.Flags().SortFlags = false // Visit goes in the order typed
	command.Flags().Visit(func(flag *pflag.Flag) {
		for _, one := range declared.Flags {
			if err == nil && one.Name == flag.Name && one.Refused != "" {
				err = fmt.Errorf("--%s cannot be used with %s: %s", one.Name, declared.Name, one.Refused)
			}
		}
	})
	return err
}

func declare(flags *pflag.FlagSet, declared flagDeclaration) {
	if declared.Name == "help" { // cobra brings its own
		return
	}
	flags.AddFlag(declaredFlag(declared))
	added := flags.Lookup(declared.Name)
	added.NoOptDefVal = declared.Bare
	if declared.Deprecated != "" {
		check(flags.MarkDeprecated(declared.Name, declared.Deprecated))
	}
	if declared.Classified {
		check(flags.SetAnnotation(declared.Name, "classified", []string{"true"}))
	}
}

func declaredFlag(declared flagDeclaration) *pflag.Flag {
	own := pflag.NewFlagSet("own", pflag.ContinueOnError)
	klogs := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(klogs)
	switch declared.Type {
	case "string":
		own.StringP(declared.Name, declared.Shorthand, declared.Default, "")
	case "bool":
		own.BoolP(declared.Name, declared.Shorthand, declared.Default == "true", "")
	case "stringSlice":
		own.StringSliceP(declared.Name, declared.Shorthand, nil, "")
	case "stringArray", "strings":
		own.StringArrayP(declared.Name, declared.Shorthand, nil, "")
	case "int32": // klog's Level, whatever the flag is called
		level := pflag.PFlagFromGoFlag(klogs.Lookup("v"))
		level.Name, level.Shorthand = declared.Name, declared.Shorthand
		return level
	case "modules":
		return pflag.PFlagFromGoFlag(klogs.Lookup("vmodule"))
	case "duration": // component-base declares it with the flag package
		klogs.Duration(declared.Name, 5*time.Second, "")
		return pflag.PFlagFromGoFlag(klogs.Lookup(declared.Name))
	default:
		check(fmt.Errorf("unknown type %q of --%s", declared.Type, declared.Name))
	}
	return own.Lookup(declared.Name)
}

func takeFlags(flags *pflag.FlagSet, argv []string, result *answer) {
	result.Values = map[string][][]byte{}
	flags.Visit(func(flag *pflag.Flag) {
		texts := []string{flag.Value.String()}
		if several, ok := flag.Value.(pflag.SliceValue); ok {
			texts = several.GetSlice()
		}
		result.Values[flag.Name] = raw(texts)
	})
	result.Args = raw(flags.Args())
	// As cli-runtime's record_flags.go: every flag as typed, the secret ones covered.
	check(flags.ParseAll(argv, func(flag *pflag.Flag, value string) error {
		if len(flag.Annotations["classified"]) > 0 {
			value = "CLASSIFIED"
		}
		result.Written = append(result.Written, written{flag.Name, []byte(value)})
		return nil
	}))
}

func raw(texts []string) [][]byte {
	result := make([][]byte, len(texts))
	for i, text := range texts {
		result[i] = []byte(text)
	}
	return result
}
