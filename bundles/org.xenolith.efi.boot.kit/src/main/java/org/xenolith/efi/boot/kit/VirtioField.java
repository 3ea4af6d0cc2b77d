// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

/**
 * A field of a virtio device's own configuration that its driver reads before it uses the device.
 *
 * @param offset    in bytes from the configuration's beginning
 * @param size      bytes: 1, 2, 4 or 8
 * @param feature   without which the field isn't there; 0: it always is
 * @param otherwise its value then
 */
public record VirtioField(int offset, int size, long feature, long otherwise) {
  /** A field that every device of its kind has. */
  public static VirtioField of(int offset, int size) {
    return new VirtioField(offset, size, 0, 0);
  }
}
