// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.xenolith.hostcode.kit.X64.RAX;
import static org.xenolith.hostcode.kit.X64.RBX;
import static org.xenolith.hostcode.kit.X64.RCX;
import static org.xenolith.hostcode.kit.X64.RDX;
import static org.xenolith.hostcode.kit.X64.RSP;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.pvh.codec.PvhFile;

/**
 * A guest of a few kilobytes for PCs that is entered by the PVH boot ABI as hardware domain and does very often what leaves it for the hypervisor, between a line {@code PROBE} and a line
 * {@code PROBED} with the thing's name. It is in 64-bit mode with pages of 2 MiB. What each thing was answered is looked at behind its loop.
 *
 * <p>Numbers and structures: Xen's public headers {@code memory.h}, {@code event_channel.h}, {@code grant_table.h}, {@code hvm/params.h}, {@code arch-x86/hvm/start_info.h}; Intel SDM volume 3.
 */
final class PcProbeGuest {
  /** What it says at its end. */
  static final String DONE = "XENOLITH-DONE";

  /**
   * How often things are done between their two lines, by the digit on the guest's command line: so often, shifted left by it. What is done by Java compiled just now needs more rounds than what takes some hundred
   * microseconds.
   */
  private static final int SOME = 1_000;
  private static final int FEW = 250;

  private static final int PAGE = 4096;
  private static final int BASE = 0x10_0000;
  private static final int DATA = 0x1000;
  /** What follows has no bytes in the file. */
  private static final int FILE = 0x8000;
  private static final int LEVEL4 = BASE + FILE;
  private static final int LEVEL3 = LEVEL4 + PAGE;
  private static final int LEVEL2 = LEVEL3 + PAGE;
  private static final int HYPERCALLS = LEVEL2 + PAGE;
  /** shared_info. */
  private static final int SHARED = HYPERCALLS + PAGE;
  private static final int GRANTS = SHARED + PAGE;
  private static final int SOURCE = GRANTS + PAGE;
  private static final int TARGET = SOURCE + PAGE;
  /** Nested tables lead nowhere here. */
  private static final int HOLE = TARGET + PAGE;
  private static final int STACK_END = HOLE + 2 * PAGE;
  /** Where the I/O APIC and the local APIC are in the guest's linear addresses. */
  private static final int IO_APIC = 0x20_0000;
  private static final int LOCAL_APIC = 0x40_0000;

  private static final int MEMORY_OP = 12;
  private static final int XEN_VERSION = 17;
  private static final int GRANT_TABLE_OP = 20;
  private static final int EVENT_CHANNEL_OP = 32;
  private static final int HVM_OP = 34;
  private static final int ADD_TO_PHYSMAP = 7;
  private static final int REMOVE_FROM_PHYSMAP = 15;
  private static final int SPACE_SHARED_INFO = 0;
  private static final int SPACE_GRANT_TABLE = 1;
  private static final int SET_PARAM = 0;
  private static final int SEND = 4;
  private static final int BIND_IPI = 7;
  private static final int COPY = 5;
  private static final int DOMID_SELF = 0x7FF0;
  /** Those before are Xen's own. */
  private static final int GRANT = 8;
  private static final int PERMIT_ACCESS = 1;
  private static final int SOURCE_IS_GRANT = 1;
  private static final int PENDING_EVENTS = 0x800;
  private static final int MASKED_EVENTS = 0xA00;
  private static final int UPCALL_MASK = 1;
  private static final int SELECTOR = 8;
  private static final int POWER_OFF = 0;
  private static final int CRASH = 3;

  /** Where start_info has the command line's address. */
  private static final int COMMAND_LINE = 24;

  private static final int XEN_LEAF = 0x4000_0000;
  private static final long EFER = 0xC000_0080L;
  private static final int VECTOR = 32;
  private static final int GATE = 16;
  private static final int CODE_SELECTOR = 8;
  private static final int DATA_SELECTOR = 16;
  private static final int PATTERN = 0x5EED_0029;
  /** Upcalls sent, upcalls taken, repetitions left, what was read. */
  private static final int SENT = 13;
  private static final int TAKEN = 12;
  private static final int LEFT = 14;
  private static final int READ = 15;

