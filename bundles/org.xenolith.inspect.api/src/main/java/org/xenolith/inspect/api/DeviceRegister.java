// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import org.xenolith.regs.RegisterField;

/**
 * A register that a device has.
 *
 * @param window    those among which it is, by the device's name for them; behind a slash those of a part
 * @param name      as in the manual
 * @param offset    of its first byte in the window
 * @param bytes     its size
 * @param reference clause of the manual
 * @param title     what the manual calls it in words; empty if the model doesn't say
 * @param fields    the lowest first, none of them over another; reserved bits are in none. None if it is one value, or the model doesn't say
 */
public record DeviceRegister(String window, String name, int offset, int bytes, String reference, String title, List<
    RegisterField> fields) {
  /** Copies the list. */
  public DeviceRegister {
    fields = List.copyOf(fields);
  }

  /** One of whose words and fields nothing is known. */
  public DeviceRegister(String window, String name, int offset, int bytes, String reference) {
    this(window, name, offset, bytes, reference, "", List.of());
  }
}
