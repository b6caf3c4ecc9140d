// The workload: what a plain web application has, as the objects that cdk8s-plus-27 makes of raw-plus.cjs.
exports.nameOf = (index) => `app-${index}`;

exports.objectsOf = (name) => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name, tier: 'web' } },
    spec: {
      minReadySeconds: 0,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: name } },
      strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
      template: {
        metadata: { labels: { app: name, tier: 'web' } },
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              env: [
                { name: 'LOG_LEVEL', value: 'info' },
                { name: 'PORT', value: '8080' },
                { name: 'UPSTREAM', value: `http://${name}-db.prod.svc.cluster.local:5432/path?x=1` },
              ],
              image: `registry.example.com/${name}:1.2.3`,
              imagePullPolicy: 'IfNotPresent',
              livenessProbe: { failureThreshold: 3, httpGet: { path: '/livez', port: 8080, scheme: 'HTTP' } },
              name: 'main',
              ports: [{ containerPort: 8080, name: 'http' }],
              resources: { limits: { memory: '512Mi' }, requests: { cpu: '250m', memory: '512Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 1000,
              },
            },
          ],
          dnsPolicy: 'ClusterFirst',
          hostNetwork: false,
          restartPolicy: 'Always',
          securityContext: { fsGroupChangePolicy: 'Always', runAsNonRoot: true },
          setHostnameAsFQDN: false,
          terminationGracePeriodSeconds: 30,
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      externalIPs: [],
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      selector: { app: name },
      type: 'ClusterIP',
    },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      behavior: {
        scaleDown: {
          policies: [{ periodSeconds: 300, type: 'Pods', value: 2 }],
          selectPolicy: 'Max',
          stabilizationWindowSeconds: 300,
        },
        scaleUp: {
          policies: [
            { periodSeconds: 60, type: 'Pods', value: 4 },
            { periodSeconds: 60, type: 'Percent', value: 200 },
          ],
          selectPolicy: 'Max',
          stabilizationWindowSeconds: 0,
        },
      },
      maxReplicas: 10,
      metrics: [
        { resource: { name: 'cpu', target: { averageUtilization: 70, type: 'Utilization' } }, type: 'Resource' },
      ],
      minReplicas: 2,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    },
  },
];
