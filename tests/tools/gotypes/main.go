// Prints kubectl_svc/go_types.py: the Go structs that kubectl decodes manifests, Services
// and what is around them, kubeconfigs and the output of credential plugins into.
//
//	go run . > ../../../kubectl_svc/go_types.py
package main

import (
	"fmt"
	"log"
	"reflect"
	"sort"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	clientauthenticationv1 "k8s.io/client-go/pkg/apis/clientauthentication/v1"
	clientcmdv1 "k8s.io/client-go/tools/clientcmd/api/v1"
)

const (
	lineLength = 120
	head       = `"""The Go structs that kubectl 1.36 decodes into: of what can be exposed and what is around it, kubeconfigs and plugins.

Printed by tests/tools/gotypes, which walks the real types; read by go_structs.

Each field of a struct, in the struct's order, is NAME:TYPE and its marks. Before the name of an embedded struct's field
stand that struct's own name and a dot.

TYPE  string int32 int64 bool, intstr (IntOrString), time (metav1.Time), bytes, raw (JSON that is not looked into),
      =NAME (a string type), []ITEM, {NAME}VALUE (a map with strings for keys), or a struct
?     a pointer: zero is not the same as none
!     Go writes it even when it is empty

clientauthentication.Cluster is the Cluster of an ExecCredential; Go has that name for a kubeconfig's as well.
"""

from __future__ import annotations

STRUCTS = {
`
)

var (
	roots = []any{
		corev1.Pod{}, corev1.PodTemplate{}, corev1.Service{}, corev1.ReplicationController{}, appsv1.Deployment{},
		appsv1.ReplicaSet{}, appsv1.StatefulSet{}, appsv1.DaemonSet{}, batchv1.Job{}, batchv1.CronJob{}, autoscalingv1.Scale{},
		metav1.ListMeta{}, clientcmdv1.Config{}, clientauthenticationv1.ExecCredential{},
		discoveryv1.EndpointSlice{}, corev1.Node{}, corev1.Event{}, networkingv1.NetworkPolicy{},
	}
	decodeThemselves = map[reflect.Type]string{
		reflect.TypeFor[intstr.IntOrString]():   "intstr",
		reflect.TypeFor[metav1.Time]():          "time",
		reflect.TypeFor[metav1.MicroTime]():     "time",
		reflect.TypeFor[metav1.FieldsV1]():      "raw",
		reflect.TypeFor[resource.Quantity]():    "raw",
		reflect.TypeFor[runtime.RawExtension](): "raw",
	}
	namesakes = map[reflect.Type]string{
		reflect.TypeFor[clientauthenticationv1.Cluster](): "clientauthentication.Cluster",
	}
	structs = map[string]reflect.Type{}
	fields  = map[string][]string{}
)

// typeName is the word for a type; it walks through the structs that it comes to.
func typeName(t reflect.Type) string {
	if word, ok := decodeThemselves[t]; ok {
		return word
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.String:
		if t.PkgPath() == "" {
			return "string"
		}
		return "=" + t.String()
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + typeName(t.Elem())
	case reflect.Map:
		return "{" + t.String() + "}" + typeName(t.Elem())
	case reflect.Struct:
		return walk(t)
	}
	return t.Kind().String()
}

// walk notes a struct and all that it holds. Structs are known by their names alone, as in Go's errors; only namesakes
// have a name of their own in the table, which walk gives.
func walk(t reflect.Type) string {
	name, ok := namesakes[t]
	if !ok {
		name = t.Name()
	}
	if known, done := structs[name]; done {
		if known != t {
			log.Fatalf("%s and %s have the same name", known.PkgPath(), t.PkgPath())
		}
		return name
	}
	structs[name] = t
	fields[name] = fieldsOf(t, "")
	return name
}

// fieldsOf flattens embedded structs: `within` is their names, as in the paths of Go's errors.
func fieldsOf(t reflect.Type, within string) []string {
	var words []string
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type == reflect.TypeFor[metav1.TypeMeta]() || name == "-" {
			continue
		}
		if name == "" && field.Anonymous {
			words = append(words, fieldsOf(field.Type, within+field.Name+".")...)
			continue
		}
		words = append(words, within+name+":"+typeName(field.Type)+marks(field.Type.Kind(), options))
	}
	return words
}

// marks says when Go writes a field. To omitempty no struct is empty; omitzero leaves out its zero value.
func marks(kind reflect.Kind, options string) string {
	found := ""
	if kind == reflect.Pointer {
		found = "?"
	}
	omitted := strings.Contains(options, "omitzero") || strings.Contains(options, "omitempty") && kind != reflect.Struct
	if !omitted {
		found += "!"
	}
	return found
}

// entry is one line of the Python table, or several that are no longer than a line may be.
func entry(name string, words []string) string {
	whole := fmt.Sprintf("    %q: %q,", name, strings.Join(words, " "))
	if len(whole) <= lineLength {
		return whole
	}
	lines := []string{""}
	for _, word := range words {
		last := &lines[len(lines)-1]
		if len(*last)+len(word)+len(`        " "`) > lineLength {
			lines = append(lines, "")
			last = &lines[len(lines)-1]
		}
		*last += word + " "
	}
	lines[len(lines)-1] = strings.TrimSuffix(lines[len(lines)-1], " ")
	for i, line := range lines {
		lines[i] = fmt.Sprintf("        %q\n", line)
	}
	return fmt.Sprintf("    %q: (\n%s    ),", name, strings.Join(lines, ""))
}

func main() {
	for _, root := range roots {
		walk(reflect.TypeOf(root))
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Print(head)
	for _, name := range names {
		fmt.Println(entry(name, fields[name]))
	}
	fmt.Println("}")
}
