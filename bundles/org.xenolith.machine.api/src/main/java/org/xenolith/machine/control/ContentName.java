// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

/**
 * What people call something that a machine is given.
 *
 * @param name   what it is, the same in each run: {@code kernel}
 * @param source where it was had from, as the message says it when it is another one than it was; empty if nobody named it
 */
public record ContentName(String name, String source) {}
