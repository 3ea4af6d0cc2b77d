// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

/**
 * What is the same in every guest: tables, handlers, and how CPUs get to their programs. Flat segments, no paging. An exception goes on
 * with the next step, whose address is in EBP; an interrupt is ended at its local APIC, or isn't, by its vector, until {@link
 * PcPlace#COUNTER} have been taken: then none is any more.
 */
final class PcGuest {
  private static final int MOST_INTERRUPTS = 64;
  private static final int TABLE_REGISTERS = PcPlace.GDT + 0x80;
  private static final int VECTORS = 256;
  private static final int EXCEPTIONS = 32;
  private static final int NMI = 2;
  /** Exceptions that push an error code: 8, 10 to 14, 17 and 21 (SDM volume 3, table 7-1). */
  private static final int WITH_ERROR_CODE = 0x0022_7D00;
  /** IA32_APIC_BASE, whose bit 10 says that the local APIC is in x2APIC mode. */
  private static final int APIC_BASE = 0x1B;
  private static final int X2APIC_EOI = 0x80B;
  private static final int EOI = 0xB0;
  private static final int SPURIOUS = 0xF0;
  private static final int TIMER = 0x320;
  private static final int COUNT = 0x380;
  private static final int ROOM = 0x800;

  private final PcCode code = new PcCode(PcPlace.CODE, ROOM);
  private final PcCode handlers = new PcCode(PcPlace.HANDLERS, VECTORS * 16);
  private final PcCode start = new PcCode(PcPlace.START, 64);
  private final PcCode tables = new PcCode(PcPlace.GDT, PcPlace.IDT - PcPlace.GDT + VECTORS * 8);
  private final int entry;
  private final int sleep;
  private final int end;

  PcGuest() {
    int plain = handler(false, true);
    int thorough = handler(true, true);
    int careless = handler(false, false);
    for (int vector = 0; vector < VECTORS; vector++) {
      if (vector == NMI) {
        handlers.raw(0xCF);
      } else if (vector < EXCEPTIONS) {
        // ADD ESP, 4; MOV [ESP], EBP; IRET.
        handlers.raw((WITH_ERROR_CODE >> vector & 1) != 0 ? new int[] {0x83, 0xC4, 4} : new int[0]).raw(0x89, 0x2C, 0x24, 0xCF);
      } else {
        handlers.raw(0x60).jump((vector & 7) == 7 ? careless : (vector & 1) == 0 ? plain : thorough);
      }
      while (handlers.here() < PcPlace.HANDLERS + 16 * (vector + 1)) {
        handlers.raw(0x90);
      }
    }
    sleep = code.here();
    sleeper();
    end = code.here();
    // STI; HLT; JMP to the HLT: who has taken all that it takes waits for good.
    code.raw(0xFB, 0xF4, 0xEB, 0xFD);
    entry = code.here();
    code.raw(0x0F, 0x01).raw(0x15).word(TABLE_REGISTERS).raw(0x0F, 0x01).raw(0x1D).word(TABLE_REGISTERS + 8);
    code.raw(0xEA).word(code.here() + 6).half(8);
    begin(0);
    int second = code.here();
    begin(1);
    // CLI; XOR AX, AX; MOV DS, AX; LGDT; LIDT; MOV EAX, CR0; OR AL, 1; MOV CR0, EAX; JMP 8:second.
    start.raw(0xFA, 0x31, 0xC0, 0x8E, 0xD8, 0x66, 0x0F, 0x01, 0x16).half(TABLE_REGISTERS).raw(0x66, 0x0F, 0x01, 0x1E).half(TABLE_REGISTERS
        + 8).raw(0x0F, 0x20, 0xC0, 0x0C, 1, 0x0F, 0x22, 0xC0, 0x66, 0xEA).word(second).half(8);
    tables();
  }

