// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeLine;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** An SMMU with queues, a linear stream table and what a driver does with them. */
final class Rig {
  static final int IDR0 = 0x0;
  static final int IDR1 = 0x4;
  static final int IDR5 = 0x14;
  static final int CR0 = 0x20;
  static final int CR0ACK = 0x24;
  static final int CR1 = 0x28;
  static final int CR2 = 0x2C;
  static final int GBPA = 0x44;
  static final int IRQ_CTRL = 0x50;
  static final int IRQ_CTRLACK = 0x54;
  static final int GERROR = 0x60;
  static final int GERRORN = 0x64;
  static final int GERROR_IRQ_CFG0 = 0x68;
  static final int GERROR_IRQ_CFG1 = 0x70;
  static final int STRTAB_BASE = 0x80;
  static final int STRTAB_BASE_CFG = 0x88;
  static final int CMDQ_BASE = 0x90;
  static final int CMDQ_PROD = 0x98;
  static final int CMDQ_CONS = 0x9C;
  static final int EVENTQ_BASE = 0xA0;
  static final int EVENTQ_IRQ_CFG0 = 0xB0;
  static final int EVENTQ_IRQ_CFG1 = 0xB8;
  static final int EVENTQ_PROD = 0x1_00A8;
  static final int EVENTQ_CONS = 0x1_00AC;

  static final int SYNC = 0x46;
  static final int CFGI_STE = 0x03;
  static final int CFGI_ALL = 0x04;
  static final int NSNH_ALL = 0x30;
  /** Log2 of the entries of both queues. */
  static final int QUEUE = 3;
  static final long COMMANDS = FakeMemory.BASE + 0x1000;
  static final long EVENTS = FakeMemory.BASE + 0x2000;
  static final long STREAMS = FakeMemory.BASE + 0x4000;
  static final int STREAM_BITS = 6;
  static final long CONTEXTS = FakeMemory.BASE + 0x8000;
  private static final long TABLES = FakeMemory.BASE + 0x1_0000;

  private FakeContext context;
  private DeviceModel model;
  private long freeTable = TABLES;

  Rig() {
    this(node());
  }

  Rig(FakeNode node) {
    this(node, new SmmuV3Component());
  }

  Rig(FakeNode node, DeviceModelFactory factory) {
    context = new FakeContext(node.build());
    model = context.create(factory);
  }

  static FakeNode node() {
    return bare().interrupt("/intc", 0, 74, 1).interrupt("/intc", 0, 75, 1).interrupt("/intc", 0, 76, 1).interrupt("/intc", 0, 77, 1)
        .property(FdtProperty.ofStrings("interrupt-names", "eventq", "priq", "cmdq-sync", "gerror"));
  }

  static FakeNode bare() {
    return FakeNode.at("/smmuv3@9050000").compatible("arm,smmu-v3").window(0x905_0000, 0x2_0000);
  }

  FakeContext context() {
    return context;
  }

  FakeMemory memory() {
    return context.dma();
  }

  FakeLine eventLine() {
    return context.interrupt(0);
  }

  FakeLine syncLine() {
    return context.interrupt(2);
  }

  FakeLine errorLine() {
    return context.interrupt(3);
  }

  long read(int offset) {
    return context.read(offset);
  }

  void write(int offset, long value) {
    context.write(offset, value);
  }

  void write64(int offset, long value) {
    context.write(0, offset, 8, value);
  }

  /** Queues, stream table and interrupts as a driver sets them up; everything enabled. */
  Rig start() {
    write(CR2, 2);
    write64(STRTAB_BASE, STREAMS);
    write(STRTAB_BASE_CFG, STREAM_BITS);
    write64(CMDQ_BASE, COMMANDS | QUEUE);
    write(CMDQ_PROD, 0);
    write(CMDQ_CONS, 0);
    write64(EVENTQ_BASE, EVENTS | QUEUE);
    write(EVENTQ_PROD, 0);
    write(EVENTQ_CONS, 0);
    write(IRQ_CTRL, 5);
    write(CR0, 0xD);
    return this;
  }

  /** A command, and the register write that makes it known. */
  void command(long low, long high) {
    long prod = read(CMDQ_PROD);
    long at = COMMANDS + ((prod & (1 << QUEUE) - 1) << 4);
    memory().write(at, 8, low);
    memory().write(at + 8, 8, high);
    write(CMDQ_PROD, prod + 1 & (2 << QUEUE) - 1);
  }

  void invalidateStream(long stream) {
    command(CFGI_STE | stream << 32, 1);
  }

