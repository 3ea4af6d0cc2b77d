// SPDX-License-Identifier: EPL-2.0
/**
 * The machine core: address space, interrupt wires, virtual time, scheduler, safe points, journal, snapshots, and the live
 * change of what is plugged into them. Exports nothing; applications and models see it through the machine contracts.
 */
package org.xenolith.machine;
