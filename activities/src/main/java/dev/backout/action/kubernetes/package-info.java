/**
 * Objects of a Kubernetes cluster: what they are, how they do, and how they are changed. Speaks to
 * the API server as the worker's own kubeconfig lets it.
 */
@NullMarked
package dev.backout.action.kubernetes;

import org.jspecify.annotations.NullMarked;
