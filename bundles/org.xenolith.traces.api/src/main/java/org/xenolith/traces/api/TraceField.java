// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

/**
 * One detail of a kind of events.
 *
 * @param name lower-case letters, digits and underscores, the first one a letter
 * @param form what its values are
 */
public record TraceField(String name, Form form) {
  /** What values a field has. */
  public enum Form {
    /** A {@code Long}, signed, which people read as a decimal number. */
    NUMBER,
    /** A {@code Long}, unsigned, which people read as a hexadecimal number: an address, a bit mask. */
    BITS,
    /** A {@code String}. */
    TEXT,
    /** A {@code byte[]} that nobody changes any more. */
    BYTES
  }

  /** Refuses a name that a format can't have. */
  public TraceField {
    TraceKind.checkName(name, "[a-z][a-z0-9_]*");
  }

  /** Whether a value is one of this field. */
  public boolean takes(Object value) {
    return switch (form) {
      case NUMBER, BITS -> value instanceof Long;
      case TEXT -> value instanceof String;
      case BYTES -> value instanceof byte[];
    };
  }
}
