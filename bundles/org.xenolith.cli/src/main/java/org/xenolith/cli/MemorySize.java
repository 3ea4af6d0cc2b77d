// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.WrittenNumber;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an amount of memory. */
final class MemorySize implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return WrittenNumber.memory(text);
    } catch (BadInput e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
