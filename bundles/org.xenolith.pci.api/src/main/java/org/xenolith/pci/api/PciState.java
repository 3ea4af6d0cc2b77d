// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * What software lets a function do.
 *
 * @param io     whether it decodes I/O space
 * @param memory whether it decodes memory space
 * @param master whether it may access memory and send messages
 * @param power  0 for D0 to 3 for D3hot
 */
public record PciState(boolean io, boolean memory, boolean master, int power) {}
