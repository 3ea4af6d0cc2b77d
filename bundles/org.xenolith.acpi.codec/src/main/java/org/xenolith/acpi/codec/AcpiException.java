// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * A table that can't be read or built: what is wrong, in which table and where, and what to do about it.
 *
 * <p>It is the only exception that reading tables and looking at their fields can give.
 */
public final class AcpiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** Remedy for bytes that don't keep to the specification. */
  static final String DAMAGED = "the table is damaged; make it anew or take it again from the machine";

  private final String table;
  private final long offset;
  private final String what;
  private final String remedy;

  /**
   * @param table  signature of the table, or what stands for it ({@code RSDP})
   * @param offset byte offset from the start of the table
   * @param what   the fault
   * @param remedy what the user can do
   */
  public AcpiException(String table, long offset, String what, String remedy) {
    super(table + ", offset 0x" + Long.toHexString(offset) + ": " + what + "; " + remedy);
    this.table = table;
    this.offset = offset;
    this.what = what;
    this.remedy = remedy;
  }

  /** Signature of the table. */
  public String table() {
    return table;
  }

  /** Byte offset from the start of the table. */
  public long offset() {
    return offset;
  }

  /** The fault without place and remedy. */
  public String what() {
    return what;
  }

  /** What the user can do about it. */
  public String remedy() {
    return remedy;
  }
}
