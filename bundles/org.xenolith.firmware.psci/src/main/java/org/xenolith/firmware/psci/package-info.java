// SPDX-License-Identifier: EPL-2.0
/** Power State Coordination Interface: how a kernel starts and stops CPUs and the machine. */
package org.xenolith.firmware.psci;
