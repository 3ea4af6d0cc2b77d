// SPDX-License-Identifier: EPL-2.0
/**
 * Holds CPU engines against {@code qemu-aarch64}: random instruction sequences run in both from the same state at the same
 * addresses, and every register, flag and byte of memory must come out equal.
 */
package org.xenolith.conformance.cpu;
