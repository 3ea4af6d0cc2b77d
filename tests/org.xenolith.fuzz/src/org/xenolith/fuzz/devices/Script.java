// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.fuzz.devices.ScriptCode.Operation;

/** Entries for {@link ScriptCode}; behind the last one that fits all are left out. */
final class Script {
  private static final int ENTRY = 32;
  private static final int MOST = Place.SCRIPT_SIZE / ENTRY - 1;

  private final ScriptCode code;
  private final ByteBuffer bytes = ByteBuffer.allocate(Place.SCRIPT_SIZE).order(ByteOrder.LITTLE_ENDIAN);
  /** Keeps writes off what the attack is to leave alone; null for none. */
  private Guard guard;

  /** Decides what a store may store. */
  interface Guard {
    /** @return the value to store instead, or null for no store */
    Long value(long address, int size, long value);
  }

  Script(ScriptCode code) {
    this.code = code;
  }

  void guard(Guard newGuard) {
    guard = newGuard;
  }

  boolean full() {
    return bytes.position() >= MOST * ENTRY;
  }

  private void add(long what, long a, long b, long c) {
    if (!full()) {
      bytes.putLong(what).putLong(a).putLong(b).putLong(c);
    }
  }

  /** Stores 1, 2, 4 or 8 bytes. */
  void store(long address, int size, long value) {
    Long allowed = guard == null ? (Long) value : guard.value(address, size, value);
    if (allowed != null) {
      add(code.of(Operation.values()[Integer.numberOfTrailingZeros(size)]), address, allowed, 0);
    }
  }

  void store4(long address, long value) {
    store(address, 4, value);
  }

  void store8(long address, long value) {
    store(address, 8, value);
  }

  void load(long address, int size) {
    add(code.of(Operation.values()[Operation.LOAD1.ordinal() + Integer.numberOfTrailingZeros(size)]), address, 0, 0);
  }

  /** Copies 4 or 8 bytes; not under a guard, which doesn't see what. */
  void move(long to, long from, int size) {
    if (guard == null) {
      add(code.of(size == 4 ? Operation.MOVE4 : Operation.MOVE8), to, from, 0);
    }
  }

  /** Adds to 16 bits in memory; not under a guard. */
  void add2(long address, int summand) {
    if (guard == null) {
      add(code.of(Operation.ADD2), address, summand, 0);
    }
  }

  /** Fills words of 8 bytes. */
  void fill(long address, int words, long value) {
    if (guard == null) {
      add(code.of(Operation.FILL), address, words, value);
    }
  }

  void copy(long to, long from, int words) {
    if (guard == null) {
      add(code.of(Operation.COPY), to, from, words);
    }
  }

  void spin(int times) {
    add(code.of(Operation.SPIN), times, 0, 0);
  }

  /** Waits for the virtual timer, or for what else wakes the CPU. @param ticks of the counter */
  void sleep(int ticks) {
    add(code.of(Operation.SLEEP), ticks, 0, 0);
  }

  /** Takes interrupts from now on, or not. */
  void interrupts(boolean on) {
    add(code.of(on ? Operation.ON : Operation.OFF), 0, 0, 0);
  }

  /** Calls the firmware. */
  void call(long function, long first, long second) {
    add(code.of(Operation.CALL), function, first, second);
  }

  /** Has the firmware (PSCI) start the second CPU, which then takes interrupts. */
  void startSecond() {
    call(0xC400_0003L, 1, code.second());
  }

  void writeRegister(int index, long value) {
    add(code.ofRegister(index % ScriptCode.REGISTERS.length, true), value, 0, 0);
  }

  /** @param encoding one of {@link ScriptCode#REGISTERS} */
  void writeSystem(int encoding, long value) {
    for (int i = 0; i < ScriptCode.REGISTERS.length; i++) {
      if (ScriptCode.REGISTERS[i] == encoding) {
        writeRegister(i, value);
        return;
      }
    }
    throw new IllegalArgumentException("no entry for " + Integer.toHexString(encoding));
  }

  void readRegister(int index) {
    add(code.ofRegister(index % ScriptCode.REGISTERS.length, false), 0, 0, 0);
  }

  /** All of it, with its end. */
  byte[] bytes() {
    byte[] all = Arrays.copyOf(bytes.array(), bytes.position() + ENTRY);
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.position(), code.of(Operation.DONE));
    return all;
  }
}
