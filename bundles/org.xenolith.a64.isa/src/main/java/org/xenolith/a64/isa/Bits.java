// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** One or more fields read as one number, the first the most significant. */
final class Bits {
  private final Field[] fields;
  private final int width;

  /** From names joined by dots, such as {@code size.Q}. */
  Bits(BitPattern pattern, String names) {
    String[] parts = names.split("\\.");
    fields = new Field[parts.length];
    int sum = 0;
    for (int i = 0; i < parts.length; i++) {
      fields[i] = pattern.fields().get(parts[i]);
      if (fields[i] == null)
        throw new IllegalArgumentException("no field " + parts[i] + ", there are " + pattern.fields().keySet());
      sum += fields[i].width();
    }
    width = sum;
  }

  int width() {
    return width;
  }

  int of(int word) {
    int value = 0;
    for (Field field : fields)
      value = value << field.width() | field.of(word);
    return value;
  }

  /** Sets all fields, or says false if that contradicts what is set already. */
  boolean set(WordBuilder word, long value) {
    if (value < 0 || value >>> width != 0)
      return false;
    int left = (int) value;
    boolean agreed = true;
    for (int i = fields.length - 1; i >= 0; i--) {
      agreed &= word.set(fields[i], left & (1 << fields[i].width()) - 1);
      left >>>= fields[i].width();
    }
    return agreed;
  }

  /** Sets the most significant bit only. */
  boolean setTop(WordBuilder word, int value) {
    Field first = fields[0];
    return word.set(new Field(first.name(), first.lsb() + first.width() - 1, 1), value);
  }
}
