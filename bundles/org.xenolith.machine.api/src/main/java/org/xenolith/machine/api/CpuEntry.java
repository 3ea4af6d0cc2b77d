// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/**
 * How the CPU that boots is entered: where, and with what in its registers. Each architecture has its own, such as
 * {@code org.xenolith.arm.api.ArmEntry}; a CPU refuses another's.
 */
public interface CpuEntry {}
