// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's core: EL2 as Java, domains and virtual CPUs, scheduling, and where traps and hypercalls go. */
package org.xenolith.hyp;
