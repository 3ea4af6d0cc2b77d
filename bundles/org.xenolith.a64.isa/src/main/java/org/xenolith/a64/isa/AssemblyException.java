// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Assembly text that has no encoding. The message says the line, what is wrong with it and, where known, what to write. */
public final class AssemblyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  AssemblyException(String message) {
    super(message);
  }
}
