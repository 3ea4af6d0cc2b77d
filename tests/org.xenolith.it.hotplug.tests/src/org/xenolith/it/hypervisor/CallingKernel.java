// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.hyp.api.Domain;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/**
 * A domain whose kernel makes the calls that a test orders: it waits for an order in its memory, makes the call, and leaves the answer
 * there. MMU off, so that its addresses are intermediate physical ones.
 */
final class CallingKernel {
  /** Bytes behind the code that are for arguments. */
  static final int ROOM = 60 << 10;
  private static final int HEADER = 64;
  private static final int MAGIC = 0x644d5241;
  private static final int MAILBOX = 512;
  private static final int DATA = 4096;
  private static final long STEP = 20_000;
  private static final int MOST_STEPS = 100_000;
  private static final int FUNCTION = 48;
  private static final int[] ARGUMENTS = {16, 32, 40, 56, 64};
  /**
   * {@code adr x20, mailbox; 1: ldr x22, [x20]; cbz x22, 1b; ldr x9, [x20, #48]; cbnz x9, 2f; ldr x16, [x20, #8]; ldr x0, [x20, #16];
   * ldr x1, [x20, #32]; ldr x2, [x20, #40]; hvc #0xea1; 3: str x0, [x20, #24]; str xzr, [x20]; b 1b; 2: ldr x0, [x20, #16];
   * ldp x1, x2, [x20, #32]; ldp x3, x4, [x20, #56]; blr x9; b 3b}.
   */
  private static final int[] PROGRAM = {0x10000e14, 0xf9400296, 0xb4fffff6, 0xf9401a89, 0xb5000129, 0xf9400690, 0xf9400a80, 0xf9401281,
      0xf9401682, 0xd401d422, 0xf9000e80, 0xf900029f, 0x17fffff5, 0xf9400a80, 0xa9420a81, 0xa9439283, 0xd63f0120, 0x17fffff9};

  private final Machine machine;
  private final Domain domain;
  private final long mailbox;

  /** @param domain runs {@link #image} */
  CallingKernel(Machine machine, Domain domain) {
    this.machine = machine;
    this.domain = domain;
    for (int i = 0; domain.vcpu(0).x(20) == 0 && i < MOST_STEPS; i++) {
      step();
    }
    mailbox = domain.vcpu(0).x(20);
  }

  /** Its kernel: an arm64 Image (Linux: Documentation/arm64/booting.rst). */
  static byte[] image() {
    ByteBuffer image = ByteBuffer.allocate(DATA + ROOM).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | HEADER / 4);
    image.putLong(16, image.capacity());
    image.putLong(24, 0xa);
    image.putInt(56, MAGIC);
    for (int i = 0; i < PROGRAM.length; i++) {
      image.putInt(HEADER + 4 * i, PROGRAM[i]);
    }
    return image.array();
  }

  /** Executes for a moment. */
  void step() {
    machine.run(new RunLimit(machine.now() + STEP, Long.MAX_VALUE));
  }

  /** Its address for a place in the room for arguments. */
  long at(int offset) {
    return mailbox - MAILBOX + DATA + offset;
  }

  void write(int offset, byte... bytes) {
    domain.memory().write(at(offset), bytes, 0, bytes.length);
  }

  byte[] read(int offset, int length) {
    byte[] bytes = new byte[length];
    domain.memory().read(at(offset), bytes, 0, length);
    return bytes;
  }

  /** Makes a call and returns its answer. */
  long call(int number, long first, long second) {
    return call(number, first, second, 0);
  }

  /** Makes a call of three arguments and returns its answer. */
  long call(int number, long first, long second, long third) {
    return order("hypercall " + number, 0, number, first, second, third);
  }

  /** Calls a function at an address, with up to five arguments, and returns its answer. */
  long callFunction(long address, long... arguments) {
    return order("the function at 0x" + Long.toHexString(address), address, 0, arguments);
  }

  /** Calls a function that won't return. */
  void leaveTo(long address, long... arguments) {
    order(address, 0, arguments);
  }

  private long order(String what, long function, int number, long... arguments) {
    order(function, number, arguments);
    for (int i = 0; domain.memory().read64(mailbox) != 0; i++) {
      if (i == MOST_STEPS) {
        throw new AssertionError(domain + " doesn't come back from " + what);
      }
      step();
    }
    return domain.memory().read64(mailbox + 24);
  }

  private void order(long function, int number, long... arguments) {
    domain.memory().write64(mailbox + 8, number);
    for (int i = 0; i < ARGUMENTS.length; i++) {
      domain.memory().write64(mailbox + ARGUMENTS[i], i < arguments.length ? arguments[i] : 0);
    }
    domain.memory().write64(mailbox + FUNCTION, function);
    domain.memory().write64(mailbox, 1);
    step();
  }
}
