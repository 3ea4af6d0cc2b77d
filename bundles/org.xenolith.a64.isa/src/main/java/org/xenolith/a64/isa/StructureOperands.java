// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Register lists, and the increments that go with them after the access. */
final class StructureOperands {
  private static final String LETTERS = "bhsd";

  private StructureOperands() {
  }

  /** The operand, or null if the name isn't one of a list. */
  static Operand of(String name, BitPattern pattern) {
    Field rt = pattern.fields().get("Rt");
    if (name.equals("table"))
      return new RegisterList(new VectorOperands.Arranged(pattern.fields().get("Rn"), null, "16b"), 0,
          pattern.fields().get("len"));
    if (name.startsWith("list"))
      return new RegisterList(VectorOperands.arranged(rt, pattern, "T"), name.charAt(4) - '0', null);
    if (name.startsWith("lane") && name.length() == 5)
      return new Lanes(pattern, name.charAt(4) - '0');
    int colon = name.indexOf(':');
    if (colon > 0 && name.startsWith("after"))
      return new After(pattern, name.substring(0, colon), name.charAt(colon + 1) - '0');
    return null;
  }

  static void print(int first, int count, String suffix, StringBuilder out) {
    out.append('{');
    if (count > 2 && first + count <= 32) {
      out.append('v').append(first).append('.').append(suffix)
          .append("-v").append(first + count - 1).append('.').append(suffix);
    } else {
      for (int i = 0; i < count; i++)
        out.append(i == 0 ? "v" : ", v").append(first + i & 31).append('.').append(suffix);
    }
    out.append('}');
  }

  /** Reads what comes after the first register and its suffix, up to the brace: the number of registers, or -1. */
  static int readRest(Cursor in, int first, String suffix) {
    int count = 1;
    if (in.accept("-")) {
      int last = VectorOperands.read(in, 'v');
      if (last < 0 || !in.accept(".") || !in.acceptWord(suffix))
        return -1;
      count = (last - first & 31) + 1;
    } else {
      while (in.accept(",")) {
        if (VectorOperands.read(in, 'v') != (first + count & 31) || !in.accept(".") || !in.acceptWord(suffix))
          return -1;
        count++;
      }
    }
    return in.accept("}") ? count : -1;
  }

  /** Whole registers; their count is fixed, or one more than a field. */
  private record RegisterList(VectorOperands.Arranged first, int count, Field countLess1) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      int registers = countLess1 == null ? count : countLess1.of(word) + 1;
      StructureOperands.print(first.number().of(word), registers, first.arrangement(word), out);
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.accept("{") || !first.parse(in, word))
        return false;
      int registers = readRest(in, first.number().of(word.word()), first.arrangement(word.word()));
      return countLess1 == null ? registers == count : word.set(countLess1, registers - 1);
    }
  }

  /** One lane of some registers: scale, Q, S and size hold its size and index. */
  private static final class Lanes implements Operand {
    private final Field rt;
    private final Bits index;
    private final Field scale;
    private final int count;

    Lanes(BitPattern pattern, int count) {
      rt = pattern.fields().get("Rt");
      index = new Bits(pattern, "Q.S.size");
      scale = pattern.fields().get("scale");
      this.count = count;
    }

    static int size(int word, Field scale) {
      int size = scale.of(word);
      return size == 2 ? 2 + (word >>> 10 & 1) : size;
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      int size = size(word, scale);
      StructureOperands.print(rt.of(word), count, LETTERS.substring(size, size + 1), out);
      out.append('[').append(index.of(word) >> size).append(']');
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.accept("{"))
        return false;
      int first = VectorOperands.read(in, 'v');
      if (first < 0 || !in.accept("."))
        return false;
      String letter = in.word();
      int size = letter.length() == 1 ? LETTERS.indexOf(letter) : -1;
      if (size < 0 || readRest(in, first, letter) != count || !in.accept("[") || !in.expression() || !in.accept("]"))
        return false;
      long lane = in.number();
      if (lane < 0 || lane >= 16 >> size)
        return false;
      return word.set(rt, first) && word.set(scale, Math.min(size, 2))
          && index.set(word, lane << size | (size == 3 ? 1 : 0));
    }
  }

  /** The increment: the bytes transferred where Rm is 31, else a register. */
  private static final class After implements Operand {
    private final BitPattern pattern;
    private final Field rm;
    private final String kind;
    private final int count;

    After(BitPattern pattern, String kind, int count) {
      this.pattern = pattern;
      rm = pattern.fields().get("Rm");
      this.kind = kind;
      this.count = count;
    }

    private int bytes(int word) {
      return count * switch (kind) {
        case "after" -> Fields.q(word) ? 16 : 8;
        case "afterall" -> 1 << pattern.fields().get("size").of(word);
        default -> 1 << Lanes.size(word, pattern.fields().get("scale"));
      };
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      if (rm.of(word) == 31)
        out.append('#').append(bytes(word));
      else
        out.append(RegisterOperands.name(rm.of(word), true, false));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int read = RegisterOperands.read(in, false);
      if (read >= 0)
        return read >= 32 && read != 63 && word.set(rm, read & 31);
      return in.expression() && in.number() == bytes(word.word()) && word.set(rm, 31);
    }
  }
}
