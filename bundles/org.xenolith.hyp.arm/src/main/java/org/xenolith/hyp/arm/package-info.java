// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's core on A64 machines: EL2 as Java, and where traps and hypercalls go. */
package org.xenolith.hyp.arm;
