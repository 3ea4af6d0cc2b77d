// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of exclusive loads and stores, with the monitor of {@code Memory}: it remembers the address and the value. One thread executes all CPUs of a
 * machine, so nothing comes between a comparison and the store. Source: Arm ARM DDI 0487, B2.9.
 */
final class ExclusiveCode implements CodeTable.Emitter {
  private static final int LOAD = 0;
  private static final int STORE = 1;
  private static final int LOAD_PAIR = 2;
  private static final int STORE_PAIR = 3;

  private final X64 code;
  private final GuestRegisters registers;
  private final AccessCode accesses;

  ExclusiveCode(X64 code, GuestRegisters registers, AccessCode accesses) {
    this.code = code;
    this.registers = registers;
    this.accesses = accesses;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, LOAD, Insn.LDXR, Insn.LDAXR);
    table.put(this, STORE, Insn.STXR, Insn.STLXR);
    table.put(this, LOAD_PAIR, Insn.LDXP, Insn.LDAXP);
    table.put(this, STORE_PAIR, Insn.STXP, Insn.STLXP);
  }

  @Override
  public void emit(int operation, int word, int at) {
    accesses.begin();
    boolean wide = Fields.size(word) == 3;
    switch (operation) {
      case LOAD -> load(word);
      case STORE -> store(word, Fields.size(word));
      case LOAD_PAIR -> {
        if (wide) {
          loadPair(word);
        } else {
          loadWords(word);
        }
      }
      default -> {
        if (wide) {
          storePair(word);
        } else {
          storeWords(word);
        }
      }
    }
  }

  private static int rt(int word) {
    return GuestRegisters.orZero(Fields.rt(word));
  }

  private static int rt2(int word) {
    return GuestRegisters.orZero(Fields.rt2(word));
  }

  /** Arms the monitor for an access that has a tag, whose entry is at RCX; then RCX plus the address is where it is. Changes RDX. */
  private void arm(int address, int bytes) {
    code.loadIndexed(3, X64.RDX, X64.RBP, X64.RCX, AccessCode.PHYSICAL);
    code.arithmetic(X64.ADD, true, X64.RDX, address);
    code.store(true, X64.RDX, X64.RBP, StateLayout.MONITOR_ADDRESS);
    code.storeConstant(true, bytes, X64.RBP, StateLayout.MONITOR_SIZE);
    code.storeConstant(true, 1, X64.RBP, StateLayout.ARMED);
    code.loadIndexed(3, X64.RCX, X64.RBP, X64.RCX, AccessCode.DELTA);
  }

  private void load(int word) {
    int size = Fields.size(word);
    loaded(word, size);
    registers.set(rt(word), X64.RAX);
  }

  /** RAX is what a load of at most eight bytes has, which the monitor remembers. */
  private void loaded(int word, int size) {
    int address = accesses.aligned(word, 1 << size);
    accesses.find(address, 1 << size, AccessCode.element(size));
    arm(address, 1 << size);
    code.loadIndexed(size, X64.RAX, address, X64.RCX, 0);
    code.store(true, X64.RAX, X64.RBP, StateLayout.MONITOR_LOW);
    code.storeConstant(true, 0, X64.RBP, StateLayout.MONITOR_HIGH);
  }

  private void loadWords(int word) {
    loaded(word, 3);
    code.move(false, X64.RDX, X64.RAX);
    code.shift(X64.SHR, true, X64.RAX, 32);
    registers.set(rt(word), X64.RDX);
    registers.set(rt2(word), X64.RAX);
  }

  private void loadPair(int word) {
    int address = accesses.aligned(word, 16);
    accesses.find(address, 16, AccessCode.element(4));
    arm(address, 16);
    code.loadIndexed(3, X64.RDX, address, X64.RCX, 0);
    code.loadIndexed(3, X64.RAX, address, X64.RCX, 8);
    code.store(true, X64.RDX, X64.RBP, StateLayout.MONITOR_LOW);
    code.store(true, X64.RAX, X64.RBP, StateLayout.MONITOR_HIGH);
    registers.set(rt(word), X64.RDX);
    registers.set(rt2(word), X64.RAX);
  }

  /** Where a store that doesn't happen goes on. */
  private record Failing(int[] jumps) {}

  /** Emits what a store asks the monitor; then RCX plus the address is where it is. */
  private Failing ask(int address, int bytes, int element) {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.ARMED, 0);
    int unarmed = code.jumpIf(X64.E);
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.MONITOR_SIZE, bytes);
    int other = code.jumpIf(X64.NE);
    accesses.find(address, bytes, CodeExits.STORE | AccessCode.element(element));
    code.loadIndexed(3, X64.RDX, X64.RBP, X64.RCX, AccessCode.PHYSICAL);
    code.arithmetic(X64.ADD, true, X64.RDX, address);
    code.arithmeticMemory(X64.CMP, true, X64.RDX, X64.RBP, StateLayout.MONITOR_ADDRESS);
    int elsewhere = code.jumpIf(X64.NE);
    code.loadIndexed(3, X64.RCX, X64.RBP, X64.RCX, AccessCode.DELTA);
    return new Failing(new int[] {unarmed, other, elsewhere});
  }

  private int unchanged(int size, int address, int offset, int place) {
    code.loadIndexed(size, X64.RDX, address, X64.RCX, offset);
    code.arithmeticMemory(X64.CMP, true, X64.RDX, X64.RBP, place);
    return code.jumpIf(X64.NE);
  }

  private void store(int word, int size) {
    int address = accesses.aligned(word, 1 << size);
    Failing failing = ask(address, 1 << size, size);
    int changed = unchanged(size, address, 0, StateLayout.MONITOR_LOW);
    code.storeIndexed(size, registers.source(rt(word), X64.RDX), address, X64.RCX, 0);
    end(word, failing, changed);
  }

  private void storeWords(int word) {
    int address = accesses.aligned(word, 8);
    Failing failing = ask(address, 8, 3);
    int changed = unchanged(3, address, 0, StateLayout.MONITOR_LOW);
    code.storeIndexed(2, registers.source(rt(word), X64.RDX), address, X64.RCX, 0);
    code.storeIndexed(2, registers.source(rt2(word), X64.RDX), address, X64.RCX, 4);
    end(word, failing, changed);
  }

  private void storePair(int word) {
    int address = accesses.aligned(word, 16);
    Failing failing = ask(address, 16, 4);
    int changed = unchanged(3, address, 0, StateLayout.MONITOR_LOW);
    int second = unchanged(3, address, 8, StateLayout.MONITOR_HIGH);
    code.storeIndexed(3, registers.source(rt(word), X64.RDX), address, X64.RCX, 0);
    code.storeIndexed(3, registers.source(rt2(word), X64.RDX), address, X64.RCX, 8);
    end(word, failing, changed, second);
  }

  private void end(int word, Failing failing, int... changed) {
    code.constant(X64.RAX, 0);
    int done = code.jumpShort();
    for (int jump : failing.jumps) {
      code.patchJump(jump, code.at());
    }
    for (int jump : changed) {
      code.patchJump(jump, code.at());
    }
    code.constant(X64.RAX, 1);
    code.patchShort(done);
    code.storeConstant(true, 0, X64.RBP, StateLayout.ARMED);
    registers.set(GuestRegisters.orZero(Fields.rs(word)), X64.RAX);
  }
}
