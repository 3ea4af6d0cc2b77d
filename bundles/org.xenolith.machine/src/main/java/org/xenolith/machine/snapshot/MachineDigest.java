// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.KeptState;

/**
 * The digest of a machine: SHA-256 over CPU state, RAM and the memory of windows (pages that were written, with their addresses), the records and alarms
 * of devices and their ports in node order, and virtual time. Versions, caches and host facts are not in it.
 */
public final class MachineDigest {
  /** Memory is looked at in pages of this size. */
  public static final int PAGE = 1 << Ram.PAGE_SHIFT;

  private MachineDigest() {}

  /** The digest in hexadecimal. */
  public static String of(Hardware hardware) {
    MessageDigest digest = sha256();
    hardware.cpus.forEach(cpu -> cpu.state().save().digest(digest));
    hardware.space.touched().forEach(chunk -> pages(chunk, (address, page) -> {
      number(digest, address);
      digest.update(page);
    }));
    models(hardware, digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void models(Hardware hardware, MessageDigest digest) {
    for (DeviceSlot slot : hardware.slots) {
      KeptState state = slot.capture();
      if (state != null) {
        text(digest, slot.instance());
        state.record().digest(digest);
        state.alarms().forEach(alarm -> {
          text(digest, alarm.name());
          number(digest, alarm.deadline());
        });
      }
      if (slot.role() == DeviceSlot.Role.NODE) {
        hardware.ports.states(slot.node().path(), (name, port) -> {
          if (!port.ofTheHost()) {
            text(digest, name);
            port.state().save().digest(digest);
          }
        });
      }
    }
    number(digest, hardware.clock.now());
  }

  /**
   * The same of a machine, but of memory as {@link #ofRam} has it: quickly made, and kept where nobody compares it with that.
   */
  public static String quick(Hardware hardware) {
    MessageDigest digest = sha256();
    hardware.cpus.forEach(cpu -> cpu.state().save().digest(digest));
    text(digest, sum(hardware.space.touched()));
    models(hardware, digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * What tells what RAM holds: CRC-32C of pages that were written, each behind its address; the memory of windows isn't in it. It finds what differs by chance, as the sum of a snapshot's RAM does; SHA-256 would
   * take longer than all else of a start.
   */
  public static String ofRam(Hardware hardware) {
    return sum(hardware.space.touched().stream().filter(chunk -> hardware.space.ram().covers(chunk.ram().base)).toList());
  }

  private static String sum(List<AddressSpace.Chunk> chunks) {
    CRC32C sum = new CRC32C();
    byte[] number = new byte[Long.BYTES];
    chunks.forEach(chunk -> pages(chunk, (address, page) -> {
      sum.update(ByteBuffer.wrap(number).putLong(0, address));
      sum.update(page);
    }));
    return "%08x".formatted(sum.getValue());
  }

  /** Takes a page of memory. */
  private interface PageTaker {
    void take(long address, byte[] page);
  }

  /** Shows the pages that were written. */
  private static void pages(AddressSpace.Chunk chunk, PageTaker taker) {
    byte[] page = new byte[PAGE];
    Ram ram = chunk.ram();
    for (int at = 0; at < ram.size; at += PAGE) {
      if (!chunk.blank(at)) {
        ram.read(at, page, 0, PAGE);
        taker.take(ram.base + at, page);
      }
    }
  }

  /** SHA-256 of bytes, in hexadecimal. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static void number(MessageDigest digest, long number) {
    digest.update(ByteBuffer.allocate(8).putLong(0, number));
  }
}
