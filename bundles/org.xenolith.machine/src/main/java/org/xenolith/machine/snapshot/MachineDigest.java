// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    byte[] page = new byte[PAGE];
    for (AddressSpace.Chunk chunk : hardware.space.touched()) {
      Ram ram = chunk.ram();
      for (int at = 0; at < ram.size; at += PAGE) {
        if (!chunk.blank(at)) {
          number(digest, ram.base + at);
          ram.read(at, page, 0, PAGE);
          digest.update(page);
        }
      }
    }
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
    return HexFormat.of().formatHex(digest.digest());
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