  private final PcProbeCode code = new PcProbeCode(BASE, DATA, HYPERCALLS);
  private final X64 out = code.out();
  private final int addShared = physmap(SPACE_SHARED_INFO, SHARED);
  private final int addGrants = physmap(SPACE_GRANT_TABLE, GRANTS);
  private final int removeShared = removal(SHARED);
  private final int removeHole = removal(HOLE);
  private final int copy = code.reserve(40);
  private final int bind = code.reserve(8);
  private final int send = code.reserve(4);
  private final int shift = code.reserve(4);
  private final int parameter = code.reserve(16);

  private PcProbeGuest() {}

  /**
   * One thing that is done often.
   *
   * @param once  before the first time
   * @param body  each time
   * @param check behind the last time
   */
  private record Step(ProbeLoop work, Consumer<PcProbeGuest> once, Consumer<PcProbeGuest> body, Consumer<PcProbeGuest> check) {}

  private static Step step(String name, String says, int times, Consumer<PcProbeGuest> once, Consumer<PcProbeGuest> body,
      Consumer<PcProbeGuest> check) {
    return new Step(new ProbeLoop(name, says, times), once, body, check);
  }

  private static void nothing(PcProbeGuest guest) {}

  private static final List<Step> STEPS = List.of(
      new Step(ProbeLoop.EMPTY, PcProbeGuest::nothing, guest -> guest.code.raw("90"), PcProbeGuest::nothing),
      step("hypercall", "null hypercall (xen_version)", SOME, PcProbeGuest::nothing, guest -> guest.code.hypercall(XEN_VERSION, 0, 0),
          guest -> guest.check(READ, 0x4_0011, "xen_version")),
      step("cpuid", "CPUID", SOME, PcProbeGuest::nothing, PcProbeGuest::cpuid, PcProbeGuest::nothing),
      step("port", "emulated I/O: read of a port (0xcf8)", SOME, PcProbeGuest::latch, PcProbeGuest::readLatch,
          guest -> guest.check(READ, 0x8000_0000, "port 0xcf8")),
      step("lapic", "emulated I/O: read of the local APIC", SOME, PcProbeGuest::nothing, guest -> guest.code.load(RAX, LOCAL_APIC + 0x30),
          guest -> guest.checkNot(0, "local APIC")),
      step("ioapic", "emulated I/O: read of the I/O APIC", SOME, PcProbeGuest::selectVersion, guest -> guest.code.load(RAX, IO_APIC + 0x10),
          guest -> guest.checkNot(-1, "I/O APIC")),
      step("fault", "nested fault: read where there is nothing", SOME, PcProbeGuest::nothing, guest -> guest.code.load(RAX, HOLE),
          guest -> guest.check(READ, -1, "nested fault")),
      step("event", "event to itself and its upcall", SOME, guest -> guest.code.raw("fb"), PcProbeGuest::event, guest -> guest.code.raw(
          "fa")),
      step("grant", "grant: a page copied out of it", SOME, PcProbeGuest::nothing, PcProbeGuest::copyPage, PcProbeGuest::checkCopy),
      step("page", "page removed, missed by a read, put back, written", FEW, PcProbeGuest::nothing, PcProbeGuest::movePage,
          guest -> guest.check(READ, -1, "page that was removed")));

  /** What it does; the empty loop is the first. */
  static List<ProbeLoop> works() {
    return STEPS.stream().map(Step::work).toList();
  }

  /** An ELF file with the note that says where it is entered. */
  static byte[] image() {
    return PvhFile.of(new PcProbeGuest().program(), BASE, STACK_END - BASE, BASE + DATA);
  }

  private byte[] program() {
    int begin = out.at();
    narrow();
    code.print(TestBed.MARKER);
    prepare();
    for (int round = 1; round <= ProbeLoop.ROUNDS; round++) {
      STEPS.forEach(this::loop);
    }
    code.print(DONE);
    code.shutdown(POWER_OFF);
    if (begin != BASE + DATA || code.bytes().length > FILE) {
      throw new IllegalStateException("the probe guest is larger than its place");
    }
    return code.bytes();
  }

