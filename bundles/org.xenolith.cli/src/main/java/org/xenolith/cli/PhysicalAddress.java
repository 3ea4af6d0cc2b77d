// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.WrittenNumber;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a physical address. */
final class PhysicalAddress implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return WrittenNumber.address(text);
    } catch (BadInput e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
