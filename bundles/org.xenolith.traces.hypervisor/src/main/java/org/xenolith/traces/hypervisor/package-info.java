// SPDX-License-Identifier: EPL-2.0
/** Traces of what the hypervisor does for its domains. */
package org.xenolith.traces.hypervisor;
