// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.IntToLongFunction;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/**
 * Shows who looks into the machine what a function's domain has of its own, not of the hardware's: header, MSI and the table of MSI-X (PCI Express Base Specification 5.0, 7.5.1, 7.7.1 and 7.7.2).
 * Offsets of MSI are those in the capability of 64 bits, of MSI-X those in the table. The hardware is not asked: an access to its configuration space goes through a bridge, which may be changed by it.
 */
final class GuestFunctionRegisters {
  private static final String REFERENCE = "PCI Express Base Specification 5.0, 7.5.1";
  private static final String MESSAGES = "PCI Express Base Specification 5.0, 7.7";
  private static final int ENTRY = 16;
  private static final String[] COLUMNS = {"Message Address ", "Message Upper Address ", "Message Data ", "Vector Control "};
  private static final List<ListedRegister> HEADER = header();
  private static final List<ListedRegister> MSI = List.of(row("Message Control", 2, 2, MESSAGES), row("Message Address", 4, 4, MESSAGES),
      row("Message Upper Address", 8, 4, MESSAGES), row("Message Data", 12, 2, MESSAGES));

  private GuestFunctionRegisters() {}

  private static ListedRegister row(String name, int offset, int bytes, String reference) {
    return ListedRegister.of(name, offset, bytes, reference).saidBy(GuestFunctionRegisters.class);
  }

  private static List<ListedRegister> header() {
    List<ListedRegister> all = new ArrayList<>();
    all.add(row("Command", Header.COMMAND, 2, REFERENCE));
    for (int bar = 0; bar < Header.BAR_COUNT; bar++) {
      all.add(row("BAR" + bar, Header.BARS + Integer.BYTES * bar, Integer.BYTES, REFERENCE));
    }
    all.add(row("Interrupt Line", Header.INTERRUPT, 1, REFERENCE));
    return List.copyOf(all);
  }

  /** Those of the header. @param value of the register at an offset, as the guest wrote it */
  static void header(DeviceState state, IntToLongFunction value) {
    state.shows("config", HEADER, register -> OptionalLong.of(value.applyAsLong(register.spec().offset())));
  }

  /** Those of MSI. @param value of the register at an offset in the capability, as the guest wrote it */
  static void msi(DeviceState state, IntToLongFunction value) {
    state.shows("msi", MSI, register -> OptionalLong.of(value.applyAsLong(register.spec().offset())));
  }

  /**
   * Those of the table of MSI-X, as long as it is now.
   *
   * @param words how many words the table has
   * @param word  one of them, as the guest wrote it
   */
  static void msix(DeviceState state, IntSupplier words, IntToLongFunction word) {
    state.shows("msix", new AbstractList<ListedRegister>() {
      @Override
      public ListedRegister get(int index) {
        return row(COLUMNS[index % COLUMNS.length] + index / COLUMNS.length, index * ENTRY / COLUMNS.length, Integer.BYTES, MESSAGES);
      }

      @Override
      public int size() {
        return words.getAsInt();
      }
    }, register -> OptionalLong.of(word.applyAsLong(register.spec().offset() / Integer.BYTES)));
  }
}
