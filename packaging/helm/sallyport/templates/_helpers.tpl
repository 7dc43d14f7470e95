{{- define "sallyport.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "sallyport.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sallyport.labels" -}}
{{ include "sallyport.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sallyport.account" -}}
{{ .Values.serviceAccount.name | default (include "sallyport.name" .) }}
{{- end }}

{{/* The configuration. The admin port is at 127.0.0.1:9090 and answers inside of the pod alone. */}}
{{- define "sallyport.config" -}}
{{- if not .Values.servers }}{{- fail "set servers: there is nothing to share" }}{{- end }}
{{- $publicUrl := required "set publicUrl: requests for any other host are refused" .Values.publicUrl }}
{{- $config := dict "listen" (printf ":%v" .Values.port) "public-url" $publicUrl "callers" "keys" "servers" .Values.servers }}
{{- if .Values.tls.secretName }}
{{- $_ := set $config "tls" (dict "cert" "/run/tls/tls.crt" "key" "/run/tls/tls.key") }}
{{- else if .Values.behindProxy }}
{{- $_ := set $config "behind-proxy" .Values.behindProxy }}
{{- else }}
{{- fail "set tls.secretName, or behindProxy: Sallyport refuses to be reachable in clear" }}
{{- end }}
{{- $limits := dict }}
{{- range $key, $value := .Values.limits }}
{{- /* A number of a values file is a float, which would be written as 4.194304e+06. */}}
{{- $_ := set $limits $key (ternary (int64 $value) $value (kindIs "float64" $value)) }}
{{- end }}
{{- if $limits }}{{- $_ := set $config "limits" $limits }}{{- end }}
{{- with .Values.routes }}{{- $_ := set $config "routes" . }}{{- end }}
{{- toYaml $config }}
{{- end }}
