// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** What each function of each interface must keep, whatever it is for: an interface that a caller made up is refused, one of another kind does no harm, and a pointer into nowhere leaves nothing behind. */
public abstract class InterfaceContract {
  private static final long NOWHERE = 0x10;
  private static final int ARGUMENTS = 10;

  /**
   * An interface.
   *
   * @param address   where it is
   * @param size      its bytes
   * @param functions where pointers to functions are in it; the first argument of each is the interface
   */
  public record Published(FakeFirmware firmware, long address, int size, List<Integer> functions) {
    /** With so many functions, one behind the other. @param first where the first one is */
    public static Published of(FakeFirmware firmware, long address, int size, int first, int count) {
      return new Published(firmware, address, size, IntStream.range(0, count).mapToObj(i -> first + 8 * i).toList());
    }
  }

  /** A new one, ready to be used. */
  protected abstract Published published();

  /** What is to be as it was besides handles, memory and events: grants, event channels. As text, for messages. */
  protected String outside() {
    return "";
  }

  private static long call(Published published, int function, long... arguments) {
    return published.firmware.call(published.firmware.memory().get64(published.address + function), arguments);
  }

  private static long[] all(long self, long value) {
    long[] arguments = new long[ARGUMENTS];
    Arrays.fill(arguments, value);
    arguments[0] = self;
    return arguments;
  }

  @Test
  void aMadeUpInterfaceIsRefused() {
    Published published = published();
    FakeFirmware firmware = published.firmware;
    long copy = firmware.room(published.size);
    firmware.memory().write(copy, firmware.memory().read(published.address, published.size));
    String before = FirmwareState.of(firmware) + outside();
    for (int function : published.functions) {
      for (long self : new long[] {copy, 0, NOWHERE, published.address + 8, -1}) {
        String what = "the function at " + function + " with an interface at 0x" + Long.toHexString(self);
        assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(call(published, function, all(self, 0))), what);
        assertEquals(before, FirmwareState.of(firmware) + outside(), what);
      }
    }
  }

  /** A caller may have taken one for another, such as a driver's binding for what the driver has published: that is no reason for the layer to fail, or to change anything. */
  @Test
  void anInterfaceOfAnotherKindDoesNoHarm() {
    Published published = published();
    FakeFirmware firmware = published.firmware;
    long room = firmware.room(4096);
    for (long other : firmware.otherKinds(published.address)) {
      String before = FirmwareState.of(firmware) + outside();
      for (int function : published.functions) {
        for (long value : new long[] {0, 1, room}) {
          long status = call(published, function, all(other, value));
          assertEquals(before, FirmwareState.of(firmware) + outside(), () -> "the function at " + function
              + " with another interface of its layer and 0x" + Long.toHexString(value) + " came to " + EfiStatus.of(status));
        }
      }
    }
  }

  @Test
  void pointersIntoNowhereLeaveNothing() {
    Published published = published();
    FakeFirmware firmware = published.firmware;
    String before = FirmwareState.of(firmware) + outside();
    for (int function : published.functions) {
      // Small ones are numbers to one function and places without memory to another.
      for (long value : new long[] {0, 1, 4, NOWHERE, FakeRam.BASE - 4, FakeRam.BASE + FakeRam.SIZE - 2, -1}) {
        long status = call(published, function, all(published.address, value));
        assertEquals(before, FirmwareState.of(firmware) + outside(), () -> "the function at " + function + " with 0x" + Long.toHexString(
            value)
            + " for everything came to " + EfiStatus.of(status));
      }
    }
  }
}
