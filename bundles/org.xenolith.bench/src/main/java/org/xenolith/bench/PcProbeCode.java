// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.xenolith.hostcode.kit.X64.RAX;
import static org.xenolith.hostcode.kit.X64.RCX;
import static org.xenolith.hostcode.kit.X64.RDI;
import static org.xenolith.hostcode.kit.X64.RDX;
import static org.xenolith.hostcode.kit.X64.RSI;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.xenolith.hostcode.kit.X64;

/**
 * Data and code of a probe guest for PCs: data first, then instructions, which name it by address. Operands of hypercalls are Xen's (public headers
 * {@code xen.h}, {@code sched.h}); all its calls go through the hypercall page, which the guest has asked for.
 */
final class PcProbeCode {
  private static final int CONSOLE_IO = 18;
  private static final int SCHED_OP = 29;
  private static final int SHUTDOWN = 2;
  private static final int CRASH = 3;
  private static final int CALL_BYTES = 32;
  private static final int ALIGNMENT = 16;

  private final X64 out = new X64(false);
  private final ByteBuffer data;
  private final Map<ByteBuffer, Integer> constants = new HashMap<>();
  private final int base;
  private final int hypercalls;

  /**
   * Begins.
   *
   * @param base       address of the data
   * @param size       of the data; code follows
   * @param hypercalls address of the hypercall page
   */
  PcProbeCode(int base, int size, int hypercalls) {
    this.base = base;
    this.hypercalls = hypercalls;
    data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.begin(base + size);
  }

  /** The instructions' emitter, for what isn't named here. */
  X64 out() {
    return out;
  }

  /** All of it. */
  byte[] bytes() {
    byte[] code = out.bytes();
    return ByteBuffer.allocate(data.capacity() + code.length).put(data.array()).put(code).array();
  }

  // ---- Data

  /** So many bytes of data, to be filled in by {@link #data}. Returns their address. */
  int reserve(int bytes) {
    int at = data.position() + ALIGNMENT - 1 & -ALIGNMENT;
    data.position(at + bytes);
    return base + at;
  }

  /** The data, to be filled in at {@link #offset}s. */
  ByteBuffer data() {
    return data;
  }

  /** Where in {@link #data} an address is. */
  int offset(int address) {
    return address - base;
  }

  /** Bytes that nobody changes, once only. Returns their address. */
  private int constant(byte[] bytes) {
    return constants.computeIfAbsent(ByteBuffer.wrap(bytes), none -> {
      int at = reserve(bytes.length);
      data.put(offset(at), bytes);
      return at;
    });
  }

  // ---- Instructions

  /** Instructions by their bytes in hexadecimal digits. */
  void raw(String bytes) {
    for (byte each : HexFormat.of().parseHex(bytes.replace(" ", ""))) {
      out.byteOf(each);
    }
  }

  /** A hypercall with constants; a third argument may be in RDX already. */
  void hypercall(int number, int first, int second) {
    out.constant(RDI, first);
    out.constant(RSI, second);
    out.byteOf(0xE8);
    out.intOf(hypercalls + number * CALL_BYTES - out.at() - 4);
  }

  /** A hypercall with three constants. */
  void hypercall(int number, int first, int second, int third) {
    out.constant(RDX, third);
    hypercall(number, first, second);
  }

  /** A line on the hypervisor's console. */
  void print(String line) {
    byte[] text = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    hypercall(CONSOLE_IO, 0, text.length, constant(text));
  }

  /** The end of it all. @param reason SHUTDOWN_* */
  void shutdown(int reason) {
    hypercall(SCHED_OP, SHUTDOWN, constant(new byte[] {(byte) reason, 0, 0, 0}));
  }

  /** Goes on only if the flags say so; else says what failed, and crashes. @param condition of X64 */
  void expect(int condition, String what) {
    int over = out.jumpShortIf(condition);
    print("XENOLITH-ERROR " + what);
    shutdown(CRASH);
    out.patchShort(over);
  }

  /** Goes on only if a hypercall was answered with 0. */
  void expectDone(String what) {
    out.test(true, RAX, RAX);
    expect(X64.E, what);
  }

  /** Has a word at an address in a register. */
  void load(int to, int address) {
    out.constant(RCX, address);
    out.load(false, to, RCX, 0);
  }

  /** Stores a word at an address. */
  void store(int from, int address) {
    out.constant(RCX, address);
    out.store(false, from, RCX, 0);
  }
}
