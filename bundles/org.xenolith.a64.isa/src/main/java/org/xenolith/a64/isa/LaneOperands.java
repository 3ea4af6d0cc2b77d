// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Single lanes of vectors: of copies ({@code <lane:d>}, {@code <lane:4>}) and of by-element forms ({@code <elem>}, {@code <felem>}). */
final class LaneOperands {
  private static final String LETTERS = "bhsd";

  private LaneOperands() {
  }

  /** The operand, or null if the name isn't one of a lane. */
  static Operand of(String name, BitPattern pattern) {
    return switch (name) {
      case "lane:d" -> new Copied(pattern.fields().get("Rd"), pattern.fields().get("imm5"), null);
      case "lane:n" -> new Copied(pattern.fields().get("Rn"), pattern.fields().get("imm5"), null);
      case "lane:4" -> new Copied(pattern.fields().get("Rn"), pattern.fields().get("imm5"), pattern.fields().get("imm4"));
      case "elem" -> new Element(pattern, pattern.fields().get("size"), 1);
      case "felem" -> new Element(pattern, pattern.fields().get("sz"), 2);
      default -> null;
    };
  }

  /** A lane whose size is in imm5 and whose index is above it, or in imm4. */
  private record Copied(Field number, Field imm5, Field imm4) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      int size = Integer.numberOfTrailingZeros(imm5.of(word));
      int index = imm4 != null ? imm4.of(word) >> size : imm5.of(word) >> size + 1;
      out.append('v').append(number.of(word)).append('.').append(LETTERS.charAt(size))
          .append('[').append(index).append(']');
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!word.set(number, VectorOperands.read(in, 'v')) || !in.accept("."))
        return false;
      String letter = in.word();
      int size = letter.length() == 1 ? LETTERS.indexOf(letter) : -1;
      if (size < 0 || !in.accept("[") || !in.expression() || !in.accept("]"))
        return false;
      long index = in.number();
      if (index < 0 || index >= 16 >> size)
        return false;
      if (imm4 != null)
        return Integer.numberOfTrailingZeros(imm5.of(word.word())) == size
            && word.set(imm4, (int) index << size);
      return word.set(imm5, (int) (2 * index + 1) << size);
    }
  }

  /** A lane named by H, L and M: half-words have the index H:L:M, words H:L, double words H. */
  private static final class Element implements Operand {
    private final Field rm;
    private final Field m;
    private final Field l;
    private final Field h;
    private final Field size;
    private final int first;

    /** {@code first} is the element size that a zero in {@code size} means, less where size counts from bytes. */
    Element(BitPattern pattern, Field size, int first) {
      rm = pattern.fields().get("Rm");
      m = pattern.fields().get("M");
      l = pattern.fields().get("L");
      h = pattern.fields().get("H");
      this.size = size;
      this.first = first;
    }

    private int lane(int word) {
      return first == 2 ? size.of(word) + 2 : size.of(word);
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      int lane = lane(word);
      int number = lane == 1 ? rm.of(word) : m.of(word) << 4 | rm.of(word);
      int index = switch (lane) {
        case 1 -> h.of(word) << 2 | l.of(word) << 1 | m.of(word);
        case 2 -> h.of(word) << 1 | l.of(word);
        default -> h.of(word);
      };
      out.append('v').append(number).append('.').append(LETTERS.charAt(lane)).append('[').append(index).append(']');
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int number = VectorOperands.read(in, 'v');
      if (number < 0 || !in.accept("."))
        return false;
      int lane = lane(word.word());
      if (!in.acceptWord(LETTERS.substring(lane, lane + 1)) || !in.accept("[") || !in.expression() || !in.accept("]"))
        return false;
      int index = (int) in.number();
      if (in.number() < 0 || in.number() >= 16 >> lane)
        return false;
      if (lane == 1)
        return number < 16 && word.set(rm, number) && word.set(h, index >> 2) && word.set(l, index >> 1 & 1)
            && word.set(m, index & 1);
      return word.set(rm, number & 15) && word.set(m, number >> 4)
          && word.set(h, lane == 2 ? index >> 1 : index) && word.set(l, lane == 2 ? index & 1 : 0);
    }
  }
}
