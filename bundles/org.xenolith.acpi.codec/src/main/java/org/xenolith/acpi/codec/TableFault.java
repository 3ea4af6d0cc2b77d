// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * What is wrong with a table that can be read.
 *
 * @param table   its signature
 * @param offset  byte offset from its start
 * @param message the fault and what to do about it
 */
public record TableFault(String table, int offset, String message) {
  @Override
  public String toString() {
    return table + ", offset 0x" + Integer.toHexString(offset) + ": " + message;
  }
}
