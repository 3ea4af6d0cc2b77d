// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.TableHeader;

/**
 * Reads the byte code of a table. Time and memory are linear in its size, its depth is limited, whatever its bytes are.
 *
 * <p>How many arguments a call outside of methods has, is known from the methods and externals before it.
 */
public final class AmlReader {
  private static final int MAX_DEPTH = 64;

  private final String table;
  private final byte[] code;
  private final Map<AmlName, Integer> arguments = new HashMap<>();
  private AmlName scope = AmlName.of("\\");
  private int at;
  private int depth;

  private AmlReader(String table, byte[] code) {
    this.table = table;
    this.code = code;
  }

  /**
   * Reads the byte code of a DSDT or an SSDT.
   *
   * @throws AcpiException if it doesn't parse, with the offset from the start of the table
   */
  public static List<AmlTerm> read(AcpiTable table) {
    if (table.structure().layout() != Definition.DSDT && table.structure().layout() != Definition.SSDT) {
      throw new AcpiException(table.signature(), 0, "it has no byte code", "give a DSDT or an SSDT");
    }
    AmlReader reader = new AmlReader(table.signature(), table.structure().data(Definition.AML));
    return reader.terms(reader.code.length);
  }

  /**
   * The terms of a method. What calls of other methods take isn't known, so that a method with such calls may not parse.
   *
   * @throws AcpiException if it doesn't parse, with the offset from the start of the method's terms
   */
  static List<AmlTerm> body(AmlName path, AmlTerm.Operation method) {
    AmlReader reader = new AmlReader("method " + path, ((AmlTerm.Bytes) method.body().getFirst()).value());
    return reader.terms(reader.code.length);
  }

  private List<AmlTerm> terms(int end) {
    List<AmlTerm> terms = new ArrayList<>();
    while (at < end) {
      terms.add(term(end));
    }
    return terms;
  }

  private AmlTerm term(int end) {
    if (++depth > MAX_DEPTH) {
      throw fault(at, "terms are more than " + MAX_DEPTH + " deep");
    }
    int start = at;
    int first = byteAt(end);
    AmlTerm term = switch (first) {
      case 0x00, 0x01, 0xff -> new AmlTerm.Number(first == 0xff ? -1 : first, 0);
      case 0x0a -> new AmlTerm.Number(number(1, end), 1);
      case 0x0b -> new AmlTerm.Number(number(2, end), 2);
      case 0x0c -> new AmlTerm.Number(number(4, end), 4);
      case 0x0e -> new AmlTerm.Number(number(8, end), 8);
      case 0x0d -> text(end);
      default -> {
        at = start;
        yield isName(first) ? reference(end) : operation(end);
      }
    };
    depth--;
    return term;
  }

  private static boolean isName(int first) {
    return first >= 'A' && first <= 'Z' || first == '_' || first == '\\' || first == '^' || first == 0x2e || first == 0x2f;
  }

  private AmlTerm reference(int end) {
    AmlName name = name(end);
    List<AmlTerm> given = new ArrayList<>();
    for (int i = taken(name); i > 0; i--) {
      given.add(term(end));
    }
    return new AmlTerm.Reference(name, given);
  }

  /** How many arguments the method of a name takes; a single segment is looked for upwards (ACPI 6.5, 5.3). */
  private int taken(AmlName name) {
    AmlName from = scope;
    while (true) {
      Integer known = arguments.get(name.in(from));
      boolean upwards = !name.root() && name.up() == 0 && name.segments().size() == 1;
      if (known != null || !upwards || from.segments().isEmpty()) {
        return known == null ? 0 : known;
      }
      from = from.parent();
    }
  }

  private AmlTerm operation(int end) {
    int start = at;
    int first = byteAt(end);
    boolean extended = first == AmlOpcode.EXTENDED;
    AmlOpcode opcode = AmlOpcode.of(extended, extended ? byteAt(end) : first);
    if (opcode == null) {
      throw fault(start, "0x" + Integer.toHexString(extended ? first << 8 | code[at - 1] & 0xff : first)
          + " is no operator of AML");
    }
    int limit = end;
    int lengthBytes = 0;
    if (opcode.body() != AmlBody.NONE) {
      int from = at;
      int length = packageLength(end);
      lengthBytes = at - from;
      if (length < lengthBytes || length > end - from) {
        throw fault(from, opcode + " says that it is " + length + " bytes long, " + (end - from) + " are left");
      }
      limit = from + length;
    }
    List<AmlTerm> operands = new ArrayList<>();
    for (AmlOperand operand : opcode.operands()) {
      operands.add(operand(operand, limit));
    }
    return new AmlTerm.Operation(opcode, operands, body(opcode, operands, limit), lengthBytes);
  }

  private AmlTerm operand(AmlOperand operand, int end) {
    return switch (operand) {
      case NAME -> new AmlTerm.Reference(name(end), List.of());
      case BYTE -> new AmlTerm.Number(number(1, end), 1);
      case WORD -> new AmlTerm.Number(number(2, end), 2);
      case DWORD -> new AmlTerm.Number(number(4, end), 4);
      case TERM -> term(end);
      case TARGET -> {
        boolean none = at < end && code[at] == 0;
        boolean named = at < end && isName(code[at] & 0xff);
        yield none || named ? new AmlTerm.Reference(name(end), List.of()) : term(end);
      }
    };
  }

