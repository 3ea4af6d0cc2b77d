// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** What EFI_SIMPLE_TEXT_INPUT_PROTOCOL and EFI_SIMPLE_TEXT_INPUT_EX_PROTOCOL of the same keys must keep (UEFI 2.10, 12.2 and 12.3). */
public abstract class TextInputContract {
  // Functions of both.
  private static final int RESET = 0;
  private static final int READ = 8;
  private static final int WAIT = 16;
  // Functions of the extended one.
  private static final int SET_STATE = 24;
  private static final int REGISTER = 32;
  private static final int UNREGISTER = 40;
  private static final int KEY = 4;
  /** Bytes of EFI_KEY_DATA that mean something: key, shift state, toggle state. */
  private static final int KEY_DATA = 9;
  private static final int ROOM = 32;
  private static final long FILL = 0xA5;
  private static final long NOWHERE = 0x10;
  private static final int SCAN_UP = 1;
  private static final int SHIFT_STATE_VALID = 0x8000_0000;
  private static final int TOGGLE_STATE_VALID = 0x80;
  private static final int NOTIFICATIONS = 3;

  /** A keyboard, or what serves as one. */
  public interface Keyboard {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_SIMPLE_TEXT_INPUT_PROTOCOL. */
    long input();

    /** Address of EFI_SIMPLE_TEXT_INPUT_EX_PROTOCOL. */
    long extended();

    /** Somebody types: ASCII, with a carriage return for Enter; no more than 8 characters that aren't read yet. */
    void types(String text);

    /** Somebody presses the key with the arrow upwards. */
    void pressesUp();

    /** Whether it knows which shift and toggle keys are held. */
    boolean knowsHeldKeys();
  }

  /** A new one, on which nothing was typed. */
  protected abstract Keyboard keyboard();

  private static final class Bench {
    final Keyboard keyboard;
    final EfiRam memory;
    final long room;

    Bench(Keyboard keyboard) {
      this.keyboard = keyboard;
      memory = keyboard.firmware().memory();
      room = keyboard.firmware().room(ROOM);
    }

    EfiStatus call(long self, int function, long... arguments) {
      return ProtocolCall.status(keyboard.firmware(), self, function, arguments);
    }

    /** Reads a key by one of both protocols and sees that nothing else was written: scan code and character. */
    String key(long self) {
      for (int i = 0; i < ROOM; i++) {
        memory.put8(room + i, FILL);
      }
      EfiStatus status = call(self, READ, room);
      int most = self == keyboard.extended() ? KEY_DATA : KEY;
      for (int i = most; i < ROOM; i++) {
        if (i < KEY_DATA || i >= 12) { // EFI_KEY_DATA ends with padding
          assertEquals(FILL, memory.get8(room + i), "byte " + i + " of room for a key");
        }
      }
      return status == EfiStatus.SUCCESS ? memory.get16(room) + "," + memory.get16(room + 2) : String.valueOf(status);
    }

    void has(String... keys) {
      for (String key : keys) {
        assertEquals(key, key(keyboard.input()));
      }
      hasNone();
    }

    void hasNone() {
      for (long self : new long[] {keyboard.input(), keyboard.extended(), keyboard.input()}) {
        assertEquals("NOT_READY", key(self), "without a key");
      }
    }
  }

  private static String key(char character) {
    return "0," + (int) character;
  }

  @Test
  void keysComeInOrderAndThenThereAreNone() {
    Bench bench = new Bench(keyboard());
    bench.hasNone();
    bench.keyboard.types("aZ9\r");
    bench.has(key('a'), key('Z'), key('9'), key('\r'));
    bench.keyboard.types(" ~");
    bench.has(key(' '), key('~'));
  }

  @Test
  void eachKeyComesOnceByWhicheverProtocol() {
    Bench bench = new Bench(keyboard());
    bench.keyboard.types("abc");
    assertEquals(key('a'), bench.key(bench.keyboard.extended()));
    assertEquals(key('b'), bench.key(bench.keyboard.input()));
    assertEquals(key('c'), bench.key(bench.keyboard.extended()));
    bench.hasNone();
  }

  @Test
  void aKeyWithoutCharacterHasAScanCode() {
    Bench bench = new Bench(keyboard());
    bench.keyboard.pressesUp();
    bench.has(SCAN_UP + ",0");
    bench.keyboard.pressesUp();
    bench.keyboard.types("x");
    assertEquals(SCAN_UP + ",0", bench.key(bench.keyboard.extended()));
    bench.has(key('x'));
  }

