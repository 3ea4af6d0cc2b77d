// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * A register that a device has.
 *
 * @param window    those among which it is, by the device's name for them; behind a slash those of a part
 * @param name      as in the manual
 * @param offset    of its first byte in the window
 * @param bytes     its size
 * @param reference clause of the manual
 */
public record DeviceRegister(String window, String name, int offset, int bytes, String reference) {}