  private List<AmlTerm> body(AmlOpcode opcode, List<AmlTerm> operands, int limit) {
    if (opcode == AmlOpcode.METHOD || opcode == AmlOpcode.EXTERNAL) {
      remember(opcode, operands);
    }
    return switch (opcode.body()) {
      case NONE -> List.of();
      case BYTES -> List.of(new AmlTerm.Bytes(bytes(limit)));
      case ELEMENTS -> elements(limit);
      case FIELDS -> fields(limit);
      case TERMS -> {
        AmlName outer = scope;
        if (opcode.isScope()) {
          scope = ((AmlTerm.Reference) operands.getFirst()).name().in(scope);
        }
        List<AmlTerm> terms = terms(limit);
        scope = outer;
        yield terms;
      }
    };
  }

  private void remember(AmlOpcode opcode, List<AmlTerm> operands) {
    AmlName name = ((AmlTerm.Reference) operands.getFirst()).name().in(scope);
    long said = ((AmlTerm.Number) operands.getLast()).value();
    arguments.put(name, (int) (opcode == AmlOpcode.METHOD ? said & 7 : Math.min(said, 7)));
  }

  private List<AmlTerm> elements(int end) {
    List<AmlTerm> elements = new ArrayList<>();
    while (at < end) {
      // In a package a name is a reference and never a call.
      elements.add(isName(code[at] & 0xff) ? new AmlTerm.Reference(name(end), List.of()) : term(end));
    }
    return elements;
  }

  private List<AmlTerm> fields(int end) {
    List<AmlTerm> fields = new ArrayList<>();
    while (at < end) {
      int kind = code[at] & 0xff;
      if (kind > 3) {
        String name = segment(end);
        int from = at;
        int bits = packageLength(end);
        fields.add(new AmlTerm.FieldElement(0, name, bits, at - from, List.of()));
        continue;
      }
      at++;
      int from = at;
      fields.add(switch (kind) {
        case 0 -> {
          int bits = packageLength(end);
          yield new AmlTerm.FieldElement(1, "", bits, at - from, List.of());
        }
        case 2 -> new AmlTerm.FieldElement(3, "", 0, 0, List.of(elementTerm(end)));
        default -> new AmlTerm.FieldElement(kind + 1, "", 0, 0, List.of(new AmlTerm.Bytes(bytes(taken(end, kind == 1 ? 2 : 3)))));
      });
    }
    return fields;
  }

  private AmlTerm elementTerm(int end) {
    return at < end && isName(code[at] & 0xff) ? new AmlTerm.Reference(name(end), List.of()) : term(end);
  }

  private int taken(int end, int count) {
    if (end - at < count) {
      throw cut();
    }
    return at + count;
  }

  private AmlTerm text(int end) {
    int from = at;
    while (byteAt(end) != 0) {
      if (code[at - 1] < 0) {
        throw fault(at - 1, "a string has a byte that is no ASCII");
      }
    }
    return new AmlTerm.Text(new String(code, from, at - 1 - from, StandardCharsets.US_ASCII));
  }

  private AmlName name(int end) {
    int start = at;
    boolean root = false;
    int up = 0;
    int lead = byteAt(end);
    if (lead == '\\') {
      root = true;
      lead = byteAt(end);
    }
    while (lead == '^' && !root) {
      up++;
      lead = byteAt(end);
    }
    int count = switch (lead) {
      case 0x00 -> 0;
      case 0x2e -> 2;
      case 0x2f -> byteAt(end);
      default -> {
        at--;
        yield 1;
      }
    };
    if (lead == 0x2f && count == 0) {
      throw fault(start, "a name of many segments has none");
    }
    if (up > MAX_DEPTH || count > MAX_DEPTH) {
      throw fault(start, "a name has more than " + MAX_DEPTH + " levels");
    }
    List<String> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      segments.add(segment(end));
    }
    return new AmlName(root, up, segments);
  }

  private String segment(int end) {
    int start = at;
    String segment = new String(bytes(taken(end, 4)), StandardCharsets.ISO_8859_1);
    if (!segment.matches("[A-Z_][A-Z0-9_]{3}")) {
      throw fault(start, "'" + segment.replaceAll("[^\\x20-\\x7e]", ".") + "' is no name");
    }
    return segment;
  }

  private int packageLength(int end) {
    int lead = byteAt(end);
    int more = lead >>> 6;
    if (more == 0) {
      return lead;
    }
    int length = lead & 0xf;
    for (int i = 0; i < more; i++) {
      length |= byteAt(end) << 4 + 8 * i;
    }
    return length;
  }

  private byte[] bytes(int end) {
    byte[] all = Arrays.copyOfRange(code, at, end);
    at = end;
    return all;
  }

  private long number(int size, int end) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) byteAt(end) << 8 * i;
    }
    return value;
  }

  private int byteAt(int end) {
    if (at >= end) {
      throw cut();
    }
    return code[at++] & 0xff;
  }

  private AcpiException cut() {
    return fault(at, "the byte code is cut short inside a term");
  }

  private AcpiException fault(int offset, String what) {
    return new AcpiException(table, (long) TableHeader.SIZE + offset, what,
        "compile the table anew with iasl, or take it again from the machine");
  }
}