  /** Segments, stack, local APIC on, and to the program. */
  private void begin(int cpu) {
    code.mov(PcCode.EAX, 0x10).raw(0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xD0).mov(PcCode.ESP, PcPlace.STACKS[cpu]);
    code.store(PcPlace.LAPIC + SPURIOUS, 4, 0x1FF).jump(PcPlace.PROGRAMS[cpu]);
  }

  /**
   * An interrupt's, behind PUSHAD.
   *
   * @param devices whether devices are asked what they want
   * @param ends whether its local APIC is told its end
   */
  private int handler(boolean devices, boolean ends) {
    int at = code.here();
    if (devices) {
      // What interrupts: the UART (IIR and a byte), the clock (register C), the HPET and power management (status).
      code.in(0x3FA, 1).in(0x3F8, 1).out(0x70, 1, 0xC).in(0x71, 1).store(PcPlace.HPET + 0x20, 4, -1).out(0x600, 2, -1);
    }
    if (ends) {
      // TEST AH, 4; JNZ over the store and the jump.
      code.readMsr(APIC_BASE).raw(0xF6, 0xC4, 4, 0x75, 12).store(PcPlace.LAPIC + EOI, 4, 0).raw(0xEB, 17).writeMsr(X2APIC_EOI, 0);
    }
    // LOCK DEC; JNS over AND DWORD [ESP + 40], ~IF; POPAD; IRET.
    code.raw(0xF0).memory(0xFF, 1, PcPlace.COUNTER).raw(0x79, 8, 0x81, 0x64, 0x24, 40).word(~0x200).raw(0x61, 0xCF);
    return at;
  }

  /** Waits for an interrupt: the local APIC's timer, in whatever mode it is, after EAX of its ticks, or any other. */
  private void sleeper() {
    // MOV EDI, EAX.
    code.raw(0x89, 0xC7).readMsr(APIC_BASE);
    int first = code.here();
    int memory = 10 + 2 + 4;
    code.raw(0xF6, 0xC4, 4, 0x75, memory + 2).store(PcPlace.LAPIC + TIMER, 4, 0x40).memory(0x89, PcCode.EDI, PcPlace.LAPIC + COUNT);
    code.raw(0xEB, 17 + 5 + 2 + 5 + 2);
    if (code.here() != first + 5 + memory + 2) {
      throw new IllegalStateException("the jump leads elsewhere: " + (code.here() - first));
    }
    // MOV EAX, EDI.
    code.writeMsr(0x832, 0x40).mov(PcCode.ECX, 0x838).raw(0x89, 0xF8).mov(PcCode.EDX, 0).raw(0x0F, 0x30);
    // STI; HLT; CLI; RET.
    code.raw(0xFB, 0xF4, 0xFA, 0xC3);
  }

  private void tables() {
    tables.word(0).word(0).word(0xFFFF).word(0x00CF_9B00).word(0xFFFF).word(0x00CF_9300);
    fill(TABLE_REGISTERS);
    tables.half(0x17).word(PcPlace.GDT).half(0).half(VECTORS * 8 - 1).word(PcPlace.IDT);
    fill(PcPlace.COUNTER);
    tables.word(MOST_INTERRUPTS);
    fill(PcPlace.IDT);
    for (int vector = 0; vector < VECTORS; vector++) {
      tables.half(PcPlace.HANDLERS + 16 * vector).half(8).half(0x8E00).half(0);
    }
  }

  private void fill(int to) {
    while (tables.here() < to) {
      tables.raw(0);
    }
  }

  /** Puts it into memory. */
  void load(PcMachine machine) {
    machine.place(PcPlace.CODE, code.bytes());
    machine.place(PcPlace.HANDLERS, handlers.bytes());
    machine.place(PcPlace.START, start.bytes());
    machine.place(PcPlace.GDT, tables.bytes());
  }

  /** Where the first CPU begins. */
  int entry() {
    return entry;
  }

  /** A function that waits, for at most so many ticks as EAX says. */
  int sleep() {
    return sleep;
  }

  /** Where a program ends. */
  int end() {
    return end;
  }
}