  /** Where it isn't known which keys are held, neither state is said to be valid. */
  @Test
  void statesAreToldAsFarAsTheyAreKnown() {
    Bench bench = new Bench(keyboard());
    for (String typed : new String[] {"a", ""}) {
      bench.keyboard.types(typed);
      bench.key(bench.keyboard.extended());
      int shift = (int) bench.memory.get32(bench.room + KEY);
      int toggle = bench.memory.get8(bench.room + KEY + 4);
      boolean known = bench.keyboard.knowsHeldKeys();
      assertEquals(known ? SHIFT_STATE_VALID : 0, shift, "KeyShiftState while nothing is held");
      assertEquals(known ? TOGGLE_STATE_VALID : 0, toggle & TOGGLE_STATE_VALID, "KeyToggleState");
    }
  }

  /** Reset leaves the input empty: keys that are kept, and keys that nobody has fetched yet (UEFI 2.10, 12.2.2 and 12.3.2). */
  @Test
  void resetForgetsKeys() {
    Bench bench = new Bench(keyboard());
    for (long self : new long[] {bench.keyboard.input(), bench.keyboard.extended()}) {
      bench.keyboard.types("abc");
      assertEquals(EfiStatus.SUCCESS, bench.call(self, RESET, 0), "Reset");
      bench.hasNone();
      bench.keyboard.types("abc");
      assertEquals(key('a'), bench.key(self));
      assertEquals(EfiStatus.SUCCESS, bench.call(self, RESET, 1), "Reset");
      bench.hasNone();
      bench.keyboard.types("x");
      bench.has(key('x'));
    }
  }

  @Test
  void aKeyThatGoesNowhereIsNotLost() {
    Bench bench = new Bench(keyboard());
    bench.keyboard.types("ab");
    for (long self : new long[] {bench.keyboard.input(), bench.keyboard.extended()}) {
      for (long at : new long[] {0, NOWHERE, FakeRam.BASE + FakeRam.SIZE - 2, -1}) {
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, READ, at), "a key that goes nowhere");
      }
    }
    bench.has(key('a'), key('b'));
  }

  @Test
  void thereAreEventsToWaitFor() {
    Bench bench = new Bench(keyboard());
    assertNotEquals(0, bench.memory.get64(bench.keyboard.input() + WAIT), "WaitForKey");
    assertNotEquals(0, bench.memory.get64(bench.keyboard.extended() + WAIT), "WaitForKeyEx");
  }

  @Test
  void aStateIsSetOrNotAndKeysGoOn() {
    Bench bench = new Bench(keyboard());
    bench.keyboard.types("ab");
    bench.memory.put8(bench.room, TOGGLE_STATE_VALID);
    EfiStatus status = bench.call(bench.keyboard.extended(), SET_STATE, bench.room);
    assertTrue(status == EfiStatus.SUCCESS || status == EfiStatus.UNSUPPORTED, () -> "SetState: " + status);
    bench.has(key('a'), key('b'));
  }

  /** Each notification has a handle of its own, which is one until it is unregistered. */
  @Test
  void notificationsAreRegisteredAndUnregistered() {
    Bench bench = new Bench(keyboard());
    long self = bench.keyboard.extended();
    FakeFirmware firmware = bench.keyboard.firmware();
    long data = firmware.room(16);
    bench.memory.put16(data + 2, 'q');
    long function = firmware.guest(call -> EfiStep.done());
    String before = FirmwareState.of(firmware);
    for (long nowhere : new long[] {0, NOWHERE}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, REGISTER, nowhere, function, bench.room), "no key");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, REGISTER, data, function, nowhere), "a handle that goes nowhere");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, UNREGISTER, nowhere), "no handle");
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, REGISTER, data, 0, bench.room), "no function");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, UNREGISTER, self), "a handle that was never given");
    long[] handles = new long[NOTIFICATIONS];
    for (int i = 0; i < NOTIFICATIONS; i++) {
      assertEquals(EfiStatus.SUCCESS, bench.call(self, REGISTER, data, function, bench.room), "RegisterKeyNotify");
      handles[i] = bench.memory.get64(bench.room);
      for (int k = 0; k < i; k++) {
        assertNotEquals(handles[k], handles[i], "handles of two notifications");
      }
    }
    for (int i : new int[] {1, 0, 2}) {
      assertEquals(EfiStatus.SUCCESS, bench.call(self, UNREGISTER, handles[i]), "UnregisterKeyNotify");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(self, UNREGISTER, handles[i]), "UnregisterKeyNotify once more");
    }
    assertEquals(before, FirmwareState.of(firmware), "what notifications leave");
    bench.keyboard.types("q");
    bench.has(key('q'));
  }
}
