// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is in memory for a run: the harness, its tables, the tests' pages, and the scenarios; as parts, and as an ELF file with a PVH note. */
final class X64ScenarioImage {
  /** Where the processor is entered, in 32-bit protected mode. */
  static final int ENTRY = 0x10_0000;
  /** Bytes of RAM that a machine needs. */
  static final int MEMORY = 64 << 20;
  private static final int PRISTINE = 0x28_0000;
  private static final int SAVED = 0x48_0000;
  private static final int RECORDS = 0x100_0000;
  private static final int HANDLERS = 0x10_1000;
  private static final int STACK = 0x31_0000;
  private static final int FAULT_STACK = 0x31_8000;
  /** What may come from level 3: breakpoints, INT, and those that scenarios have gates for. */
  private static final int OPEN = 0xEE;

  /** Bytes at an address. */
  record Part(int address, byte[] data) {}

  final List<Part> parts = new ArrayList<>();

  /**
   * An image.
   *
   * @param legacy  whether it is that of {@code legacy.s}, else that of {@code scenarios.s}
   * @param verbose whether each word of a result is printed
   * @param peer    whether it is QEMU's
   */
  X64ScenarioImage(boolean legacy, List<? extends X64ScenarioRecord> scenarios, boolean verbose, boolean peer) {
    parts.add(new Part(ENTRY, harness(legacy ? "legacy.bin" : "scenarios.bin")));
    parts.add(new Part(PRISTINE, legacy ? X64LegacyImage.tables() : tables()));
    ByteBuffer pages = buffer(0x4000);
    for (int i = 0; i < 0x1000; i++) {
      pages.put(i, (byte) 0xCC);
    }
    for (int i = 0x1000; i < 0x4000; i += 8) {
      // The beginnings and the upper halves, but for their ends, may be executed.
      boolean code = (i & 0xFFF) < 0x80 || (i & 0xFFF) >= 0x800 && (i & 0xFFF) < 0xF80;
      pages.putLong(i, code ? 0xCCCC_CCCC_CCCC_CCCCL : 0x0101_0101_0101_0101L * (i >> 3 & 0xFF) ^ (long) i << 32);
    }
    parts.add(new Part(SAVED, pages.array()));
    List<byte[]> all = scenarios.stream().map(each -> each.record(peer)).toList();
    ByteBuffer records = buffer(64 + all.stream().mapToInt(each -> each.length).sum());
    if (legacy) {
      records.putInt(scenarios.size()).putInt(verbose ? 1 : 0).position(64);
    } else {
      records.putLong(scenarios.size()).putLong(verbose ? 1 : 0).position(64);
    }
    all.forEach(records::put);
    parts.add(new Part(RECORDS, records.array()));
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] harness(String name) {
    try (InputStream in = X64ScenarioImage.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] tables() {
    int live = (int) X64Scenario.LIVE;
    ByteBuffer tables = buffer(0x8000);
    tables.putLong(0, live + 0x1000 | 7).putLong(0x1000, live + 0x2000 | 7).putLong(0x1008, live + 0x3000 | 7);
    for (int i = 0; i < 32; i++) {
      tables.putLong(0x2000 + 8 * i, (long) i << 21 | 0xE3);
    }
    tables.putLong(0x3000, live + 0x4000 | 7).putLong(0x3008, 0x80_0000 | 0x87);
    for (int i = 0; i < 8; i++) {
      tables.putLong(0x4000 + 8 * i, X64Scenario.PAGES + 0x1000 * (i < 4 ? i : 1 + i % 2) | 7);
    }
    tables.putLong(0x5008, 0x00AF_9B00_0000_FFFFL).putLong(0x5010, 0x00CF_9300_0000_FFFFL).putLong(0x5018, 0x00CF_9B00_0000_FFFFL).putLong(
        0x5020, 0x00CF_FB00_0000_FFFFL).putLong(0x5028, 0x00CF_F300_0000_FFFFL).putLong(0x5030, 0x00AF_FB00_0000_FFFFL);
    int task = live + 0x7000;
    tables.putLong(0x5040, 0x87L | (task & 0xFF_FFFFL) << 16 | 0x89L << 40 | (long) (task >>> 24) << 56);
    for (int vector = 0; vector < 256; vector++) {
      int handler = HANDLERS + 16 * vector;
      int access = vector == 3 || vector == 4 || vector >= 0x80 && vector < 0x90 ? OPEN : 0x8E;
      tables.putLong(0x6000 + 16 * vector, handler & 0xFFFF | 8L << 16 | (vector == 8 ? 1L : 0) << 32 | (long) access << 40
          | (long) (handler
              >>> 16) << 48);
    }
    tables.putLong(0x7004, STACK).putLong(0x7024, FAULT_STACK).putShort(0x7066, (short) 0x68);
    // Ports from 0xE0 on are open, but for some; behind them all is closed.
    for (int i = 0x7068; i < 0x7088; i++) {
      tables.put(i, (byte) (i == 0x7068 + 0x1C ? 0 : i == 0x7068 + 0x1D ? 0x0C : -1));
    }
    return tables.array();
  }

  /** The same as an ELF file, which says by a note where it is entered (Xen, public/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY). */
  byte[] elf() {
    int headers = 52 + 32 * (parts.size() + 1);
    int size = headers + 20 + parts.stream().mapToInt(part -> part.data.length).sum();
    ByteBuffer file = buffer(size);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) 3).putInt(1).putInt(ENTRY).putInt(52).putInt(0).putInt(0).putShort((short) 52).putShort(
        (short) 32)
        .putShort((short) (parts.size() + 1)).putShort((short) 40).putInt(0);
    int at = headers + 20;
    for (Part part : parts) {
      file.putInt(1).putInt(at).putInt(part.address).putInt(part.address).putInt(part.data.length).putInt(part.data.length).putInt(7)
          .putInt(1);
      at += part.data.length;
    }
    file.putInt(4).putInt(headers).putInt(0).putInt(0).putInt(20).putInt(20).putInt(4).putInt(4);
    file.putInt(4).putInt(4).putInt(18).put("Xen\0".getBytes(StandardCharsets.US_ASCII)).putInt(ENTRY);
    parts.forEach(part -> file.put(part.data));
    return file.array();
  }
}
