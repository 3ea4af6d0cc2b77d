// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.xenolith.hostcode.kit.X64.RAX;
import static org.xenolith.hostcode.kit.X64.RBX;
import static org.xenolith.hostcode.kit.X64.RCX;
import static org.xenolith.hostcode.kit.X64.RDI;
import static org.xenolith.hostcode.kit.X64.RDX;
import static org.xenolith.hostcode.kit.X64.RSI;
import static org.xenolith.hostcode.kit.X64.RSP;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.hostcode.kit.X64;

/**
 * {@link StoreHandover} for x86-64: what the program does is said in the source for arm64. A process starts with the argument count and the argument pointers on its stack; system calls have their
 * number in RAX and arguments in RDI, RSI, RDX, R10 (System V ABI, AMD64 supplement, 3.4.1 and A.2).
 */
final class StoreHandoverX64 {
  private static final int X86_64 = 62;
  private static final int AT_FDCWD = -100;
  private static final int O_RDWR_CLOEXEC = 0x80002;
  private static final int SETUP = 0x4201;
  private static final int SYS_WRITE = 1;
  private static final int SYS_IOCTL = 16;
  private static final int SYS_EXIT = 60;
  private static final int SYS_OPENAT = 257;
  /** 0x7ff0 and above mean something else than a domain. */
  private static final int LAST_DOMID = 32751;
  private static final int R10 = 10;
  private static final int DIGITS = 12;
  private static final int PORT = 14;
  private static final int TEN = 10;
  private static final int ZERO = '0';

  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private final X64 code = new X64(false);
  private final List<Integer> toUsage = new ArrayList<>();

  private StoreHandoverX64() {}

  /** A text behind the headers. */
  private record Text(long address, int length) {}

  static byte[] program() {
    StoreHandoverX64 made = new StoreHandoverX64();
    Text device = made.text("/dev/xen/xenbus_backend\0");
    Text openFailed = made.text("xenstore-handover: can't open /dev/xen/xenbus_backend: error ");
    Text setupFailed = made.text("xenstore-handover: the kernel refused: error ");
    Text how = made.text("usage: xenstore-handover DOMID (0 to 32751)\n");
    Text domain = made.text("xenstore-handover: domain ");
    Text port = made.text(" port ");
    Text lineEnd = made.text("\n");
    made.code.begin(0);
    made.domid();
    made.setUp(device, openFailed, setupFailed, lineEnd);
    made.print(domain);
    made.printNumber(RBX);
    made.print(port);
    made.printNumber(PORT);
    made.print(lineEnd);
    made.exit(0);
    made.toUsage.forEach(place -> made.code.patchJump(place, made.code.at()));
    made.print(how);
    made.exit(2);
    int entry = made.texts.size();
    made.texts.writeBytes(made.code.bytes());
    return StaticProgram.elf(X86_64, made.texts.toByteArray(), entry);
  }

  private Text text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    Text made = new Text(StaticProgram.FIRST + texts.size(), bytes.length);
    texts.writeBytes(bytes);
    return made;
  }

  /** Has the argument's number in RBX. */
  private void domid() {
    code.arithmeticMemoryConstant(X64.CMP, true, RSP, 0, 2);
    toUsage.add(code.jumpIf(X64.NE));
    code.load(true, RSI, RSP, 16);
    code.constant(RBX, 0);
    code.constant(DIGITS, 0);
    code.constant(RCX, TEN);
    int digit = code.at();
    code.loadByte(RAX, RSI, 0);
    code.arithmeticConstant(X64.ADD, true, RSI, 1);
    code.test(false, RAX, RAX);
    int end = code.jumpIf(X64.E);
    code.arithmeticConstant(X64.SUB, false, RAX, ZERO);
    code.arithmeticConstant(X64.CMP, false, RAX, TEN - 1);
    toUsage.add(code.jumpIf(X64.A));
    code.multiply(true, RBX, RCX);
    code.arithmetic(X64.ADD, true, RBX, RAX);
    code.arithmeticConstant(X64.CMP, true, RBX, LAST_DOMID);
    toUsage.add(code.jumpIf(X64.A));
    code.arithmeticConstant(X64.ADD, true, DIGITS, 1);
    code.jumpTo(digit);
    code.patchJump(end, code.at());
    code.test(true, DIGITS, DIGITS);
    toUsage.add(code.jumpIf(X64.E));
  }

  /** Has the port in R14, or ends. */
  private void setUp(Text device, Text openFailed, Text setupFailed, Text lineEnd) {
    code.constant(RDI, AT_FDCWD);
    code.constant(RSI, device.address);
    code.constant(RDX, O_RDWR_CLOEXEC);
    code.constant(R10, 0);
    call(SYS_OPENAT);
    failIfNegative(openFailed, lineEnd);
    code.move(true, RDI, RAX);
    code.constant(RSI, SETUP);
    code.move(true, RDX, RBX);
    call(SYS_IOCTL);
    failIfNegative(setupFailed, lineEnd);
    code.move(true, PORT, RAX);
  }

  private void failIfNegative(Text what, Text lineEnd) {
    code.test(true, RAX, RAX);
    int good = code.jumpIf(X64.NS);
    code.group3(X64.NEG, true, RAX);
    code.move(true, PORT, RAX);
    print(what);
    printNumber(PORT);
    print(lineEnd);
    exit(1);
    code.patchJump(good, code.at());
  }

  private void print(Text text) {
    code.constant(RSI, text.address);
    code.constant(RDX, text.length);
    write();
  }

  /** Prints an unsigned number in decimal, from the end of a buffer below the stack pointer. */
  private void printNumber(int register) {
    code.move(true, RAX, register);
    code.move(true, RSI, RSP);
    code.constant(RCX, TEN);
    int next = code.at();
    code.constant(RDX, 0);
    code.group3(X64.DIV, true, RCX);
    code.arithmeticConstant(X64.ADD, false, RDX, ZERO);
    code.arithmeticConstant(X64.SUB, true, RSI, 1);
    code.storeByte(RDX, RSI, 0);
    code.test(true, RAX, RAX);
    code.jumpIfTo(X64.NE, next);
    code.move(true, RDX, RSP);
    code.arithmetic(X64.SUB, true, RDX, RSI);
    write();
  }

  private void write() {
    code.constant(RDI, 1);
    call(SYS_WRITE);
  }

  private void exit(int status) {
    code.constant(RDI, status);
    call(SYS_EXIT);
  }

  /** SYSCALL. */
  private void call(int number) {
    code.constant(RAX, number);
    code.byteOf(0x0F);
    code.byteOf(0x05);
  }
}
