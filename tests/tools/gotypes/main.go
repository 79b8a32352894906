// Prints the Go structs that kubectl decodes a manifest into, as kubectl_svc/workloads/go_types.py holds them.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	structs = map[string]string{}
	known   = map[reflect.Type]string{
		reflect.TypeOf(intstr.IntOrString{}): "intstr",
		reflect.TypeOf(metav1.Time{}):        "time",
		reflect.TypeOf(resource.Quantity{}):  "raw",
		reflect.TypeOf(metav1.ObjectMeta{}):  "meta",
		reflect.TypeOf(metav1.FieldsV1{}):    "raw",
	}
)

// typeName is the word for a type: a scalar, `=` and the name of a string type, `[]` and an item, `{}` and the name of another map, or a struct's name.
func typeName(t reflect.Type) string {
	if word, ok := known[t]; ok {
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
			return "raw"
		}
		return "[]" + typeName(t.Elem())
	case reflect.Map:
		if t.Elem().Kind() == reflect.String {
			return "map"
		}
		return "{}" + t.String()
	case reflect.Struct:
		walk(t)
		return t.Name()
	}
	return t.Kind().String()
}

func walk(t reflect.Type) {
	if _, done := structs[t.Name()]; done {
		return
	}
	structs[t.Name()] = ""
	structs[t.Name()] = strings.Join(fields(t, ""), " ")
}

// fields are `name:type`, with `?` where an empty value is not the same as none. Embedded structs are flattened; before
// the names of their fields stand their own names, as in the paths of Go's errors.
func fields(t reflect.Type, within string) []string {
	var words []string
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type == reflect.TypeOf(metav1.TypeMeta{}) || name == "-" {
			continue
		}
		if name == "" && field.Anonymous {
			words = append(words, fields(field.Type, within+field.Name+".")...)
			continue
		}
		mark := ""
		if kind := field.Type.Kind(); kind == reflect.Pointer || kind == reflect.Map {
			mark = "?"
		}
		words = append(words, within+name+":"+typeName(field.Type)+mark)
	}
	return words
}

func main() {
	for _, object := range []any{
		corev1.Pod{}, corev1.Service{}, corev1.ReplicationController{}, appsv1.Deployment{}, appsv1.ReplicaSet{},
	} {
		walk(reflect.TypeOf(object))
	}
	names := make([]string, 0, len(structs))
	for name := range structs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf("%s %s\n", name, structs[name])
	}
}
