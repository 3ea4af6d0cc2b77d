// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;

/**
 * What a call has made so far, kept in numbers of an interface of its own, so that it is saved with the machine and another provider of the layer finds it.
 * The call's last number is where that interface is.
 *
 * @param layer whose call it is
 */
record MadeThings(Call call, Firmware firmware, EfiLayer layer) {
  /** What is made. */
  enum Kind {
    /** First page, how many. */
    PAGES,
    /** Its address. */
    INTERFACE,
    /** Handle, interface; of a protocol. */
    PROTOCOL,
    /** Handle, agent, controller; of a protocol. */
    USE,
    /** The event. */
    EVENT
  }

  /** One thing. @param protocol null of what has none */
  record Thing(Kind kind, EfiGuid protocol, long first, long second, long third) {}

  // Numbers: how many there are, what the call has come to, where an event is going to be; then those of each thing.
  private static final int COUNT = 0;
  private static final int STATUS = 1;
  private static final int EVENT_AT = 2;
  private static final int THINGS = 3;
  private static final int NUMBERS = 6;
  private static final int FEW = 8;
  private static final int LEAST_BYTES = 16;

  private long place() {
    return call.get(Call.NUMBERS - 1);
  }

  private void place(long place) {
    call.set(Call.NUMBERS - 1, place);
  }

  /** Nothing is made yet. @throws org.xenolith.efi.boot.api.EfiError OUT_OF_RESOURCES */
  void begin() {
    place(firmware.interfaceMemory(layer, LEAST_BYTES, THINGS + FEW * NUMBERS));
  }

  /** Forgets all that is made: it stays. */
  void end() {
    firmware.dropInterface(layer, place());
    place(0);
  }

  private long[] numbers() {
    return firmware.numbers(layer, place());
  }

  long status() {
    return numbers()[STATUS];
  }

  void status(long status) {
    numbers()[STATUS] = status;
  }

  long eventAt() {
    return numbers()[EVENT_AT];
  }

  void eventAt(long address) {
    numbers()[EVENT_AT] = address;
  }

  /** Has room for one more, so that what is made next can be noted. @throws org.xenolith.efi.boot.api.EfiError OUT_OF_RESOURCES */
  void reserve() {
    long[] numbers = numbers();
    if (THINGS + (numbers[COUNT] + 1) * NUMBERS > numbers.length) {
      long more = firmware.interfaceMemory(layer, LEAST_BYTES, 2 * numbers.length);
      System.arraycopy(numbers, 0, firmware.numbers(layer, more), 0, numbers.length);
      firmware.dropInterface(layer, place());
      place(more);
    }
  }

  /** Something was made, for which room is {@linkplain #reserve reserved}. */
  void add(Kind kind, @Nullable EfiGuid protocol, long... values) {
    long[] numbers = numbers();
    int at = THINGS + (int) numbers[COUNT]++ * NUMBERS;
    numbers[at] = kind.ordinal();
    numbers[at + 1] = protocol == null ? 0 : protocol.value().getMostSignificantBits();
    numbers[at + 2] = protocol == null ? 0 : protocol.value().getLeastSignificantBits();
    for (int i = 0; i < 3; i++) {
      numbers[at + 3 + i] = i < values.length ? values[i] : 0;
    }
  }

  private static Thing thing(long[] numbers, long index) {
    int at = THINGS + (int) index * NUMBERS;
    Kind kind = Kind.values()[(int) numbers[at]];
    EfiGuid protocol = kind == Kind.PROTOCOL || kind == Kind.USE ? new EfiGuid(new UUID(numbers[at + 1], numbers[at + 2])) : null;
    return new Thing(kind, protocol, numbers[at + 3], numbers[at + 4], numbers[at + 5]);
  }

  /** What was made last; null if nothing is left. */
  @Nullable
  Thing last() {
    long[] numbers = numbers();
    return numbers[COUNT] == 0 ? null : thing(numbers, numbers[COUNT] - 1);
  }

  /** What was made last is no more. */
  void dropLast() {
    numbers()[COUNT]--;
  }

  /** The call itself has given something back. */
  void remove(Kind kind, @Nullable EfiGuid protocol, long... values) {
    long[] numbers = numbers();
    for (long i = numbers[COUNT] - 1; i >= 0; i--) {
      if (is(numbers, i, kind, protocol, values)) {
        int at = THINGS + (int) i * NUMBERS;
        System.arraycopy(numbers, at + NUMBERS, numbers, at, (int) (numbers[COUNT] - 1 - i) * NUMBERS);
        numbers[COUNT]--;
        return;
      }
    }
  }

  private static boolean is(long[] numbers, long index, Kind kind, EfiGuid protocol, long[] values) {
    int at = THINGS + (int) index * NUMBERS;
    boolean same = numbers[at] == kind.ordinal() && (protocol == null || numbers[at + 1] == protocol.value().getMostSignificantBits()
        && numbers[at + 2] == protocol.value().getLeastSignificantBits());
    for (int i = 0; i < 3; i++) {
      same &= numbers[at + 3 + i] == (i < values.length ? values[i] : 0);
    }
    return same;
  }
}
