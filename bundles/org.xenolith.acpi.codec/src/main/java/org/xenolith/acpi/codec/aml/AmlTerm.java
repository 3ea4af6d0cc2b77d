// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.Arrays;
import java.util.List;

/** A term of AML. Immutable; it keeps the form that was read and is written so; only names are written as short as can be. */
public sealed interface AmlTerm {
  /**
   * A number.
   *
   * @param value unsigned
   * @param bytes that it takes behind its operator: 1, 2, 4, 8; 0: Zero, One or Ones, which have operators of their own
   */
  record Number(long value, int bytes) implements AmlTerm {}

  /** ASCII. */
  record Text(String value) implements AmlTerm {}

  /** A name, which stands for an object, or calls a method that takes so many arguments. */
  record Reference(AmlName name, List<AmlTerm> arguments) implements AmlTerm {
    /** Takes the arguments over. */
    public Reference {
      arguments = List.copyOf(arguments);
    }
  }

  /** Bytes: of a buffer, or of a method. */
  record Bytes(byte[] value) implements AmlTerm {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }
  }

  /**
   * An operator with what follows it.
   *
   * @param opcode      which
   * @param operands    in the operator's order; a byte, a word and a name are terms here, too
   * @param body        behind the operands, of operators with a package length
   * @param lengthBytes bytes of the package length, 1 to 4; 0: as few as do
   */
  record Operation(AmlOpcode opcode, List<AmlTerm> operands, List<AmlTerm> body, int lengthBytes) implements AmlTerm {
    /** Takes the lists over. */
    public Operation {
      operands = List.copyOf(operands);
      body = List.copyOf(body);
    }

    /** The name that is its first operand. */
    public AmlName name() {
      return ((Reference) operands.getFirst()).name();
    }

    /** The same with another body, and a package length as short as can be. */
    public Operation withBody(List<AmlTerm> other) {
      return new Operation(opcode, operands, other, 0);
    }
  }

  /**
   * A field of a region.
   *
   * @param kind        0: a named field; 1 to 3: the elements without a name of that number less one (ACPI 6.5, 20.2.5.2)
   * @param name        of the field
   * @param bits        of it, or how many are passed over
   * @param lengthBytes bytes of the length, 1 to 4; 0: as few as do
   * @param other       of access attributes and connections, their bytes
   */
  record FieldElement(int kind, String name, int bits, int lengthBytes, List<AmlTerm> other) implements AmlTerm {
    /** Takes the list over. */
    public FieldElement {
      other = List.copyOf(other);
    }
  }
}
