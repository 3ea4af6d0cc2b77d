// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes terms as byte code. */
public final class AmlWriter {
  private static final int ONE_BYTE_LENGTH = 0x3f;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private AmlWriter() {}

  /**
   * The byte code of terms.
   *
   * @throws IllegalArgumentException if a term has not what its operator needs
   */
  public static byte[] write(List<? extends AmlTerm> terms) {
    AmlWriter writer = new AmlWriter();
    writer.all(terms);
    return writer.out.toByteArray();
  }

  /** No switch: one over types takes milliseconds the first time, and firmware makes its tables once. */
  private void term(AmlTerm term) {
    if (term instanceof AmlTerm.Operation operation) {
      operation(operation);
    } else if (term instanceof AmlTerm.Number number) {
      number(number);
    } else if (term instanceof AmlTerm.Text text) {
      out.write(0x0d);
      out.writeBytes(text.value().getBytes(StandardCharsets.US_ASCII));
      out.write(0);
    } else if (term instanceof AmlTerm.Reference reference) {
      name(reference.name());
      all(reference.arguments());
    } else if (term instanceof AmlTerm.Bytes bytes) {
      out.writeBytes(bytes.value());
    } else {
      field((AmlTerm.FieldElement) term);
    }
  }

  private void all(List<? extends AmlTerm> terms) {
    for (AmlTerm term : terms) {
      term(term);
    }
  }

  private void number(AmlTerm.Number number) {
    switch (number.bytes()) {
      case 0 -> out.write((int) number.value());
      case 1 -> out.write(0x0a);
      case 2 -> out.write(0x0b);
      case 4 -> out.write(0x0c);
      default -> out.write(0x0e);
    }
    raw(number.value(), number.bytes());
  }

  private void raw(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> 8 * i));
    }
  }

  private void name(AmlName name) {
    if (name.root()) {
      out.write('\\');
    }
    for (int i = 0; i < name.up(); i++) {
      out.write('^');
    }
    switch (name.segments().size()) {
      case 0 -> out.write(0);
      case 1 -> {
      }
      case 2 -> out.write(0x2e);
      default -> {
        out.write(0x2f);
        out.write(name.segments().size());
      }
    }
    for (String segment : name.segments()) {
      out.writeBytes(segment.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void field(AmlTerm.FieldElement field) {
    if (field.kind() == 0) {
      out.writeBytes(field.name().getBytes(StandardCharsets.US_ASCII));
    } else {
      out.write(field.kind() - 1);
    }
    if (field.kind() <= 1) {
      length(field.bits(), field.lengthBytes() == 0 ? shortest(field.bits()) : field.lengthBytes());
    }
    all(field.other());
  }

  private void operation(AmlTerm.Operation operation) {
    AmlOpcode opcode = operation.opcode();
    if (opcode.operands().size() != operation.operands().size()) {
      throw new IllegalArgumentException(opcode + " takes " + opcode.operands().size() + " operands, not "
          + operation.operands().size());
    }
    if (opcode.code() >>> 8 != 0) {
      out.write(opcode.code() >>> 8);
    }
    out.write(opcode.code());
    if (opcode.body() == AmlBody.NONE) {
      operands(this, operation);
      return;
    }
    AmlWriter inner = new AmlWriter();
    operands(inner, operation);
    inner.all(operation.body());
    byte[] content = inner.out.toByteArray();
    int bytes = operation.lengthBytes();
    if (bytes == 0) {
      bytes = shortest(content.length + 1);
      if (bytes > 1) {
        bytes = content.length + 2 < 1 << 12 ? 2 : content.length + 3 < 1 << 20 ? 3 : 4;
      }
    }
    length(content.length + bytes, bytes);
    out.writeBytes(content);
  }

  private static void operands(AmlWriter to, AmlTerm.Operation operation) {
    for (int i = 0; i < operation.operands().size(); i++) {
      AmlTerm term = operation.operands().get(i);
      switch (operation.opcode().operands().get(i)) {
        case BYTE -> to.raw(((AmlTerm.Number) term).value(), 1);
        case WORD -> to.raw(((AmlTerm.Number) term).value(), 2);
        case DWORD -> to.raw(((AmlTerm.Number) term).value(), 4);
        default -> to.term(term);
      }
    }
  }

  /** Bytes that a length takes that doesn't count itself. */
  private static int shortest(int length) {
    return length <= ONE_BYTE_LENGTH ? 1 : length < 1 << 12 ? 2 : length < 1 << 20 ? 3 : 4;
  }

  private void length(int length, int bytes) {
    if (bytes == 1) {
      out.write(length);
      return;
    }
    out.write(bytes - 1 << 6 | length & 0xf);
    raw(length >>> 4, bytes - 1);
  }
}
