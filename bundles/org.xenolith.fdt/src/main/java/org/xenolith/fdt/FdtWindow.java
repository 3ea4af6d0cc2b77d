// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

/**
 * A piece of the CPUs' physical address space.
 *
 * @param base first address
 * @param size bytes; 0 where a tree leaves the size to firmware
 */
public record FdtWindow(long base, long size) {}