  /** Sets the first four words of a stream table entry. */
  void stream(long stream, long... words) {
    for (int i = 0; i < words.length; i++) {
      memory().write(STREAMS + stream * 64 + 8 * i, 8, words[i]);
    }
  }

  /** Stage 1 by the context descriptor at that address. */
  void stage1(long stream, long descriptor) {
    stream(stream, 1 | 5 << 1 | descriptor, 0, 0, 0);
  }

  /** Stage 2 of 4 KiB granule, 40 bits of input, tables from level 1 on. */
  void stage2(long stream, int vmid, long table) {
    stream(stream, 1 | 6 << 1, 0, stage2Fields(vmid), table);
  }

  void nested(long stream, long descriptor, int vmid, long table) {
    stream(stream, 1 | 7 << 1 | descriptor, 0, stage2Fields(vmid), table);
  }

  static long stage2Fields(int vmid) {
    return vmid | 24L << 32 | 1L << 38 | 5L << 48 | 1L << 51 | 1L << 58;
  }

  /** A context descriptor with a low half of 39 bits, 4 KiB granule; faults are recorded. */
  long context(int index, int asid, long table) {
    long at = CONTEXTS + 64L * index;
    memory().write(at, 8, 25 | 1L << 30 | 1L << 31 | 5L << 32 | 1L << 41 | 1L << 45 | 1L << 46 | (long) asid << 48);
    memory().write(at + 8, 8, table);
    return at;
  }

  /** An empty table; two pages, for stage 2 with two first tables side by side. */
  long table() {
    long table = freeTable;
    freeTable += 0x2000;
    return table;
  }

  /**
   * Maps a page by tables of 4 KiB granule whose first is of level 1, making the tables between.
   *
   * @param attributes of the page descriptor
   */
  void map(long table, long address, long output, long attributes) {
    memory().write(leaf(table, address), 8, output | attributes | 3);
  }

  /** The address of the level 3 descriptor. */
  long leaf(long table, long address) {
    long at = table;
    for (int level = 1; level < 3; level++) {
      long slot = at + (address >>> 39 - 9 * level & (level == 1 ? 0x3FF : 0x1FF)) * 8;
      long descriptor = memory().read(slot, 8);
      if (descriptor == 0) {
        descriptor = table() | 3;
        memory().write(slot, 8, descriptor);
      }
      at = descriptor & 0xFFFF_FFFF_F000L;
    }
    return at + (address >>> 12 & 0x1FF) * 8;
  }

  long translate(long stream, long address, boolean write) {
    return context.translator().translate(stream, address, write);
  }

  void passes(long stream, long address, boolean write, long physical) {
    assertEquals(Long.toHexString(physical), Long.toHexString(translate(stream, address, write)));
  }

  void refused(long stream, long address, boolean write) {
    assertThrows(ExternalAbort.class, () -> translate(stream, address, write));
  }

  int events() {
    return (int) (read(EVENTQ_PROD) - read(EVENTQ_CONS) & (2 << QUEUE) - 1);
  }

  /** Consumes an event: its four words. */
  long[] event() {
    assertEquals(true, events() > 0, "an event");
    long cons = read(EVENTQ_CONS);
    long[] words = new long[4];
    for (int i = 0; i < 4; i++) {
      words[i] = memory().read(EVENTS + ((cons & (1 << QUEUE) - 1) << 5) + 8 * i, 8);
    }
    write(EVENTQ_CONS, cons & 1L << 31 | cons + 1 & (2 << QUEUE) - 1);
    return words;
  }

  /** Refuses the access with exactly one event, of these words. */
  void faults(long stream, long address, boolean write, long... words) {
    refused(stream, address, write);
    long[] event = event();
    for (int i = 0; i < 4; i++) {
      assertEquals(Long.toHexString(words[i]), Long.toHexString(event[i]), "word " + i);
    }
    assertEquals(0, events(), "further events");
  }

  /** Refuses the access without an event. */
  void silent(long stream, long address, boolean write) {
    refused(stream, address, write);
    assertEquals(0, events());
  }

  /** Lets one event be recorded: an access of a stream whose entry is invalid. */
  void oneEvent() {
    refused(63, 0x1000, false);
  }

  /** Power goes and comes. */
  void reset() {
    model.reset();
  }

  /** Its own state of now is restored. */
  void rewind() {
    model.state().restore(model.state().save());
    model.restored();
  }

  /** Another version of the model takes over. */
  void handOver() {
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new SmmuV3Component());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    context = next;
    model = successor;
  }
}
