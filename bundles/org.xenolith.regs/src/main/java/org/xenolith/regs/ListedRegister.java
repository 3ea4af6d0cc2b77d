// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.util.ArrayList;
import java.util.List;

/**
 * A register that {@link DeviceState#shows} names: one of a run of equal ones, a system register of a CPU, a port of a few bytes.
 *
 * @param name as in the manual
 * @param spec where it is and how large; a window of data, such as the array of a flash, is one of many bytes. The offset of a system register is its encoding
 * @param table beside which a {@link FieldText} says what it means
 */
public record ListedRegister(String name, RegisterSpec spec, Class<?> table) implements Register {
  /** One of which nothing is said. */
  public ListedRegister(String name, RegisterSpec spec) {
    this(name, spec, ListedRegister.class);
  }

  /** A register of so many bytes. */
  public static ListedRegister of(String name, int offset, int bytes, String reference) {
    return new ListedRegister(name, new RegisterSpec(offset, bytes, 0, 0, 0, 0, reference));
  }

  /**
   * Registers one behind the other.
   *
   * @param name of one that is alone; those of a run have their numbers behind it
   */
  public static List<ListedRegister> run(String name, int offset, int bytes, int count, String reference) {
    List<ListedRegister> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(of(count == 1 ? name : name + i, offset + i * bytes, bytes, reference));
    }
    return all;
  }

  /** The encodings of system registers, as a CPU is told which of them a device claims. */
  public static int[] encodings(List<ListedRegister> registers) {
    return registers.stream().mapToInt(register -> register.spec.offset()).toArray();
  }

  /** The same, said by the text beside a class. */
  public ListedRegister saidBy(Class<?> its) {
    return new ListedRegister(name, spec, its);
  }

  /** The same registers, said by the text beside a class. */
  public static List<ListedRegister> saidBy(Class<?> its, List<ListedRegister> registers) {
    return registers.stream().map(each -> each.saidBy(its)).toList();
  }

  @Override
  public RegisterWords words() {
    return FieldText.beside(table).of(name);
  }
}