  private void loop(Step step) {
    step.once.accept(this);
    code.print("PROBE " + step.work.name());
    code.load(RCX, shift);
    out.constant(LEFT, step.work.times());
    out.shiftByCount(X64.SHL, false, LEFT);
    int again = out.at();
    step.body.accept(this);
    out.arithmeticConstant(X64.SUB, false, LEFT, 1);
    out.jumpIfTo(X64.NE, again);
    out.move(false, READ, RAX);
    code.print("PROBED " + step.work.name());
    step.check.accept(this);
  }

  // ---- The beginning

  /** From the entry, in 32-bit mode without paging, to 64-bit mode, with a stack, and gates for exceptions and the upcall. */
  private void narrow() {
    out.load(false, RAX, RBX, COMMAND_LINE);
    out.loadByte(RAX, RAX, 0);
    out.arithmeticConstant(X64.AND, false, RAX, 15);
    code.store(RAX, shift);
    int table = descriptors();
    int pointer = code.reserve(6);
    code.data().putShort(code.offset(pointer), (short) 23).putInt(code.offset(pointer) + 2, table);
    pages();
    code.raw("0f0115"); // LGDT
    out.intOf(pointer);
    code.raw("0f20e083c820 0f22e0"); // CR4.PAE
    out.constant(RAX, LEVEL4);
    code.raw("0f22d8"); // CR3
    out.constant(RCX, EFER);
    code.raw("0f320d00010000 0f30"); // EFER.LME
    code.raw("0f20c00d00000080 0f22c0"); // CR0.PG
    code.raw("ea"); // JMP to what follows, as 64-bit code
    out.intOf(out.at() + 6);
    code.raw("0800");
    out.constant(RAX, DATA_SELECTOR);
    code.raw("8ed08ed88ec0"); // SS, DS, ES
    out.constant(RSP, STACK_END);
    gates();
    out.constant(RAX, XEN_LEAF + 2);
    out.identify();
    code.raw("89d9"); // MOV ECX, EBX: the register that is told where hypercalls are to be
    out.constant(RDX, 0);
    out.constant(RAX, HYPERCALLS);
    code.raw("0f30");
  }

  private int descriptors() {
    int table = code.reserve(24);
    code.data().putLong(code.offset(table) + CODE_SELECTOR, 0x00AF_9B00_0000_FFFFL).putLong(code.offset(table) + DATA_SELECTOR,
        0x00CF_9300_0000_FFFFL);
    return table;
  }

  /** The first 2 MiB where they are, and behind them both interrupt controllers, uncached. */
  private void pages() {
    word(LEVEL4, LEVEL3 | 7);
    word(LEVEL3, LEVEL2 | 7);
    word(LEVEL2, 0x87);
    word(LEVEL2 + 8, 0xFEC0_0000 | 0x9F);
    word(LEVEL2 + 16, 0xFEE0_0000 | 0x9F);
  }

  private void word(int address, int value) {
    out.constant(RCX, address);
    out.storeConstant(false, value, RCX, 0);
  }

  /** Exceptions end it; the upcall is counted, and what it was for is taken note of. */
  private void gates() {
    int over = out.jump();
    int failed = out.at();
    code.print("XENOLITH-ERROR unexpected exception");
    code.shutdown(CRASH);
    int upcall = out.at();
    out.push(RCX);
    out.constant(RCX, SHARED);
    out.storeConstant(true, 0, RCX, 0);
    out.storeConstant(true, 0, RCX, SELECTOR);
    out.storeConstant(true, 0, RCX, PENDING_EVENTS);
    out.arithmeticConstant(X64.ADD, false, TAKEN, 1);
    out.pop(RCX);
    code.raw("48cf"); // IRETQ
    int table = code.reserve((VECTOR + 1) * GATE);
    for (int vector = 0; vector <= VECTOR; vector++) {
      int to = vector == VECTOR ? upcall : failed;
      code.data().putInt(code.offset(table) + vector * GATE, CODE_SELECTOR << 16 | to & 0xFFFF)
          .putInt(code.offset(table) + vector * GATE + 4, to & 0xFFFF_0000 | 0x8E00);
    }
    int pointer = code.reserve(10);
    code.data().putShort(code.offset(pointer), (short) ((VECTOR + 1) * GATE - 1)).putLong(code.offset(pointer) + 2, table);
    out.patchJump(over, out.at());
    out.constant(RCX, pointer);
    code.raw("0f0119"); // LIDT [RCX]
  }

