// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The variable services of a guest, and the monotonic counter that is kept beside the variables (UEFI 2.10, 8.2 and 8.5.2). A caller's
 * sizes are unsigned 64-bit numbers.
 */
@ConsumerType
public interface VariableServices {
  /**
   * Reads a variable: NOT_FOUND, also for what isn't to be seen at run time; BUFFER_TOO_SMALL with the size and attributes if it is longer
   * than {@code bufferSize} bytes.
   */
  VariableAnswer getVariable(VariableName name, long bufferSize);

  /**
   * The variable after another one, in an order that doesn't change while none is made or deleted; the first one after an empty text.
   * NOT_FOUND behind the last one, INVALID_PARAMETER after one that there isn't, BUFFER_TOO_SMALL with the size if the text with its NUL is
   * longer than {@code bufferSize} bytes.
   */
  NameAnswer getNextVariableName(VariableName previous, long bufferSize);

  /**
   * Makes, changes, appends to or deletes a variable.
   *
   * @param attributes {@link VariableAttributes}, any 32 bits
   * @param data       all that the caller gave, with the authentication descriptor if the attributes say so; not kept
   */
  EfiStatus setVariable(VariableName name, int attributes, byte[] data);

  /** How much room there is for variables with these attributes. */
  SpaceAnswer queryVariableInfo(int attributes);

  /** The high half of the monotonic counter, higher than ever before; it outlives resets. */
  CounterAnswer getNextHighMonotonicCount();
}
