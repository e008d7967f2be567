package podbaseline

containers[container] {
  container := input.review.object.spec.containers[_]
}

containers[container] {
  container := input.review.object.spec.initContainers[_]
}

violation[{"msg": msg}] {
  input.parameters.limits
  container := containers[_]
  resource := {"cpu", "memory"}[_]
  not container.resources.requests[resource]
  msg := sprintf("container %v needs a request for %v", [container.name, resource])
}

violation[{"msg": msg}] {
  input.parameters.limits
  container := containers[_]
  not container.resources.limits.memory
  msg := sprintf("container %v needs a limit for memory", [container.name])
}

violation[{"msg": msg}] {
  input.parameters.noLatest
  container := containers[_]
  endswith(container.image, ":latest")
  msg := sprintf("the image of container %v is called latest", [container.name])
}

violation[{"msg": msg}] {
  input.parameters.noLatest
  container := containers[_]
  last := split(container.image, "/")
  not contains(last[count(last) - 1], ":")
  msg := sprintf("the image of container %v has neither a tag nor a digest", [container.name])
}

violation[{"msg": msg}] {
  input.parameters.noPrivileged
  container := containers[_]
  container.securityContext.privileged
  msg := sprintf("container %v is privileged", [container.name])
}

violation[{"msg": msg}] {
  label := input.parameters.requiredLabels[_]
  not input.review.object.metadata.labels[label]
  msg := sprintf("the label %v is missing", [label])
}