  // ---- What is there before the first thing

  private int physmap(int space, int address) {
    int operand = code.reserve(24);
    code.data().putShort(code.offset(operand), (short) DOMID_SELF).putInt(code.offset(operand) + 4, space).putLong(code.offset(operand)
        + 16, address / PAGE);
    return operand;
  }

  private int removal(int address) {
    int operand = code.reserve(16);
    code.data().putShort(code.offset(operand), (short) DOMID_SELF).putLong(code.offset(operand) + 8, address / PAGE);
    return operand;
  }

  private void prepare() {
    code.hypercall(MEMORY_OP, ADD_TO_PHYSMAP, addShared);
    code.expectDone("shared_info");
    code.hypercall(MEMORY_OP, ADD_TO_PHYSMAP, addGrants);
    code.expectDone("grant table");
    code.hypercall(MEMORY_OP, REMOVE_FROM_PHYSMAP, removeHole);
    code.expectDone("remove_from_physmap");
    word(SOURCE, PATTERN);
    word(GRANTS + GRANT * 8 + 4, SOURCE / PAGE);
    word(GRANTS + GRANT * 8, PERMIT_ACCESS);
    events();
    ByteBuffer data = code.data();
    data.putInt(code.offset(copy), GRANT).putLong(code.offset(copy) + 16, TARGET / PAGE).putShort(code.offset(copy) + 24,
        (short) DOMID_SELF)
        .putShort(code.offset(copy) + 32, (short) PAGE).putShort(code.offset(copy) + 34, (short) SOURCE_IS_GRANT);
  }

  /** An event channel from this virtual CPU to itself, and the vector by which it is called up. */
  private void events() {
    code.data().putShort(code.offset(parameter), (short) DOMID_SELF).putLong(code.offset(parameter) + 8, 2L << 56 | VECTOR);
    code.hypercall(HVM_OP, SET_PARAM, parameter);
    code.expectDone("vector of upcalls");
    code.hypercall(EVENT_CHANNEL_OP, BIND_IPI, bind);
    code.expectDone("event channel");
    code.load(RAX, bind + 4);
    code.store(RAX, send);
    word(SHARED + MASKED_EVENTS, 0);
    out.constant(RCX, SHARED);
    out.storeByte(RCX, RCX, UPCALL_MASK); // its lowest byte is 0
    out.constant(SENT, 0);
    out.constant(TAKEN, 0);
  }

  // ---- What is done

  private void cpuid() {
    out.constant(RAX, 1);
    out.identify();
  }

  private void latch() {
    out.constant(RDX, 0xCF8);
    out.constant(RAX, 0x8000_0000L);
    code.raw("ef"); // OUT DX, EAX
  }

  private void readLatch() {
    out.constant(RDX, 0xCF8);
    code.raw("ed"); // IN EAX, DX
  }

  private void selectVersion() {
    word(IO_APIC, 1);
  }

  private void event() {
    out.arithmeticConstant(X64.ADD, false, SENT, 1);
    code.hypercall(EVENT_CHANNEL_OP, SEND, send);
    int wait = out.at();
    out.arithmetic(X64.CMP, false, TAKEN, SENT);
    out.jumpIfTo(X64.NE, wait);
  }

  private void copyPage() {
    code.hypercall(GRANT_TABLE_OP, COPY, copy, 1);
  }

  private void checkCopy() {
    code.load(RAX, copy + 36);
    check(RAX, 0, "grant copy's status");
    code.load(RAX, TARGET);
    check(RAX, PATTERN, "grant copy");
  }

  private void movePage() {
    code.hypercall(MEMORY_OP, REMOVE_FROM_PHYSMAP, removeShared);
    code.load(READ, SHARED);
    code.hypercall(MEMORY_OP, ADD_TO_PHYSMAP, addShared);
    word(SHARED, 0);
    out.move(false, RAX, READ);
  }

  private void check(int register, int value, String what) {
    out.arithmeticConstant(X64.CMP, false, register, value);
    code.expect(X64.E, what);
  }

  private void checkNot(int value, String what) {
    out.arithmeticConstant(X64.CMP, false, READ, value);
    code.expect(X64.NE, what);
  }
}
