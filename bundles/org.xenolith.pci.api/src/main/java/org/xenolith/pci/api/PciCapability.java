// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * A capability of a function.
 *
 * @param id       its id
 * @param extended whether it is behind the first 256 bytes
 * @param version  of an extended one; else 0
 * @param offset   where it is in configuration space
 */
public record PciCapability(int id, boolean extended, int version, int offset) {}
