// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.fuzz.InputBytes;

/**
 * Steps of a guest's two CPUs, each a few instructions. Before each, EBP gets the address of the next one, where an exception goes on, and
 * ESP that of the stack's end. Behind the last one that fits all are left out.
 */
final class PcScript {
  /** More than a step has. */
  private static final int STEP = 128;

  private final PcGuest guest;
  private final PcCode[] programs = new PcCode[PcPlace.PROGRAMS.length];
  private int cpu;
  private PcCode code;
  /** Where the next step's address goes, to be known when it ends. */
  private int begun;

  PcScript(PcGuest guest) {
    this.guest = guest;
    for (int i = 0; i < programs.length; i++) {
      programs[i] = new PcCode(PcPlace.PROGRAMS[i], PcPlace.PROGRAM_SIZE);
    }
  }

  /** Whose steps follow. */
  void cpu(int index) {
    cpu = index;
  }

  boolean full() {
    return programs[cpu].left() < 2 * STEP + 16;
  }

  /** A step begins; it is over with {@link #end}. */
  PcCode begin() {
    code = new PcCode(programs[cpu].here() + 10, STEP);
    begun = cpu;
    return code;
  }

  void end() {
    byte[] step = code.bytes();
    PcCode program = programs[begun];
    program.mov(PcCode.EBP, program.here() + 10 + step.length).mov(PcCode.ESP, PcPlace.STACKS[begun]);
    for (byte each : step) {
      program.raw(each);
    }
  }

  void raw(int... bytes) {
    begin().raw(bytes);
    end();
  }

  void out(int port, int size, long value) {
    begin().out(port, size, value);
    end();
  }

  void in(int port, int size) {
    begin().in(port, size);
    end();
  }

  void store(long address, int size, long value) {
    begin().store(address, size, value);
    end();
  }

  void store4(long address, long value) {
    store(address, 4, value);
  }

  void load(long address, int size) {
    begin().load(address, size);
    end();
  }

  void writeMsr(int number, long value) {
    begin().writeMsr(number, value);
    end();
  }

  void readMsr(int number) {
    begin().readMsr(number);
    end();
  }

  /** ADD, OR, ADC, SBB, AND, SUB, XOR and CMP, XCHG, CMPXCHG, BTS, CMPXCHG8B, PUSH and POP. @param which any number */
  void modify(int which, boolean lock, long address, long value) {
    begin();
    code.mov(PcCode.EAX, value).mov(PcCode.ECX, value >>> 32);
    if (lock) {
      code.raw(0xF0);
    }
    switch (which % 14) {
      case 8 -> code.memory(0x87, PcCode.EAX, address);
      case 9 -> code.raw(0x0F).memory(0xB1, PcCode.ECX, address);
      case 10 -> code.raw(0x0F).memory(0xAB, PcCode.EAX, address);
      case 11 -> code.raw(0x0F).memory(0xC7, 1, address);
      case 12 -> code.memory(0xFF, 6, address);
      case 13 -> code.memory(0x8F, 0, address);
      default -> code.memory(0x81, which % 14, address).word((int) value);
    }
    end();
  }

  /**
   * A string instruction.
   *
   * @param which of INS, OUTS, MOVS, CMPS, STOS, LODS and SCAS
   * @param size  1, 2 or 4
   * @param down  whether addresses go down
   */
  void string(int which, int size, boolean down, int count, int port, long from, long to) {
    int[] opcodes = {0x6C, 0x6E, 0xA4, 0xA6, 0xAA, 0xAC, 0xAE};
    begin().mov(PcCode.ESI, from).mov(PcCode.EDI, to).mov(PcCode.ECX, count).mov(PcCode.EDX, port).raw(down ? 0xFD : 0xFC);
    code.prefix(size).raw(0xF3, opcodes[which % opcodes.length] | (size == 1 ? 0 : 1)).raw(0xFC);
    end();
  }

  /** Waits for an interrupt. @param ticks of the local APIC's timer */
  void sleep(int ticks) {
    begin().mov(PcCode.EAX, ticks).call(guest.sleep());
    end();
  }

  /** LOOP to itself. */
  void spin(int times) {
    begin().mov(PcCode.ECX, times).raw(0xE2, 0xFE);
    end();
  }

  /** Goes on at an address, which may return. */
  void call(long address) {
    begin().mov(PcCode.EAX, address).raw(0xFF, 0xD0);
    end();
  }

  /** The timer's interrupt when the time stamp is so much more. */
  void deadline(int ticks) {
    // RDTSC; ADD EAX, ticks; ADC EDX, 0; MOV ECX, IA32_TSC_DEADLINE; WRMSR.
    begin().raw(0x0F, 0x31, 0x05).word(ticks).raw(0x83, 0xD2, 0).mov(PcCode.ECX, 0x6E0).raw(0x0F, 0x30);
    end();
  }

  /** What has no operands that matter: flags, waiting, software interrupts, caches, time. */
  void plain(int which, InputBytes input) {
    switch (which & 15) {
      case 0 -> raw(0xFB);
      case 1 -> raw(0xFA);
      case 2 -> raw(0xFB, 0xF4);
      case 3 -> raw(0xCD, input.next());
      case 4 -> raw(0xF3, 0x90);
      case 5 -> raw(0x0F, 0x31);
      case 6 -> raw(0x0F, 0xA2);
      case 7 -> raw(0x0F, 0x09);
      case 8 -> raw(0x0F, 0x0B);
      case 9 -> raw(0xCC);
      case 10 -> raw(0xFD);
      case 11 -> raw(0xFA, 0xF4);
      case 12 -> raw(0x0F, 0x20, 0xC0 | input.next() & 7 << 3);
      case 13 -> {
        // MOV to a debug register: breakpoints on ports and addresses.
        begin().mov(PcCode.EAX, PcValues.next(input, new long[0])).raw(0x0F, 0x23, 0xC0 | input.next() & 7 << 3);
        end();
      }
      case 14 -> {
        // CR4.DE, so that breakpoints may be on ports.
        begin().mov(PcCode.EAX, input.next() & 0x0F).raw(0x0F, 0x22, 0xE0);
        end();
      }
      default -> {
        // PUSH of flags, POPF.
        begin().raw(0x68).word((int) input.next(2) | 2).raw(0x9D);
        end();
      }
    }
  }

  /** The programs of the CPUs with their ends. */
  List<byte[]> programs() {
    return Stream.of(programs).map(program -> program.jump(guest.end()).bytes()).toList();
  }
}
