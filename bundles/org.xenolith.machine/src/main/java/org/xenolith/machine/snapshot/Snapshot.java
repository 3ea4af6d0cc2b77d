// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.util.List;
import java.util.Map;
import org.xenolith.machine.places.KeptState;
import org.xenolith.regs.StateRecord;

/**
 * What a snapshot holds besides RAM.
 *
 * @param topology  digest of the topology
 * @param identities which CPUs it is of
 * @param providers what each present device and the CPUs were served by: a line for people and for messages
 * @param high      names of the wires that are high
 * @param core      clock, queue and scheduler
 * @param cpus      in order
 * @param standing  what is known of each CPU that takes one exception for ever, in order; empty in a snapshot of an earlier version
 * @param devices   by instance; those that were removed, too
 * @param ports     by node path and type name, joined by a blank
 * @param disks     by node path: what differs from the base image
 */
public record Snapshot(String topology, CpuIdentities identities, Map<String, String> providers, List<String> high, StateRecord core,
    List<StateRecord> cpus, List<StateRecord> standing, Map<String, KeptState> devices, Map<String, StateRecord> ports,
    Map<String, StateRecord> disks) {}
