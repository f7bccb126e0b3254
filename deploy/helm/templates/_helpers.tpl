{{- define "nokyc.labels" -}}
app.kubernetes.io/name: nokyc
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* A pod of one part; call it with a dict of root, part and its container's own words. */}}
{{- define "nokyc.pod" -}}
{{- $root := .root -}}
metadata:
  labels: {{- include "nokyc.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .part }}
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 40
  {{- if eq .part "migrate" }}
  restartPolicy: Never
  {{- else if eq .part "voice" }}
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  nodeSelector: {{- toYaml $root.Values.voice.nodeSelector | nindent 4 }}
  {{- else }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "nokyc.labels" $root | nindent 10 }}
          app.kubernetes.io/component: {{ .part }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: {{ .part }}
      image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      envFrom:
        - secretRef: {name: {{ required "secret: an existing Secret with DATABASE_URL and NOKYC_SECRET_KEY" $root.Values.secret }}}
      env:
        - {name: PUBLIC_URL, value: {{ required "publicUrl" $root.Values.publicUrl | quote }}}
        - {name: NOKYC_FILES, value: {{ required "files.url: an S3 store" $root.Values.files.url | quote }}}
        {{- with $root.Values.files.endpoint }}
        - {name: NOKYC_FILES_ENDPOINT, value: {{ . | quote }}}
        {{- end }}
        {{- if eq .part "voice" }}
        - {name: NOKYC_SIP_HOST, value: 0.0.0.0}
        - {name: NOKYC_SIP_ADVERTISE, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
        - {name: NOKYC_SIP_PORT, value: {{ $root.Values.voice.sipPort | quote }}}
        - {name: NOKYC_RTP_PORTS, value: {{ $root.Values.voice.rtpPorts | quote }}}
        {{- end }}
        {{- range $name, $value := $root.Values.settings }}
        - {name: {{ $name }}, value: {{ $value | quote }}}
        {{- end }}
      {{- .words | nindent 6 }}
      volumeMounts:
        - {name: data, mountPath: /var/lib/nokyc}
        - {name: tmp, mountPath: /tmp}
        {{- if eq .part "api" }}
        - {name: tls, mountPath: /etc/nokyc/tls, readOnly: true}
        {{- end }}
  volumes:
    - {name: data, emptyDir: {}}
    - {name: tmp, emptyDir: {}}
    {{- if eq .part "api" }}
    - name: tls
      secret: {secretName: {{ required "tls: an existing Secret of type kubernetes.io/tls" $root.Values.tls }}}
    {{- end }}
{{- end }}
