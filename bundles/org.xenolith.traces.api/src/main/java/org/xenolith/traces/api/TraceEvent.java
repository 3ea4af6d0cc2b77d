// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import java.util.List;

/**
 * Something that happened.
 *
 * @param kind   what
 * @param time   virtual nanoseconds since the machine's power-on; never less than of the event before
 * @param cpu    index of the CPU that executed then; -1 if none did
 * @param domain number of the hypervisor's domain that it concerns; -1 if there is none, or nobody knows
 * @param device instance of the model, or node, that it concerns; empty for none
 * @param values of the kind's fields, in their order
 */
public record TraceEvent(TraceKind kind, long time, int cpu, int domain, String device, List<Object> values) {}
