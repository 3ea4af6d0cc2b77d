/** Power State Coordination Interface: how a kernel starts and stops CPUs and the machine. */
package org.xenolith.firmware.psci;
