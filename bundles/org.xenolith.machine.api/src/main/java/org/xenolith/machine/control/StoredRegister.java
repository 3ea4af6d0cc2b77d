// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.util.OptionalLong;

/**
 * A register of a device, as its model's table has it.
 *
 * @param window    the device's name for the registers that it belongs to; behind those of the parts that these are of
 * @param name      as in the manual
 * @param offset    of its first byte there
 * @param bytes     its size
 * @param reference clause of the manual
 * @param value     what is stored; empty if what a guest reads is made when it reads, which may act
 */
public record StoredRegister(String window, String name, int offset, int bytes, String reference, OptionalLong value) {}
